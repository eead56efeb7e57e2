import { once } from "node:events";
import { createInterface } from "node:readline";
import { execa } from "execa";
import type { Docker } from "../docker/docker";
import { now } from "../load/clock";
import { readContainerEvent } from "./container-event";
import { StopLog } from "./stop-log";
import type { StopSeen } from "./stop-seen";

/** Docker stopped telling what becomes of the containers, so nobody can say how they took their stop. */
export class StopRecorderError extends Error {
    override readonly name = "StopRecorderError";
}

/** Writes down how the service's containers of a run take it when they are stopped. */
export class StopRecorder implements AsyncDisposable {
    readonly #log: StopLog;
    readonly #events;
    readonly #read: Promise<unknown>;
    #problem: string | undefined;
    #over = false;

    private constructor(docker: Docker, run: string) {
        this.#log = new StopLog(run);
        const filters = ["type=container", "event=kill", "event=die", `label=gapless.run=${run}`];
        this.#events = execa("docker", [
            // From this moment on, though it takes the client another to get through to the daemon.
            "events", "--since", (now() / 1000).toFixed(3), ...filters.flatMap(filter => ["--filter", filter]), "--format", "{{json .}}",
        ], { env: docker.environment, stdin: "ignore", buffer: { stdout: false }, reject: false });
        const lines = createInterface({ input: this.#events.stdout });
        lines.on("line", line => {
            const event = readContainerEvent(line);
            if (event) this.#log.add(event);
        });
        this.#read = Promise.all([once(lines, "close"), this.#events]).then(([, { stderr, shortMessage }]) => {
            if (!this.#over) this.#problem = stderr || (shortMessage ?? "docker events ended");
        });
    }

    /**
     * Begins with what happens from now on, to containers whose images carry the run's label: those of the service.
     * @param run name of the run
     */
    static start(docker: Docker, run: string): StopRecorder {
        return new StopRecorder(docker, run);
    }

    /** The stops so far. @throws StopRecorderError when Docker has ended its telling */
    get seen(): readonly StopSeen[] {
        if (this.#problem !== undefined) throw new StopRecorderError(`Docker does not tell any more what becomes of containers: ${this.#problem}`);
        return this.#log.stops;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#over = true;
        this.#events.kill();
        await this.#read;
    }
}
