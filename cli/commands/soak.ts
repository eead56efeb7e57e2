import { execa } from "execa";
import { exitCodes, type ExitCode } from "../exit-code";
import { judgeSoakRun, renderSoak, type SoakLine, type SoakPiece, soakPieces } from "../soak";

/** Rehearses for about half an hour on one machine, each time as a person would, and tells at the end what came of it. */
export async function soakCommand(signal: AbortSignal): Promise<ExitCode> {
    const lines: SoakLine[] = [];
    for (const piece of soakPieces) {
        for (let seed = 1; seed <= piece.times; seed++) {
            process.stdout.write(`--- ${piece.name}, seed ${seed}\n`);
            lines.push(await rehearse(piece, seed, signal));
        }
    }
    process.stdout.write(`${renderSoak(lines)}\n`);
    return lines.every(({ good }) => good) ? exitCodes.done : exitCodes.failed;
}

async function rehearse(piece: SoakPiece, seed: number, signal: AbortSignal): Promise<SoakLine> {
    const beganMs = performance.now();
    const { exitCode, stdout } = await execa("./gapless", ["rehearse", ...piece.words, "--seed", String(seed), "--json"], {
        // Not at once: a rehearsal cleans up after itself.
        reject: false, stderr: "inherit", cancelSignal: signal, forceKillAfterDelay: 60_000,
    });
    signal.throwIfAborted();
    return judgeSoakRun(piece, seed, { code: exitCode, printed: stdout, seconds: (performance.now() - beganMs) / 1000 });
}
