import { once } from "node:events";
import { createServer } from "node:net";

/** The port that a person asked for is taken. */
export class BusyPortError extends Error {
    override readonly name = "BusyPortError";
}

/** Throws when a port of the loopback address is taken; 0 stands for any free one. */
export async function checkPortIsFree(port: number): Promise<void> {
    const server = createServer();
    try {
        await once(server.listen(port, "127.0.0.1"), "listening");
    } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new BusyPortError(`The balancer cannot have port ${port} (${reason}). Name another with --port, or none.`, { cause });
    } finally {
        server.close();
    }
}
