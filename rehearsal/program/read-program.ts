import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { ProgramError } from "./program-error";
import { type ProgramFacts, readFacts, type RecordedProgram } from "./program-facts";
import type { Overrides } from "./stack-config";

/** Runs the program of this project for a stage, against an engine that makes nothing, and tells what it describes. */
export async function readProgram(stage: string, signal?: AbortSignal, overrides: Overrides = {}): Promise<ProgramFacts> {
    return readFacts(stage, await recordProgram(stage, signal, overrides));
}

/** What the program registers for a stage, with some of its settings otherwise. */
export async function recordProgram(stage: string, signal?: AbortSignal, overrides: Overrides = {}): Promise<RecordedProgram> {
    const args = ["--import", "tsx/esm", join(import.meta.dirname, "record.ts"), stage, JSON.stringify(overrides)];
    const child = await execa(process.execPath, args, {
        cwd: join(import.meta.dirname, "../.."),
        reject: false,
        ...(signal && { cancelSignal: signal }),
    });
    signal?.throwIfAborted();
    if (child.failed) throw new ProgramError(child.stderr || (child.shortMessage ?? ""), child.exitCode === 2 ? 2 : 1);
    return recordedProgram.parse(JSON.parse(child.stdout));
}

const values = z.record(z.string(), z.unknown());

const recordedProgram = z.object({
    config: z.record(z.string(), z.string()),
    registrations: z.array(z.object({ type: z.string(), name: z.string(), inputs: values, outputs: values })),
    outputs: values,
});
