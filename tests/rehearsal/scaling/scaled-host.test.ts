import assert from "node:assert/strict";
import type { Abortable } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import timers from "node:timers/promises";
import { Interception } from "../../../rehearsal/codedeploy/interception";
import { ScaledHost, type ScaledHostArgs } from "../../../rehearsal/scaling/scaled-host";

const waits = { betweenEventsMs: 300_000, inEventMs: 3_600_000 };
const deployment = { id: "d-1", bundle: { bucket: "b", key: "v2" } };
const silent = { status: "failed", message: "the instance does not answer any more" };

describe("instance of an Auto Scaling group", () => {
    let folder: string;
    let log: string[];
    let interception: Interception;
    let host: ScaledHost;
    const { setTimeout: sleep } = timers;
    const slept: number[] = [];

    before(async () => {
        folder = await mkdtemp(join(tmpdir(), "scaled-host-"));
        // Hours pass at once, and are written down.
        timers.setTimeout = <T>(ms = 0, value?: T, { signal }: Abortable = {}): Promise<T> => {
            signal?.throwIfAborted();
            slept.push(ms);
            return Promise.resolve(value as T);
        };
        syncBuiltinESMExports();
    });
    after(async () => {
        timers.setTimeout = sleep;
        syncBuiltinESMExports();
        await rm(folder, { recursive: true });
    });
    beforeEach(() => {
        log = [];
        slept.length = 0;
        interception = new Interception();
        host = new ScaledHost("i-1", args());
    });

    const note = (...words: unknown[]): Promise<void> => {
        log.push(words.join(" "));
        return Promise.resolve();
    };
    const args = () => ({
        docker: { environment: {}, run: async (words: readonly string[]) => { await note("docker", words[0], words.at(-1)); return ""; } },
        run: "run", network: "net", folder, containerPort: 3000, bucketFolder: folder, awsCli: "aws",
        deploymentGroupId: "g", deploymentGroupName: "dev", applicationName: "shop", fetchBundle: () => Promise.resolve(new Uint8Array()),
        targets: { enter: (id: string, address: unknown) => note(id, "enters", String(address)), deregister: (id: string, ms: number) => note(id, "leaves within", ms) },
        drainMs: () => 2_000, lostHost: waits, interception, signal: new AbortController().signal,
    }) as unknown as ScaledHostArgs;

    it("comes and goes with its target group, its container and its files", async () => {
        await host.begin();
        await host.enter();
        await host.leave();
        await host.remove();
        assert.deepEqual(log, ["i-1 enters undefined", "i-1 leaves within 2000", "docker rm run-i-1"]);
    });

    it("has its agent do what it is asked, without waiting", async () => {
        await host.begin();
        assert.deepEqual(await host.agent.run("ApplicationStop", deployment), { status: "noop" });
        assert.deepEqual(slept, []);
    });

    for (const [how, end] of [["was taken away", "remove"], ["died", "die"]] as const) {
        it(`that ${how} between two events is silent, and CodeDeploy waits five minutes for it`, async () => {
            interception.add(() => assert.fail("an agent that is gone was asked"));
            await host[end]();
            assert.deepEqual(await host.agent.run("BeforeInstall", deployment), silent);
            assert.deepEqual(slept, [waits.betweenEventsMs]);
        });

        it(`that ${how} in an event is silent, and CodeDeploy waits an hour for it`, async () => {
            interception.add(async () => {
                await host[end]();
                throw new Error("connection lost");
            });
            assert.deepEqual(await host.agent.run("BeforeInstall", deployment), silent);
            assert.deepEqual(slept, [waits.inEventMs]);
        });
    }

    it("takes the script that runs with it when it dies", async () => {
        await host.begin();
        interception.add(async (_event, _host, run) => {
            await host.die();
            return await run();
        });
        assert.deepEqual(await host.agent.run("ApplicationStop", deployment), silent);
    });

    it("hides no failure of an agent that lives", async () => {
        interception.add(() => Promise.reject(new Error("a bug")));
        await assert.rejects(host.agent.run("BeforeInstall", deployment), { message: "a bug" });
        assert.deepEqual(slept, []);
    });

    it("is waited for no longer when whoever waits gives up", async () => {
        await host.remove();
        await assert.rejects(host.agent.run("BeforeInstall", deployment, AbortSignal.abort()), { name: "AbortError" });
    });
});
