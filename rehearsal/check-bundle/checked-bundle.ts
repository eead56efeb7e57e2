import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { HostRoot } from "../agent/host-root";
import { archiveOf, deploymentRoot } from "../agent/revisions";
import { AppspecLines } from "./appspec-lines";
import { takeApart, type AppspecParts } from "./appspec-parts";
import { planParts, type PlannedInstall } from "./planned-install";

/** The agent's folder of a bundle that is looked at, as a path of the host. */
export const archive = archiveOf(`${deploymentRoot}/check/d-1`);

export interface BundleFile {
    readonly type: "file" | "folder";
    readonly mode: number;
}

/** A hook's script, with the file behind it. */
export type CheckedScript = AppspecParts["scripts"][number] & {
    /** Line of the appspec. */
    readonly line: number;
    readonly mode: number | undefined;
    /** What stands in it; undefined when it is no file. */
    readonly text: string | undefined;
};

export interface CheckedAppspec {
    readonly text: string;
    readonly parts: AppspecParts;
    readonly lines: AppspecLines;
    readonly scripts: readonly CheckedScript[];
    readonly install: PlannedInstall;
}

/** Everything about a bundle that a rule may want to know. */
export interface CheckedBundle {
    /** By path. */
    readonly files: ReadonlyMap<string, BundleFile>;
    /** Symbolic links, by path. */
    readonly links: readonly string[];
    /** The folder in front of all paths that the agent leaves out. */
    readonly leadingFolder: string | undefined;
    /** Undefined: there is no appspec.yml at the root. */
    readonly appspec: CheckedAppspec | undefined;
    /** Whether a rehearsal on this machine could run scripts as somebody else. */
    readonly runByRoot: boolean;
}

/** Reads a bundle that lies in the agent's folder of a host. */
export async function readBundle(host: HostRoot, origin: Pick<CheckedBundle, "links" | "leadingFolder" | "runByRoot">): Promise<CheckedBundle> {
    const folder = host.locate(archive);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = new Map(await Promise.all(entries.map(async (entry): Promise<[string, BundleFile]> => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(folder.length + 1), { type: entry.isDirectory() ? "folder" : "file", mode: (await stat(path)).mode }];
    })));
    const appspec = files.get("appspec.yml")?.type === "file" ? await readAppspec(host, files) : undefined;
    return { ...origin, files, appspec };
}

async function readAppspec(host: HostRoot, files: ReadonlyMap<string, BundleFile>): Promise<CheckedAppspec> {
    const text = await readFile(join(host.locate(archive), "appspec.yml"), "utf8");
    const parts = takeApart(text);
    const lines = new AppspecLines(text);
    const scripts = await Promise.all(parts.scripts.map(async script => {
        const path = join(script.location);
        const file = files.get(path);
        const content = file?.type === "file" ? await readFile(join(host.locate(archive), path), "utf8") : undefined;
        return { ...script, line: lines.of(script.path), mode: file?.mode, text: content };
    }));
    return { text, parts, lines, scripts, install: await planParts(host, archive, parts) };
}
