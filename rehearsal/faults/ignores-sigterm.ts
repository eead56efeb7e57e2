import type { Fault } from "./fault";
import { serveInTurn, untilReplaced } from "./serve-in-turn";

/** Real seconds: a grace takes no less time in a rehearsal. */
const graceSeconds = 2;

export const ignoresSigterm: Fault = {
    name: "ignores-sigterm",
    onAws: "The old process does not end when it is told to. Docker kills it when its grace is over, with whatever it was answering.",
    promise: "by then it has nothing to answer, for it was drained before, and the release takes over",
    async happen({ stage, releases }) {
        let killed = 0;
        using _heard = stage.interception.add(async (_event, _host, run) => {
            const outcome = await run();
            if (outcome.logTail?.includes("was killed") === true) killed++;
            return outcome;
        });
        const versions = untilReplaced(stage, releases, await releases.ignoresStop(), await releases.impatient(graceSeconds));
        const outcome = await serveInTurn(stage, versions);
        return {
            happened: `${killed} containers had to be killed; ${outcome.happened}`,
            broken: [...outcome.broken, ...(killed > 0 ? [] : ["no container had to be killed, so nothing was tried"])],
        };
    },
};
