import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Docker } from "../docker/docker";
import { removeCommand } from "./run";

/**
 * Commands that remove what earlier rehearsals left in a daemon that is not ours: kept ones, and those whose machine went down
 * in the middle. We do not run them: one of them may be another person's rehearsal of this moment.
 */
export async function leftovers(docker: Docker, ownRun: string): Promise<readonly string[]> {
    const names = await docker.run(["ps", "--all", "--filter", "name=gapless-", "--format", "{{.Names}}"]);
    const runs = new Set([...names.matchAll(/^gapless-[0-9a-f]{6}(?=-)/gm)].map(([run]) => run));
    runs.delete(ownRun);
    const folders = await readdir(tmpdir());
    return [...runs].map(run => {
        const folder = folders.find(name => name.startsWith(`${run}-`));
        return removeCommand(run, join(tmpdir(), folder ?? `${run}-gone`));
    });
}
