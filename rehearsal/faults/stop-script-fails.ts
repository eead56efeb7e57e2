import type { Fault } from "./fault";
import { serveInTurn, untilReplaced } from "./serve-in-turn";

export const stopScriptFails: Fault = {
    name: "stop-script-fails",
    onAws: "The release that serves cannot be stopped by its own script. ApplicationStop would run just that script, of the release that was installed last: "
        + "every later deployment fails, its rollback too, until somebody repairs each host by hand.",
    promise: "the next release stops it with its own script and takes over",
    async happen({ stage, releases }) {
        return serveInTurn(stage, untilReplaced(stage, releases, await releases.stopScriptFails()));
    },
};
