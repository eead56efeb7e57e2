import type { Pace } from "../../release/blue-green/drive";
import type { Roll } from "../../release/blue-green/roll";
import type { ColourSite } from "./colour-site";

/** Seconds between two looks. */
const lookSeconds = 2;

/** Watches the colour that has just got requests, for as long as the roll wants it: all its targets healthy, and no more 5xx than the stage's alarm allows. */
export async function watchBake({ balancer, clock, groups, errorAlarm: { percent, fewestRequests } }: ColourSite, { to, bakeSeconds }: Roll, pace: Pace): Promise<void> {
    const before = await balancer.answered(to);
    const until = clock.now().getTime() + bakeSeconds * 1000;
    for (;;) {
        // One that has just been launched says nothing yet.
        const states = [...(await balancer.targets[to].health()).values()];
        const unhealthy = states.filter(state => state === "unhealthy").length;
        if (unhealthy > 0) throw new Error(`${unhealthy} of ${groups[to].size.desired} targets of ${to} are not healthy`);
        const { requests, errors } = await balancer.answered(to);
        const [asked, failed] = [requests - before.requests, errors - before.errors];
        if (asked >= fewestRequests && (100 * failed) / asked > percent) {
            throw new Error(`${to} answered ${failed} of ${asked} requests with 5xx, more than ${percent} percent`);
        }
        if (clock.now().getTime() >= until) return;
        await pace.rest(lookSeconds);
    }
}
