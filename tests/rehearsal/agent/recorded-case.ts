import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LifecycleEvent } from "../../../release/lifecycle";

/** What the real agent did in recorded cases; beside the repository, not part of it. */
export const casesFolder = join(import.meta.dirname, "../../../../shared/agent-cases");
export const casesAreHere = existsSync(casesFolder);

export interface Staging {
    readonly chmod?: Readonly<Record<string, string>>;
    readonly mkdir?: readonly string[];
    readonly write?: Readonly<Record<string, string>>;
    readonly archive?: { readonly format: string; readonly prefix?: string; readonly zipModes?: boolean; readonly truncate?: number };
}

export interface Preparation {
    readonly write?: string;
    readonly text?: string;
    readonly mode?: string;
    readonly mkdir?: string;
    readonly delete?: string;
    readonly deleteArchiveOfStep?: number;
}

export interface CaseStep {
    readonly revision: string;
    readonly freshHost?: boolean;
    readonly before?: readonly Preparation[];
    readonly source?: string;
    readonly version?: string;
    readonly etag?: string;
    readonly group?: string;
    readonly groupName?: string;
    readonly fileExistsBehavior?: string;
    readonly events?: "without-traffic" | readonly LifecycleEvent[];
    readonly ignoreStopFailures?: boolean;
    readonly agentEnv?: Readonly<Record<string, string>>;
    readonly settleSeconds?: number;
}

export type Seen = Readonly<Record<string, string>>;

export interface Failure {
    readonly event: string;
    readonly errorCode: number | string;
    readonly scriptName: string;
    readonly message: string;
    readonly wording?: string;
    readonly log: string;
}

export interface ObservedEvent {
    readonly event: string;
    readonly noop: boolean | null;
    readonly status: string;
    readonly seen: readonly Seen[];
    readonly failure?: Failure;
}

export interface InstalledObject {
    readonly path: string;
    readonly type: string;
    readonly mode: string;
    readonly owner: string;
    readonly sha256?: string;
    readonly mtime?: string;
}

/** One step as `oracle.json` tells it, and as the replay observes it. */
export interface Observation {
    readonly result: string;
    readonly failedEvent: string | null;
    readonly events: readonly ObservedEvent[];
    readonly late: readonly Seen[];
    readonly installed: readonly InstalledObject[];
    readonly scriptsLog: string | { readonly sha256: string } | null;
    readonly agent: {
        readonly deploymentsKept: readonly string[];
        readonly lastInstalled: string | null;
        readonly removedByNextInstall: readonly string[] | null;
    };
}

export interface RecordedCase {
    readonly name: string;
    readonly bundles?: Readonly<Record<string, Staging>>;
    readonly steps: readonly CaseStep[];
    readonly oracle: readonly Observation[];
}

export async function readCase(name: string): Promise<RecordedCase> {
    const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(join(casesFolder, name, file), "utf8"));
    const recorded = await read("case.json") as Omit<RecordedCase, "name" | "oracle">;
    const { steps: oracle } = await read("oracle.json") as { steps: readonly Observation[] };
    return { ...recorded, name, oracle };
}

export function sha256(content: Uint8Array): string {
    return createHash("sha256").update(content).digest("hex");
}
