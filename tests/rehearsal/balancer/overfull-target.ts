import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import type { Address } from "../../../rehearsal/docker/service";

const listens = "const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port))";

/** An address that neither takes nor refuses a connection: a process that has stopped and whose queue is full. */
export async function openOverfullTarget(): Promise<Address & AsyncDisposable> {
    const process_ = spawn(process.execPath, ["-e", listens], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(process_.stdout, "data")) as [Buffer];
    const address = { host: "127.0.0.1", port: Number(line.toString()) };
    process_.kill("SIGSTOP");
    const queued = Array.from({ length: 3 }, () => connect(address.port, address.host).on("error", () => undefined));
    return {
        ...address,
        async [Symbol.asyncDispose]() {
            for (const socket of queued) socket.destroy();
            const ended = once(process_, "exit");
            process_.kill("SIGKILL");
            await ended;
        },
    };
}
