// The load generator's own process: what the rehearsal does meanwhile cannot delay its requests.
import { generate } from "./generate";
import type { FromLoad, ToLoad } from "./messages";
import type { RequestRecord } from "./request-record";

const batchMs = 100;
const stop = new AbortController();
let batch: RequestRecord[] = [];

function tell(message: FromLoad, told: () => void = () => undefined): void {
    process.send?.(message, undefined, undefined, told);
}

function flush(): void {
    if (batch.length > 0) {
        tell({ type: "records", records: batch });
        batch = [];
    }
}

async function run({ plan }: Extract<ToLoad, { type: "start" }>): Promise<void> {
    const flushing = setInterval(flush, batchMs);
    tell({ type: "started" });
    await generate(plan, record => batch.push(record), stop.signal);
    clearInterval(flushing);
    flush();
    // Closing the channel drops what is still queued on it; this message is the last of the queue.
    tell({ type: "ended" }, () => {
        process.disconnect();
    });
}

process.on("message", (message: ToLoad) => {
    if (message.type === "start") {
        void run(message);
    } else {
        stop.abort();
    }
});
// Ctrl-C reaches every process of the terminal; the rehearsal, not the signal, says when the load ends.
process.on("SIGINT", () => undefined);
// The channel closes with the parent, however that died: no load without somebody to measure it.
process.on("disconnect", () => process.exit());
