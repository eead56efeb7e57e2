import type { Pace } from "../../release/blue-green/drive";
import type { Roll } from "../../release/blue-green/roll";
import { bakeLooks, bakeLookSeconds } from "../../release/blue-green/step";
import type { ColourSite } from "./colour-site";

/** Watches the colour that has just got requests, for as long as the roll wants it and no shorter than until all is well: its targets healthy, and no more 5xx than the stage's alarm allows. */
export async function watchBake(site: ColourSite, { to, bakeSeconds }: Roll, pace: Pace): Promise<void> {
    const { balancer, clock } = site;
    const before = await balancer.answered(to);
    const until = clock.now().getTime() + bakeSeconds * 1000;
    for (let illLooks = 0; ;) {
        illLooks = await looksIll(site, to, illLooks);
        const { requests, errors } = await balancer.answered(to);
        checkAnswers(site, to, requests - before.requests, errors - before.errors);
        const secondsLeft = (until - clock.now().getTime()) / 1000;
        if (secondsLeft <= 0 && illLooks === 0) return;
        await pace.rest(secondsLeft > 0 ? Math.min(bakeLookSeconds, secondsLeft) : bakeLookSeconds);
    }
}

/** @returns looks in a row, this one included, in which not all targets were healthy */
async function looksIll({ balancer, groups }: ColourSite, to: Roll["to"], before: number): Promise<number> {
    const { desired } = groups[to].size;
    // One that has just been launched says nothing yet.
    const unhealthy = [...(await balancer.targets[to].health()).values()].filter(state => state === "unhealthy").length;
    const looks = unhealthy > 0 ? before + 1 : 0;
    if (unhealthy > 0 && (2 * unhealthy >= desired || looks === bakeLooks)) {
        throw new Error(`${unhealthy} of ${desired} targets of ${to} are not healthy${looks > 1 ? `, ${looks} looks in a row` : ""}`);
    }
    return looks;
}

function checkAnswers({ errorAlarm: { percent, fewestRequests } }: ColourSite, to: Roll["to"], asked: number, failed: number): void {
    if (asked < fewestRequests || (100 * failed) / asked <= percent) return;
    throw new Error(`${to} answered ${failed} of ${asked} requests with 5xx, more than ${percent} percent`);
}
