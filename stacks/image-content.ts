import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, posix } from "node:path";
import dockerignore from "@balena/dockerignore";

/** All that decides what an image holds, but for its base image. */
export interface ImageContent {
    /** Folder that Docker builds from. */
    readonly context: string;
    readonly dockerfile: string;
    readonly args: Readonly<Record<string, string>>;
    readonly platform: string;
}

/** A hash that is the same when, and only when, the content is: 20 hexadecimal digits. */
export function contentHash({ context, dockerfile, args, platform }: ImageContent): string {
    const hash = createHash("sha256");
    const add = (...parts: readonly (string | Uint8Array)[]) => {
        // Lengths before the parts, so that no two lists of parts make the same bytes.
        for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
    };
    add("platform", platform, "dockerfile", readFileSync(dockerfile));
    for (const name of Object.keys(args).sort()) add("arg", name, args[name] ?? "");
    for (const path of sentFiles(context, dockerfile)) add("file", path, ...fileParts(join(context, path)));
    return hash.digest("hex").slice(0, 20);
}

/** The files that Docker sends to its builder, sorted. */
function sentFiles(context: string, dockerfile: string): readonly string[] {
    const patterns = ignorePatterns(context, dockerfile);
    const ignore = dockerignore({ ignorecase: false }).add([...patterns]);
    // Only an exception can bring back what lies in an ignored folder.
    const skipsFolders = !patterns.some(pattern => pattern.trimStart().startsWith("!"));
    const files: string[] = [];
    const visit = (folder: string): void => {
        for (const entry of readdirSync(join(context, folder), { withFileTypes: true })) {
            const path = posix.join(folder, entry.name);
            const ignored = ignore.ignores(path);
            if (entry.isDirectory() && !(ignored && skipsFolders)) visit(path);
            if (!entry.isDirectory() && !ignored) files.push(path);
        }
    };
    visit("");
    return files.sort();
}

/** A Dockerfile's own ignore file comes before the folder's: https://docs.docker.com/build/concepts/context/#filename-and-location */
function ignorePatterns(context: string, dockerfile: string): readonly string[] {
    const file = [`${dockerfile}.dockerignore`, join(context, ".dockerignore")].find(existsSync);
    return file ? readFileSync(file, "utf8").split(/\r?\n/) : [];
}

function fileParts(path: string): readonly (string | Uint8Array)[] {
    const stats = lstatSync(path);
    if (stats.isSymbolicLink()) return ["link", readlinkSync(path)];
    // Of the mode only what git keeps: the rest depends on the umask of whoever cloned.
    return [stats.mode & 0o100 ? "executable" : "plain", readFileSync(path)];
}
