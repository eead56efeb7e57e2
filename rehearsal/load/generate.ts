import * as http from "node:http";
import { setImmediate, setTimeout } from "node:timers/promises";
import { now } from "./clock";
import { lastRequest, type LoadPlan } from "./load-plan";
import type { RequestRecord } from "./request-record";
import { send } from "./send";
import { traffic } from "./traffic";

/**
 * Sends the load of a plan until its last request or until `stop` is aborted, then waits for the open requests.
 * Open-loop: request k is due at start + k / rate, whatever became of those before, and is never repeated.
 */
export async function generate(plan: LoadPlan, tell: (record: RequestRecord) => void, stop: AbortSignal): Promise<void> {
    // A bound on sockets would make requests wait for one another, and hide just the stall that is to be measured.
    const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
    const open = new Set<Promise<void>>();
    const turns = traffic(plan);
    const startMs = now();

    for (let sent = 0; sent < lastRequest(plan); sent++) {
        const dueMs = startMs + (sent * 1000) / plan.ratePerSecond;
        await reached(dueMs, stop);
        if (stop.aborted) {
            break;
        }
        const request = send(turns.next().value, dueMs, plan.timeoutMs, agent).then(record => {
            tell(record);
            open.delete(request);
        });
        open.add(request);
    }

    await Promise.all(open);
    agent.destroy();
}

async function reached(dueMs: number, stop: AbortSignal): Promise<void> {
    // Even when late, the event loop gets its turn: else answers would be read only after catching up.
    await setImmediate();
    for (let waitMs = dueMs - now(); waitMs > 0 && !stop.aborted; waitMs = dueMs - now()) {
        // Rejects only when aborted, which the caller looks at.
        await setTimeout(waitMs, undefined, { signal: stop }).catch(() => undefined);
    }
}
