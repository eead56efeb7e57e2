import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { LifecycleEvent } from "../../../release/lifecycle";
import { appspec, bundle, startScript, TestHost, zip, type BundleFiles } from "./test-host";

const groupFolder = "/opt/codedeploy-agent/deployment-root/group-1";

/** A release that says its name at every event of which a script is asked, and fails where it is told to. */
function release(name: string, failsIn?: LifecycleEvent): BundleFiles {
    const events = ["BeforeBlockTraffic", "AfterBlockTraffic", "ApplicationStop", "BeforeInstall", "AfterInstall", "ApplicationStart"];
    return {
        "appspec.yml": appspec("hooks:", ...events.map(event => `  ${event}: [{location: say.sh}]`)),
        "say.sh": `#!/bin/sh\necho ${name}\n[ "$LIFECYCLE_EVENT" != "${failsIn ?? ""}" ]`,
    };
}

function said(outcome: { readonly logTail?: string } | undefined): string | undefined {
    return /\[stdout\](.*)\n/.exec(outcome?.logTail ?? "")?.[1];
}

describe("the host agent", () => {
    it("has nothing to do for the events of the old revision on a new host", async () => {
        await using host = await TestHost.make();
        const agent = host.agent(release("one"));
        for (const event of ["BeforeBlockTraffic", "AfterBlockTraffic", "ApplicationStop"] as const) {
            assert.deepEqual(await agent.run(event, { id: "d-1", bundle }), { status: "noop" }, event);
        }
    });

    it("reports noop where the appspec has no script, or an empty list", async () => {
        await using host = await TestHost.make();
        const outcomes = await host.deploy({ "appspec.yml": appspec("hooks: {AfterInstall: []}"), "other": "" });
        assert.deepEqual([outcomes.AfterInstall, outcomes.ApplicationStart], [{ status: "noop" }, { status: "noop" }]);
    });

    it("takes the three events before the download from the revision before", async () => {
        await using host = await TestHost.make();
        await host.deploy(release("one"));
        const agent = host.agent(release("two"));
        for (const event of ["BeforeBlockTraffic", "AfterBlockTraffic", "ApplicationStop"] as const) {
            assert.equal(said(await agent.run(event, { id: "d-next", bundle })), "one", event);
        }
        await agent.run("DownloadBundle", { id: "d-next", bundle });
        assert.equal(said(await agent.run("BeforeInstall", { id: "d-next", bundle })), "two");
    });

    const failures: readonly { readonly failsIn: LifecycleEvent; readonly stopOf: string; readonly why: string }[] = [
        { failsIn: "BeforeInstall", stopOf: "one", why: "it was not installed" },
        { failsIn: "AfterInstall", stopOf: "two", why: "it was installed, though it failed" },
        { failsIn: "ApplicationStart", stopOf: "two", why: "it was installed, though it failed" },
    ];
    for (const { failsIn, stopOf, why } of failures) {
        it(`after a failure in ${failsIn} stops with the script of release ${stopOf}: ${why}`, async () => {
            await using host = await TestHost.make();
            await host.deploy(release("one"));
            assert.equal((await host.deploy(release("two", failsIn)))[failsIn]?.status, "failed");
            assert.equal(said((await host.deploy(release("one"))).ApplicationStop), stopOf);
        });
    }

    it("knows nothing of the revisions of another deployment group id", async () => {
        await using host = await TestHost.make();
        await host.deploy(release("one"));
        const outcomes = await host.deploy(release("two"), { deploymentGroupId: "group-2" });
        assert.deepEqual(outcomes.ApplicationStop, { status: "noop" });
    });

    it("fails when the archive of the last installed revision is gone", async () => {
        await using host = await TestHost.make();
        await host.deploy(release("one"));
        await rm(join(host.root, groupFolder, "d-1"), { recursive: true });
        const { ApplicationStop: outcome } = await host.deploy(release("two"));
        const archive = `${groupFolder}/d-1/deployment-archive`;
        assert.deepEqual(outcome, {
            status: "failed",
            errorCode: 5,
            message: `The CodeDeploy agent did not find an AppSpec file within the unpacked revision directory at revision-relative path "appspec.yml". The revision was unpacked to directory "${archive}", and the AppSpec file was expected but not found at path "${archive}/appspec.yml". Consult the AWS CodeDeploy Appspec documentation for more information at http://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file.html`,
        });
    });

    it("installs with an appspec.yaml, but runs no hooks from it", async () => {
        await using host = await TestHost.make();
        const agent = host.agent({ "appspec.yaml": appspec(), "other": "" });
        const deployment = { id: "d-1", bundle };
        await agent.run("DownloadBundle", deployment);
        assert.deepEqual(await agent.run("Install", deployment), { status: "succeeded" });
        assert.equal((await agent.run("AfterInstall", deployment)).status, "failed");
    });

    it("notices a wrong appspec at the first event after the download, with or without script", async () => {
        await using host = await TestHost.make();
        const outcomes = await host.deploy({ "appspec.yml": "version: 1.0\nos: linux\n", "other": "" });
        assert.deepEqual([outcomes.DownloadBundle?.status, outcomes.BeforeInstall?.status], ["succeeded", "failed"]);
    });

    it("keeps five deployments, and the last installed one however old", async () => {
        await using host = await TestHost.make();
        await host.deploy(release("one"));
        for (let index = 2; index <= 7; index += 1) {
            await host.deploy(release("two", "BeforeInstall"));
        }
        assert.deepEqual((await readdir(join(host.root, groupFolder))).sort(), ["d-1", "d-4", "d-5", "d-6", "d-7"]);
    });

    describe("gives a script", () => {
        async function environment(variables: Partial<typeof bundle>, own: Readonly<Record<string, string>>): Promise<readonly string[]> {
            await using host = await TestHost.make();
            const agent = host.agent(startScript("#!/bin/sh\nenv >environment"), { environment: own });
            const deployment = { id: "d-1", bundle: { ...bundle, ...variables } };
            for (const event of ["DownloadBundle", "ApplicationStart"] as const) {
                assert.equal((await agent.run(event, deployment)).status, "succeeded");
            }
            const lines = (await host.read("/environment"))?.trimEnd().split("\n") ?? [];
            // The shell adds these two by itself.
            return lines.filter(line => !line.startsWith("PWD=") && !line.startsWith("_=")).sort();
        }
        const common = [
            "APPLICATION_NAME=shop", "BUNDLE_BUCKET=releases", "BUNDLE_KEY=releases/one.zip", "DEPLOYMENT_GROUP_ID=group-1",
            "DEPLOYMENT_GROUP_NAME=prod", "DEPLOYMENT_ID=d-1", "LIFECYCLE_EVENT=ApplicationStart",
        ];
        const path = `PATH=${process.env["PATH"] ?? ""}`;

        it("the agent's environment and CodeDeploy's variables, and nothing else", async () => {
            const own = { PATH: process.env["PATH"] ?? "", GAPLESS_CONTAINER: "app-1", BUNDLE_VERSION: "of somebody" };
            assert.deepEqual(await environment({}, own), [...common, "GAPLESS_CONTAINER=app-1", path].sort());
        });

        it("version and ETag of the bundle where they are known", async () => {
            const etag = createHash("md5").update(zip(startScript("#!/bin/sh\nenv >environment"))).digest("hex");
            const found = await environment({ version: "v-7", etag }, { PATH: process.env["PATH"] ?? "" });
            assert.deepEqual(found, [...common, `BUNDLE_ETAG=${etag}`, "BUNDLE_VERSION=v-7", path].sort());
        });
    });

    describe("compares the ETag of a bundle", () => {
        const files = startScript("");
        const actual = createHash("md5").update(zip(files)).digest("hex");
        const etags = [[actual, "succeeded"], [`"${actual}"`, "succeeded"], ["0123", "failed"]] as const;
        for (const [etag, status] of etags) {
            it(`${etag}: ${status}`, async () => {
                await using host = await TestHost.make();
                const outcome = await host.agent(files).run("DownloadBundle", { id: "d-1", bundle: { ...bundle, etag } });
                assert.deepEqual(outcome, status === "succeeded" ? { status } : {
                    status, errorCode: 5, message: `Expected deployment artifact bundle etag 0123 but was actually "${actual}"`,
                });
            });
        }
    });

    it("fails the download with the reason of the store", async () => {
        await using host = await TestHost.make();
        const agent = host.agent({}, { fetchBundle: () => Promise.reject(new Error("The specified key does not exist.")) });
        const outcome = await agent.run("DownloadBundle", { id: "d-1", bundle });
        assert.deepEqual(outcome, { status: "failed", errorCode: 5, message: "The specified key does not exist." });
    });

    describe("that crashes", () => {
        const ongoing = "/opt/codedeploy-agent/deployment-root/ongoing-deployment/d-1";
        const restarted = { status: "failed", errorCode: 7, scriptName: "", message: "Failed: Failing in-progress lifecycle event after an agent restart.", logTail: "" };
        const started = async (host: TestHost, file: string): Promise<void> => {
            while (await host.read(file) === undefined) await setImmediate();
        };

        it("reports the event that runs as failed with code 7, and ends its script", async () => {
            await using host = await TestHost.make();
            const agent = host.agent(startScript("#!/bin/sh\ntrap 'touch ended; exit' TERM\ntouch ready\nexec 2>/dev/null\nwhile :; do sleep 0.02; done"));
            await agent.run("DownloadBundle", { id: "d-1", bundle });
            const run = agent.run("ApplicationStart", { id: "d-1", bundle });
            await started(host, "/ready");
            assert.equal(await host.read(ongoing), "ApplicationStart");
            agent.crash();
            assert.deepEqual(await run, restarted);
            assert.deepEqual([await host.read("/ended"), await host.read(ongoing)], ["", undefined]);
        });

        it("has not installed what it was installing, for the next deployment", async () => {
            await using host = await TestHost.make();
            await host.deploy(release("one"));
            const agent = host.agent(release("two"));
            await agent.run("DownloadBundle", { id: "d-2", bundle });
            const run = agent.run("Install", { id: "d-2", bundle });
            agent.crash();
            assert.deepEqual(await run, restarted);
            assert.equal(said(await agent.run("ApplicationStop", { id: "d-3", bundle })), "one");
        });

        it("goes on with the next event as ever", async () => {
            await using host = await TestHost.make();
            const agent = host.agent(release("one"));
            agent.crash();
            assert.deepEqual(await agent.run("DownloadBundle", { id: "d-1", bundle }), { status: "succeeded" });
        });

        it("is found by the agent that is started on its host, once", async () => {
            await using host = await TestHost.make();
            await host.write(ongoing, "Install");
            assert.deepEqual([await host.agent({}).start(), await host.agent({}).start()], [restarted, undefined]);
        });

        it("leaves nothing to find once an event has ended, well, badly or by an abort", async () => {
            await using host = await TestHost.make();
            const agent = host.agent(startScript("#!/bin/sh\ntouch ready\nexec sleep 30"));
            await agent.run("DownloadBundle", { id: "d-1", bundle });
            assert.equal(await agent.start(), undefined);
            assert.equal((await agent.run("Install", { id: "d-2", bundle })).status, "failed");
            assert.equal(await agent.start(), undefined);
            const abort = new AbortController();
            const run = assert.rejects(agent.run("ApplicationStart", { id: "d-1", bundle }, abort.signal), { message: "Ctrl-C" });
            await started(host, "/ready");
            abort.abort(new Error("Ctrl-C"));
            await run;
            assert.equal(await agent.start(), undefined);
        });
    });

    it("starts nothing after an abort", async () => {
        await using host = await TestHost.make();
        const run = host.agent(startScript("")).run("DownloadBundle", { id: "d-1", bundle }, AbortSignal.abort(new Error("Ctrl-C")));
        await assert.rejects(run, { message: "Ctrl-C" });
        assert.deepEqual(await readdir(host.root), []);
    });

    it("refuses the events of the load balancer", async () => {
        await using host = await TestHost.make();
        await assert.rejects(host.agent({}).run("BlockTraffic", { id: "d-1", bundle }), {
            message: "BlockTraffic is done at the load balancer and never reaches a host",
        });
    });
});
