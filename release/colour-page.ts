import type { Colours, ColourStatus, RollStatus } from "./colour-status";
import { inSeconds } from "./time-text";

/** Both colours for a person, a line each. */
export function colourLines({ colours }: Colours): readonly string[] {
    const rows = colours.map(one => [one.colour, one.role === undefined ? "" : roleWords[one.role], release(one), percent(one), healthy(one)] as const);
    return rows.map(cells => cells.map((cell, column) => cell.padEnd(Math.max(...rows.map(row => (row[column] ?? "").length)))).join("  ").trimEnd())
        .map((line, n) => `${line}${end(colours[n])}`);
}

const roleWords = { serves: "serves", filling: "in a roll", warm: "warm", idle: "idle" } as const;

function release({ version, desired }: ColourStatus): string {
    return version === undefined ? (desired === 0 ? "nothing" : "release unknown") : `release ${version}`;
}

/** Who gets the requests, as a part of a sentence; undefined where that was not told. */
export function requestsText({ colours }: Colours): string | undefined {
    const shares = colours.flatMap(({ colour, weight }) => (weight === undefined || weight === 0 ? [] : [weight === 100 ? `all requests to ${colour}` : `${weight} % of the requests to ${colour}`]));
    if (colours.some(({ weight }) => weight === undefined)) return undefined;
    return `the load balancer sends ${shares.length === 0 ? "no requests to either colour" : shares.join(" and ")}`;
}

function percent({ weight }: ColourStatus): string {
    return (weight === undefined ? "unknown" : `${weight} %`).padStart(5);
}

function healthy({ healthy: count, desired }: ColourStatus): string {
    if (desired === undefined) return "instances unknown";
    if (desired === 0) return "no instances";
    return count === undefined ? `${desired} instances, their health is unknown` : `${count} of ${desired} healthy`;
}

function end(colour: ColourStatus | undefined): string {
    return colour?.endsAt === undefined ? "" : `, until ${inSeconds(colour.endsAt)}`;
}

/** A roll under way for a person: what it does, and who drives it. */
export function rollLine({ id, version, from, to, begunAt, step, driver, stopRequested }: RollStatus): string {
    const who = driver === undefined ? "it is unknown who drives it" : driver === null ? "nobody drives it" : `driven by ${driver}`;
    const wish = stopRequested === undefined ? "" : `, to be stopped: ${stopRequested}`;
    return `roll ${id} of release ${version} from ${from} to ${to}, since ${inSeconds(begunAt)}: ${step}; ${who}${wish}`;
}
