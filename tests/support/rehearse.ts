import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { reportSchema } from "../../rehearsal/report/report-schema";
import type { Report } from "../../rehearsal/report/report";

const root = join(import.meta.dirname, "..", "..");

export interface RehearseResult {
    readonly code: number | undefined;
    readonly report: Report;
    readonly stderr: string;
    /** What the rehearsal left on the machine. */
    readonly left: readonly string[];
}

/** Runs `./gapless rehearse` as a person does and reads its report. */
export async function rehearse(...words: string[]): Promise<RehearseResult> {
    const { exitCode, stdout, stderr } = await startRehearsal("--json", ...words);
    if (!stdout.startsWith("{")) throw new Error(`No report; exit code ${exitCode}:\n${stderr}`);
    const file = await readFile(join(root, ".gapless", "rehearsal", "report.json"), "utf8");
    if (file.trim() !== stdout.trim()) throw new Error("report.json differs from what --json printed");
    return { code: exitCode, report: reportSchema.parse(JSON.parse(stdout)), stderr, left: await leftBehind() };
}

/** Starts `./gapless rehearse`. */
export function startRehearsal(...words: string[]) {
    return startRehearsalIn(root, ...words);
}

/** Starts `./gapless rehearse` of a copy of this project. */
export function startRehearsalIn(folder: string, ...words: string[]) {
    return execa("./gapless", ["rehearse", ...words], { cwd: folder, reject: false });
}

/** Processes, containers, networks and folders that carry a run's name; none after a rehearsal, however it ended. */
export async function leftBehind(): Promise<readonly string[]> {
    const find = String.raw`
        grep -E 'gapless-[0-9a-f]{6}' /proc/mounts || true
        ps -eo pid,args | grep -E '[g]apless-[0-9a-f]{6}' || true
        ls -d "${"${TMPDIR:-/tmp}"}"/gapless-[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]-* 2>/dev/null || true
        if docker version >/dev/null 2>&1; then
            docker ps --all --filter name=gapless- --format 'container {{.Names}}'
            docker network ls --filter name=gapless- --format 'network {{.Name}}'
            docker image ls --filter label=gapless.run --format 'image {{.ID}}'
        fi`;
    const { stdout } = await execa("sh", ["-c", find]);
    return stdout.split("\n").filter(Boolean);
}
