import pc from "picocolors";
import { exitCodes, type ExitCode } from "../exit-code";
import type { CheckResult } from "./check";

/** What a doctor says to a machine. */
export interface DoctorReport {
    readonly stack: string;
    /** Whether nothing fails; there may be warnings. */
    readonly healthy: boolean;
    readonly checks: readonly CheckResult[];
}

export function reportOf(stack: string, checks: readonly CheckResult[]): DoctorReport {
    return { stack, healthy: checks.every(({ verdict }) => verdict !== "fail"), checks };
}

/** Warnings may be lived with. */
export function exitCodeOfReport({ healthy }: DoctorReport): ExitCode {
    return healthy ? exitCodes.done : exitCodes.failed;
}

/** A line a check, and below what is not well, how to mend it. */
export function renderReport({ stack, checks }: DoctorReport, colours: boolean): string {
    const { green, yellow, red, dim } = pc.createColors(colours);
    const paint = { ok: green, warn: yellow, fail: red, skipped: dim };
    const nameWidth = Math.max(...checks.map(({ name }) => name.length));
    const indent = " ".repeat(widest + nameWidth + 4);
    const lines = checks.map(check => {
        const text = check.text.trim().replaceAll("\n", `\n${indent}`);
        const line = `${paint[check.verdict](check.verdict.padEnd(widest))}  ${check.name.padEnd(nameWidth)}  ${text}`;
        return "fix" in check ? `${line}\n${indent}fix: ${check.fix}` : line;
    });
    return [...lines, "", summaryOf(stack, checks)].join("\n");
}

const widest = "skipped".length;

function summaryOf(stack: string, checks: readonly CheckResult[]): string {
    const [failed, warned] = (["fail", "warn"] as const).map(wanted => checks.filter(({ verdict }) => verdict === wanted).length);
    if (failed) return `${stack}: ${failed} of ${checks.length} checks failed.`;
    return warned ? `${stack}: nothing fails, ${warned} of ${checks.length} checks warn.` : `${stack}: all is well.`;
}
