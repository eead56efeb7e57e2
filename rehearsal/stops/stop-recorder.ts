import { once } from "node:events";
import { createInterface } from "node:readline";
import { execa } from "execa";
import type { Release } from "../../release/bundle";
import type { Docker } from "../docker/docker";
import { now } from "../load/clock";
import { readContainerEvent } from "./container-event";
import { StopLog } from "./stop-log";
import type { StopSeen } from "./stop-seen";

/** Docker stopped telling what becomes of the containers, so nobody can say how they took their stop. */
export class StopRecorderError extends Error {
    override readonly name = "StopRecorderError";
}

export interface StopRecorderArgs {
    readonly docker: Docker;
    /** Name of the run. */
    readonly run: string;
    /** The releases that are told by their versions. */
    readonly releases: readonly Pick<Release, "image" | "version">[];
}

/** Writes down how the service's containers of a run take it when they are stopped. */
export class StopRecorder implements AsyncDisposable {
    readonly #log: StopLog;
    readonly #events;
    readonly #read: Promise<unknown>;
    #problem: string | undefined;
    #over = false;

    private constructor({ docker, run, releases }: StopRecorderArgs) {
        this.#log = new StopLog(run, releases);
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

    /** Begins with what happens from now on, to containers whose images carry the run's label: those of the service. */
    static start(args: StopRecorderArgs): StopRecorder {
        return new StopRecorder(args);
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
