import type { RehearsalOptions } from "../options";

type Words = readonly string[];

/** How each option is asked for; what goes without saying is not said, nor what decides nothing that a client sees. */
const wordsOf: { readonly [Option in keyof RehearsalOptions]-?: (value: NonNullable<RehearsalOptions[Option]>) => Words } = {
    stage: stage => [stage],
    strategy: strategy => ["--strategy", strategy],
    image: image => ["--image", image],
    settings: settings => Object.entries(settings).flatMap(([name, value]) => ["--set", `${name}=${value}`]),
    shiftPercents: percents => ["--shift", percents.join(",")],
    bakeSeconds: seconds => ["--bake", `${seconds}s`],
    ratePerSecond: rate => (rate === 200 ? [] : ["--rate", String(rate)]),
    instances: count => ["--instances", String(count)],
    timeScale: scale => (scale === 1 ? ["--real-time"] : []),
    draining: draining => (draining ? [] : ["--without-draining"]),
    release: kind => (kind === "good" ? [] : ["--release", kind]),
    budget: requests => (requests === 0 ? [] : ["--budget", String(requests)]),
    seed: seed => ["--seed", String(seed)],
    keep: () => [],
    port: () => [],
};

/** The command line that repeats a rehearsal. */
export function reproduceCommand(options: RehearsalOptions): string {
    const words = Object.entries(wordsOf).flatMap(([option, say]) => {
        const value = options[option as keyof RehearsalOptions];
        return value === undefined ? [] : (say as (value: unknown) => Words)(value);
    });
    return ["./gapless", "rehearse", ...words].map(quoted).join(" ");
}

/** A word as a shell takes it for itself. */
function quoted(word: string): string {
    return /^[\w.,:=@%/+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
