import { cpus } from "node:os";
import { execa } from "execa";
import { exitCodes, type ExitCode } from "../exit-code";
import { faultLines, judgeSoakRun, partOf, renderSoak, type SoakLine, soakOrder, type SoakPiece, soakPieces, type SoakRun } from "../soak";
import type { SoakPart } from "../soak-parts";
import { judgeSpeed, speedOf, speedPieces } from "../soak-speed";
import { killSignal, soakTests } from "./test";

/** Rehearses for about an hour on one machine, each time as a person would, and tells at the end what came of it. */
export async function soakCommand(parts: readonly SoakPart[], signal: AbortSignal): Promise<ExitCode> {
    const lines: SoakLine[] = [];
    for (const part of parts) lines.push(...await doings[part](signal));
    process.stdout.write(`${renderSoak(lines)}\n`);
    return lines.every(({ good }) => good) ? exitCodes.done : exitCodes.failed;
}

const doings: Readonly<Record<SoakPart, (signal: AbortSignal) => Promise<readonly SoakLine[]>>> = {
    tests: async signal => [await runTests(signal)],
    rollouts: async signal => (await rehearseAll(soakPieces.filter(piece => partOf(piece) === "rollouts"), signal)).lines,
    faults: async signal => (await rehearseAll(soakPieces.filter(piece => partOf(piece) === "faults"), signal)).lines,
    pace: async signal => {
        const { lines, runs } = await rehearseAll(speedPieces, signal);
        return [...lines, ...judgeSpeed(runs.flatMap(run => speedOf(run) ?? []))];
    },
};

/** Rehearsals that are held to more than their own verdict. */
async function runTests(signal: AbortSignal): Promise<SoakLine> {
    process.stdout.write("--- tests of the long series\n");
    const beganMs = performance.now();
    const { exitCode } = await execa("mocha", [soakTests, "--timeout", "300000"], { preferLocal: true, stdio: "inherit", reject: false, cancelSignal: signal, killSignal });
    signal.throwIfAborted();
    const good = exitCode === 0;
    return { name: "tests of the long series", told: good ? "all passed" : `exit code ${exitCode ?? "none"}`, good, seconds: (performance.now() - beganMs) / 1000 };
}

async function rehearseAll(pieces: readonly SoakPiece[], signal: AbortSignal): Promise<{ readonly lines: readonly SoakLine[]; readonly runs: readonly SoakRun[] }> {
    const lines: SoakLine[] = [];
    const runs: SoakRun[] = [];
    for (const [piece, seed] of soakOrder(pieces)) {
        process.stdout.write(`--- ${piece.name}, seed ${seed}\n`);
        const run = await rehearse(piece, seed, signal);
        runs.push(run);
        lines.push(judgeSoakRun(piece, seed, run), ...faultLines(run));
    }
    return { lines, runs };
}

async function rehearse(piece: SoakPiece, seed: number, signal: AbortSignal): Promise<SoakRun> {
    const [beganMs, busyMs] = [performance.now(), processorMs()];
    const { exitCode, stdout } = await execa("./gapless", ["rehearse", ...piece.words, "--seed", String(seed), "--json"], {
        // Not at once: a rehearsal cleans up after itself.
        reject: false, stderr: "inherit", cancelSignal: signal, forceKillAfterDelay: 60_000,
    });
    signal.throwIfAborted();
    return { code: exitCode, printed: stdout, seconds: (performance.now() - beganMs) / 1000, processorSeconds: (processorMs() - busyMs) / 1000 };
}

/** Milliseconds that all processors of this machine have been busy since it started. */
function processorMs(): number {
    return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
}
