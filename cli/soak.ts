import Table from "cli-table3";
import pc from "picocolors";
import { z } from "zod";
import { exitCodes, type ExitCode } from "./exit-code";
import type { SoakPart } from "./soak-parts";

/** One rehearsal of a long series, and how it must end. */
export interface SoakPiece {
    readonly name: string;
    /** What `./gapless rehearse` is asked for. */
    readonly words: readonly string[];
    /** The exit code that keeps our promise; a negative control keeps it by failing. */
    readonly wanted: ExitCode;
    /** Times that it is rehearsed, each with another seed. */
    readonly times: number;
}

/** The long series. Whatever a rehearsal learns to do gets a line here. */
export const soakPieces: readonly SoakPiece[] = [
    { name: "rolling", words: ["--strategy", "rolling"], wanted: exitCodes.done, times: 20 },
    { name: "rolling, never healthy", words: ["--strategy", "rolling", "--release", "broken"], wanted: exitCodes.rolledBack, times: 1 },
    { name: "rolling, answers 500", words: ["--strategy", "rolling", "--release", "failing"], wanted: exitCodes.rolledBack, times: 1 },
    { name: "rolling without draining (must lose)", words: ["--strategy", "rolling", "--without-draining"], wanted: exitCodes.failed, times: 1 },
    { name: "rolling, all faults", words: ["--strategy", "rolling", "--faults", "all"], wanted: exitCodes.done, times: 1 },
    {
        name: "rolling, drained for less long than strays come (must lose)", wanted: exitCodes.failed, times: 1,
        words: ["--strategy", "rolling", "--fault", "stray-requests", "--set", "drainSeconds=10", "--set", "longestRequestSeconds=5", "--set", "slowPath="],
    },
    { name: "blue/green and flips", words: ["--strategy", "blueGreen", "--shift", "100", "--bake", "10s"], wanted: exitCodes.done, times: 3 },
    { name: "blue/green, gradual", words: ["--strategy", "blueGreen", "--shift", "10,50,100", "--bake", "20s"], wanted: exitCodes.done, times: 3 },
    { name: "blue/green, never healthy", words: ["--strategy", "blueGreen", "--release", "broken"], wanted: exitCodes.rolledBack, times: 1 },
    { name: "blue/green, answers 500", words: ["--strategy", "blueGreen", "--release", "failing"], wanted: exitCodes.rolledBack, times: 1 },
    { name: "blue/green without draining (must lose)", words: ["--strategy", "blueGreen", "--without-draining"], wanted: exitCodes.failed, times: 1 },
    { name: "blue/green, all faults", words: ["--strategy", "blueGreen", "--faults", "all"], wanted: exitCodes.done, times: 1 },
];

/** The part that a piece belongs to. */
export function partOf({ words }: Pick<SoakPiece, "words">): SoakPart {
    return words.some(word => word.startsWith("--fault")) ? "faults" : "rollouts";
}

/** The rehearsals of some pieces: the first of each, then the second of those that have one, so that what is compared happens at nearly one time. */
export function soakOrder(pieces: readonly SoakPiece[]): readonly (readonly [piece: SoakPiece, seed: number])[] {
    const rounds = Math.max(0, ...pieces.map(({ times }) => times));
    return Array.from({ length: rounds }, (_, round) => pieces.filter(({ times }) => times > round).map(piece => [piece, round + 1] as const)).flat();
}

/** What a rehearsal has come to: its exit code, and what it printed with `--json`. */
export interface SoakRun {
    readonly code: number | undefined;
    readonly printed: string;
    readonly seconds: number;
    /** Seconds that this machine's processors were busy meanwhile, with whatever it was: a rehearsal's containers are no children of it. */
    readonly processorSeconds: number;
}

/** A line of the table at the end: of one rehearsal, or of what several show together. */
export interface SoakLine extends Partial<Pick<SoakRun, "seconds" | "processorSeconds">> {
    readonly name: string;
    readonly seed?: number;
    readonly told: string;
    readonly good: boolean;
}

const requests = z.object({ total: z.number(), failed: z.number() });
const printedReport = z.object({ reason: z.string(), requests });
const printedFault = z.object({
    fault: z.string(), happened: z.string(), kept: z.boolean(), broken: z.array(z.string()), seconds: z.number(),
    requests: requests.extend({ mayFail: z.number() }),
});
const printedFaults = z.object({ faults: z.array(printedFault).min(1), unfinished: z.array(z.string()).default([]), problems: z.array(z.string()).default([]) });

/** Judges one rehearsal. One that printed no report has proved nothing, whatever its exit code; so has a negative control that failed without losing a request. */
export function judgeSoakRun({ name, wanted }: SoakPiece, seed: number, { code, printed, seconds, processorSeconds }: SoakRun): SoakLine {
    const told = tell(printed);
    const lost = lostOf(printed);
    const good = code === wanted && told !== undefined && (wanted !== exitCodes.failed || lost > 0);
    const unwanted = code === wanted ? "" : `exit code ${code ?? "none"} instead of ${wanted}: `;
    return { name, seed, seconds, processorSeconds, told: unwanted + (told ?? "it printed no report"), good };
}

function lostOf(printed: string): number {
    const value = parse(printed);
    const faults = printedFaults.safeParse(value).data?.faults ?? [];
    return printedReport.safeParse(value).data?.requests.failed ?? faults.reduce((sum, { requests: { failed } }) => sum + failed, 0);
}

/** A line for each fault of a rehearsal; none for a rehearsal without faults. */
export function faultLines({ printed }: Pick<SoakRun, "printed">): readonly SoakLine[] {
    const faults = printedFaults.safeParse(parse(printed)).data?.faults ?? [];
    return faults.map(({ fault, happened, kept, seconds, requests: { total, failed, mayFail } }) => ({
        name: `- ${fault}`, seconds, good: kept,
        told: `${happened}: ${failed} of ${total} requests failed${mayFail > 0 ? `, and ${mayFail} may` : ""}`,
    }));
}

function tell(printed: string): string | undefined {
    const value = parse(printed);
    const report = printedReport.safeParse(value).data;
    if (report) return report.requests.total > 0 ? report.reason : undefined;
    const found = printedFaults.safeParse(value).data;
    return found && tellFaults(found);
}

function tellFaults({ faults, unfinished, problems }: z.infer<typeof printedFaults>): string {
    const broken = faults.filter(({ kept }) => !kept);
    return [
        `${faults.length - broken.length} of ${faults.length} promises were kept`, ...broken.map(each => `${each.fault}: ${each.broken.join("; ")}`), ...problems,
        ...(unfinished.length > 0 ? [`not brought to an end: ${unfinished.join(", ")}`] : []),
    ].join(". ");
}

function parse(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

/** The series for a terminal. */
export function renderSoak(lines: readonly SoakLine[]): string {
    // Its own colours ignore NO_COLOR; picocolors does not.
    const table = new Table({
        head: ["rehearsal", "seed", "seconds", "of processors", "it told", "as wanted"], colWidths: [30, null, null, null, 70, null], wordWrap: true, style: { head: [], border: [] },
    });
    for (const { name, seed = "", seconds, processorSeconds, told, good } of lines) {
        table.push([name, seed, seconds?.toFixed(0) ?? "", processorSeconds?.toFixed(0) ?? "", told, good ? pc.green("yes") : pc.red("NO")]);
    }
    const bad = lines.filter(({ good }) => !good).length;
    return `${table.toString()}\n${lines.length - bad} as wanted, ${bad} not`;
}
