import { chmodSync } from "node:fs";
import { Host, type Run } from "../app-scripts/host";

/** What `./gapless publish` prints with --json. */
export const published = {
    version: "0123456789ab",
    image: `111122223333.dkr.ecr.eu-central-1.amazonaws.com/web@sha256:${"d".repeat(64)}`,
    objectVersion: "3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY",
    key: "releases/0123456789ab.zip",
};

/** An agent of a CI system that has checked out the project. Its `./gapless` is written down and does what the test says. */
export class Agent extends Host {
    constructor(gapless = "") {
        super();
        this.stub("node", `exec '${process.execPath}' "$@"`);
        this.gapless(gapless);
    }

    /** What `./gapless` does, as a bash text. */
    gapless(body: string): void {
        chmodSync(this.write("project/gapless", `#!/bin/bash\necho "gapless $*" >>"$HOST/calls"\n${body}\n`), 0o755);
    }

    /** Runs a text in the project's folder, by a shell such as a CI system takes. */
    shell(shell: readonly [string, ...string[]], text: string, env: Readonly<Record<string, string>> = {}): Run {
        this.write("step", text);
        return this.run(["/bin/sh", "-c", 'cd "$HOST/project" && exec "$@" "$HOST/step"', "step", ...shell], env);
    }
}

/** The commands of `./gapless` that a run has called, without its name. */
export function commandsOf({ calls }: Run): readonly string[] {
    return calls.flatMap(call => (call.startsWith("gapless ") ? [call.slice("gapless ".length)] : []));
}
