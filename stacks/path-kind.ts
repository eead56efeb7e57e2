import { lstatSync, statSync } from "node:fs";

/** What is at a path; undefined for nothing, and for what is neither. */
export type PathKind = (path: string) => "folder" | "file" | undefined;

/** Looks on the disk. A link to a folder is none: what lies behind it would not be sent to Docker's builder. */
export const kindOnDisk: PathKind = path => {
    try {
        if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return "folder";
        return statSync(path, { throwIfNoEntry: false })?.isFile() ? "file" : undefined;
    } catch {
        // A link to itself, or a folder that may not be looked into: nothing that could be built from.
        return undefined;
    }
};
