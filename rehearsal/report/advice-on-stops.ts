import { endedWith, type Manner, type Stop, wasOpenAt } from "../stops/describe-stops";
import { became, type Cause, counted, type Losses } from "./cause";
import { wasCut } from "./lost-request";

const howToEnd = "Handle SIGTERM: stop accepting, finish the open requests, then exit. "
    + "Write CMD as a list, [\"program\", \"argument\"]: as a line it starts a shell, which gets the signal in your process's place.";

/** A process that takes no notice of SIGTERM makes every stop as long as can be, and what it still served is cut. */
export function ignoresStop({ stops, settings: { stopGraceSeconds } }: Losses): Cause {
    const killed = of("killed", stops);
    return {
        explains: lost => wasCut(lost) && killed.some(stop => endedWith(stop, lost)),
        tell: requests => killed.length === 0 ? undefined : {
            requests,
            what: `Your process did not end on SIGTERM: ${killed.length} of ${counted(stops.length, "stop")} took ${longest(killed)} and ended with SIGKILL; `
                + `${requests === 0 ? "no request was cut, but each such stop holds up the rollout" : became(requests, "cut")}.`,
            fix: `${howToEnd} If it does, a request takes longer than stopGraceSeconds (${stopGraceSeconds} s): make that larger.`,
        },
    };
}

/** A process that drops what it has on SIGTERM loses it, unless nothing is open by then. */
export function exitsAtOnce({ stops }: Losses): Cause {
    const dropped = of("atOnce", stops);
    return {
        explains: lost => wasCut(lost) && dropped.some(stop => wasOpenAt(stop, lost)),
        tell: requests => {
            if (dropped.length === 0) return undefined;
            const how = `(${counted(dropped.length, "stop")}, within ${longest(dropped)}, exit code ${[...new Set(dropped.map(({ exitCode }) => exitCode))].join(", ")})`;
            return requests > 0
                ? { requests, what: `Your process exits at once on SIGTERM ${how}: ${became(requests, "cut")}.`, fix: howToEnd }
                : {
                    requests,
                    what: `Your process ended by SIGTERM itself ${how}; no request was cut, since none was open.`,
                    fix: `See with --without-draining what it drops when some are. If it loses any by this: ${howToEnd}`,
                };
        },
    };
}

function of(manner: Manner, stops: readonly Stop[]): readonly Stop[] {
    return stops.filter(stop => stop.manner === manner);
}

function longest(stops: readonly Stop[]): string {
    const most = Math.max(...stops.map(({ seconds }) => seconds));
    return most < 1 ? `${Math.round(most * 1000)} ms` : `${most.toFixed(1)} s`;
}
