import type { Fault } from "./fault";
import { serveInTurn } from "./serve-in-turn";

export const slowBoot: Fault = {
    name: "slow-boot",
    onAws: "The service listens long after its container has started. An instance that is registered by then is unhealthy, and when all are, "
        + "the load balancer sends requests to them nevertheless.",
    promise: "it gets no request until it answers, and the release takes over",
    async happen({ stage, releases }) {
        const slow = await releases.slowBoot();
        return serveInTurn(stage, [slow, releases.otherThan(slow)]);
    },
};
