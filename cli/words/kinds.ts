import { InvalidArgumentError } from "commander";

/** Whatever they are called: that there is such a file is seen when it is read. */
export const whichStack = "name of a stack that has a file Pulumi.<stack>.yaml";

export function digestReference(word: string): string {
    if (!/@sha256:[0-9a-f]{64}$/.test(word)) {
        throw new InvalidArgumentError("It must be repository@sha256:<64 hex>: a tag may lead to another image tomorrow.");
    }
    return word;
}

export function releaseVersion(word: string): string {
    if (!/^[0-9a-f]{12}$/.test(word)) throw new InvalidArgumentError("It must be a release's version: 12 hex digits, as ./gapless history STACK shows them.");
    return word;
}

/** A number of the journal, or a release's version. */
export function earlierRelease(word: string): number | string {
    if (/^[1-9]\d{0,8}$/.test(word)) return Number(word);
    if (/^[0-9a-f]{12}$/.test(word)) return word;
    throw new InvalidArgumentError("It must be a number from 1, or a version, as ./gapless history STACK shows them.");
}

/** Seconds of a time such as 90s, 10m, 2h or 1d. */
export function duration(word: string): number {
    const [, digits = "", unit = ""] = /^([1-9]\d{0,5})([smhd])$/.exec(word) ?? [];
    const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }[unit];
    if (seconds === undefined) throw new InvalidArgumentError("It must be a time such as 90s, 10m, 2h or 1d.");
    return Number(digits) * seconds;
}

/** Percents such as 10,50,100. Whether they lead to 100 is the rollout's rule, and looked at where it is known. */
export function percents(word: string): readonly number[] {
    if (!/^\d{1,3}(,\d{1,3})*$/.test(word)) throw new InvalidArgumentError("It must be percents such as 10,50,100.");
    return word.split(",").map(Number);
}

/** Seconds of a time such as 0s, 90s or 10m, at most an hour. */
export function pause(word: string): number {
    const seconds = word === "0s" ? 0 : duration(word);
    if (seconds > 3600) throw new InvalidArgumentError("It must be a time of at most 1h.");
    return seconds;
}

export function oneOf(words: readonly string[]): (word: string) => string {
    return word => {
        if (!words.includes(word)) throw new InvalidArgumentError(`It must be one of ${words.join(", ")}.`);
        return word;
    };
}

export function wholeNumber(from: number, to: number): (word: string) => number {
    return word => {
        const value = Number(word);
        if (!Number.isInteger(value) || value < from || value > to) {
            throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
        }
        return value;
    };
}

/** Settings by name, of a word such as containerPort=3000 and those before it. Whether there is such a setting, and what it takes, is the program's to say. */
export function setting(word: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
    const [, name, value = ""] = /^(?:gapless:)?([A-Za-z]+)=(.*)$/s.exec(word) ?? [];
    if (name === undefined) throw new InvalidArgumentError("It must be a setting and its value, such as containerPort=3000 (docs/settings.md).");
    return { ...before, [name]: value };
}
