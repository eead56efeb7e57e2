import assert from "node:assert/strict";
import {
    BatchGetDeploymentTargetsCommand, CodeDeployClient, CreateDeploymentCommand, GetDeploymentCommand, ListDeploymentsCommand, ListDeploymentTargetsCommand,
    type RevisionLocation, StopDeploymentCommand,
} from "@aws-sdk/client-codedeploy";
import { lifecycleEvents } from "../../../release/lifecycle";
import { CodeDeployDouble, type CodeDeployDoubleArgs, type GroupArgs, scriptFailed, scripts } from "./code-deploy-double";

const revision = revisionOf("new");
const web = { applicationName: "web", deploymentGroupName: "dev" };

describe("the double of CodeDeploy", () => {
    it("takes a deployment through its waves, a lifecycle event each time that it is asked for", async () => {
        await using site = await open({ instances: ["i-1", "i-2", "i-3", "i-4"] });
        const deploymentId = await site.create();
        assert.deepEqual(await site.look(deploymentId), { status: "Created", overview: { Pending: 4, InProgress: 0, Succeeded: 0, Failed: 0, Skipped: 0, Ready: 0 } });
        const states = await site.follow(deploymentId);
        assert.equal(states.length, 2 * lifecycleEvents.length + 1, "events in two waves, and the end");
        assert.deepEqual(states[0], { status: "InProgress", overview: { Pending: 2, InProgress: 2, Succeeded: 0, Failed: 0, Skipped: 0, Ready: 0 } });
        assert.deepEqual(states.at(-1), { status: "Succeeded", overview: { Pending: 0, InProgress: 0, Succeeded: 4, Failed: 0, Skipped: 0, Ready: 0 } });
    });

    it("fails an instance in an event, with what the agent says, and rolls back to what served", async () => {
        await using site = await open({ serves: revisionOf("old") });
        site.double.next(scripts.fails({ event: "ApplicationStart" }));
        const deploymentId = await site.create();
        site.double.advance(deploymentId);
        const info = await site.get(deploymentId);
        assert.ok(info);
        assert.deepEqual([info.status, info.errorInformation?.code], ["Failed", "HEALTH_CONSTRAINTS"]);
        const [failed, skipped] = await site.targets(deploymentId, ["i-1", "i-2"]);
        assert.ok(failed?.lifecycleEvents);
        assert.deepEqual([failed.status, skipped?.status], ["Failed", "Skipped"]);
        const [event] = failed.lifecycleEvents.slice(-5);
        assert.deepEqual([event?.lifecycleEventName, event?.status, event?.diagnostics], ["ApplicationStart", "Failed", scriptFailed("ApplicationStart")]);
        assert.deepEqual(failed.lifecycleEvents.slice(-4).map(({ status }) => status), Array<string>(4).fill("Skipped"));
        assert.equal(info.rollbackInfo?.rollbackDeploymentId, "d-TEST00002");

        const rollback = await site.get("d-TEST00002");
        assert.ok(rollback);
        assert.deepEqual([rollback.creator, rollback.rollbackInfo?.rollbackTriggeringDeploymentId], ["codeDeployRollback", deploymentId]);
        assert.deepEqual(rollback.revision, revisionOf("old"));
    });

    it("has nothing to go back to before a release has ever served", async () => {
        await using site = await open();
        site.double.next(scripts.fails());
        const deploymentId = await site.create();
        site.double.advance(deploymentId);
        assert.deepEqual([(await site.get(deploymentId))?.rollbackInfo?.rollbackDeploymentId, site.double.deployments.length], [undefined, 1]);
    });

    it("goes on when one instance fails and enough others are healthy", async () => {
        await using site = await open({ instances: ["i-1", "i-2", "i-3"], config: "OneAtATime" });
        site.double.next(scripts.fails({ instances: ["i-3"] }));
        const deploymentId = await site.create();
        site.double.advance(deploymentId);
        assert.deepEqual(await site.look(deploymentId), { status: "Succeeded", overview: { Pending: 0, InProgress: 0, Succeeded: 2, Failed: 1, Skipped: 0, Ready: 0 } });
    });

    it("stops on an alarm after the first wave", async () => {
        await using site = await open({ serves: revisionOf("old") });
        site.double.next(scripts.alarm("web-errors"));
        const deploymentId = await site.create();
        site.double.advance(deploymentId);
        const info = await site.get(deploymentId);
        assert.deepEqual([info?.status, info?.errorInformation?.code, info?.deploymentOverview?.Succeeded], ["Stopped", "ALARM_ACTIVE", 1]);
        assert.match(info?.errorInformation?.message ?? "", /<web-errors>$/);
        assert.equal(site.double.deployments.length, 2, "and rolls back");
    });

    it("stays where it is stuck, until a person stops it", async () => {
        await using site = await open({ serves: revisionOf("old") });
        site.double.next(scripts.stuck("Install"));
        const deploymentId = await site.create();
        site.double.advance(deploymentId);
        assert.equal((await site.look(deploymentId)).status, "InProgress");
        await site.client.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: true }));
        const info = await site.get(deploymentId);
        assert.deepEqual([info?.status, info?.errorInformation?.code, info?.rollbackInfo?.rollbackDeploymentId], ["Stopped", "MANUAL_STOP", "d-TEST00002"]);
        await assert.rejects(site.client.send(new StopDeploymentCommand({ deploymentId })), { name: "DeploymentAlreadyCompletedException" });
    });

    it("has one deployment of a group at a time", async () => {
        await using site = await open();
        const running = await site.create();
        await assert.rejects(site.create(), {
            name: "DeploymentLimitExceededException", message: `The Deployment Group 'dev' already has an active Deployment '${running}'`,
        });
        site.double.advance(running);
        await site.create();
    });

    it("tells of 1,000 targets by pages, and of 25 in a call", async () => {
        const instances = Array.from({ length: 1000 }, (_, n) => `i-${n}`);
        await using site = await open({ instances });
        const deploymentId = await site.create();
        site.double.advance(deploymentId, 1);
        const seen: string[] = [];
        let nextToken: string | undefined;
        let pages = 0;
        do {
            const page = await site.client.send(new ListDeploymentTargetsCommand({ deploymentId, ...(nextToken && { nextToken }) }));
            seen.push(...page.targetIds ?? []);
            nextToken = page.nextToken;
            pages += 1;
        } while (nextToken);
        assert.deepEqual([seen, pages], [instances, 10]);
        assert.equal((await site.targets(deploymentId, instances.slice(0, 25))).length, 25);
        await assert.rejects(site.targets(deploymentId, instances.slice(0, 26)), { name: "DeploymentTargetListSizeExceededException" });
        await assert.rejects(site.client.send(new ListDeploymentTargetsCommand({ deploymentId, nextToken: "deployments#0" })), { name: "InvalidNextTokenException" });
    });

    it("knows no targets before a deployment has begun", async () => {
        await using site = await open();
        const deploymentId = await site.create();
        await assert.rejects(site.client.send(new ListDeploymentTargetsCommand({ deploymentId })), { name: "DeploymentNotStartedException" });
    });

    it("lists deployments, the newest first, by their status", async () => {
        await using site = await open({}, { pageSize: 2 });
        const ids: string[] = [];
        for (let n = 0; n < 3; n += 1) {
            ids.unshift(await site.create());
            if (n < 2) site.double.advance(ids[0] ?? "");
        }
        const first = await site.client.send(new ListDeploymentsCommand(web));
        assert.deepEqual(first.deployments, ids.slice(0, 2));
        const second = await site.client.send(new ListDeploymentsCommand({ ...web, nextToken: first.nextToken }));
        assert.deepEqual([second.deployments, second.nextToken], [ids.slice(2), undefined]);
        const running = await site.client.send(new ListDeploymentsCommand({ ...web, includeOnlyStatuses: ["Created"] }));
        assert.deepEqual(running.deployments, ids.slice(0, 1));
    });

    const wrongInputs: Readonly<Record<string, { readonly input: object; readonly message: string }>> = {
        "that lacks a member": { input: {}, message: "1 validation error detected: Value null at 'deploymentId' failed to satisfy constraint: Member must not be null" },
        "with a member that AWS does not know": { input: { deploymentId: "d-TEST00001", deploymentID: "x" }, message: "GetDeploymentInput has no member 'deploymentID'" },
        "with a member of another type": { input: { deploymentId: 1 }, message: "Value 1 at 'deploymentId' must be a string" },
    };
    for (const [what, { input, message }] of Object.entries(wrongInputs)) {
        it(`refuses an input ${what}`, async () => {
            await using site = await open();
            // Past the SDK, which drops or refuses such by itself.
            const answer = await fetch(site.double.url, { method: "POST", headers: { "x-amz-target": "CodeDeploy_20141006.GetDeployment" }, body: JSON.stringify(input) });
            assert.deepEqual([answer.status, await answer.json()], [400, { __type: "ValidationException", message }]);
        });
    }

    it("throttles, denies and cuts calls off as it is told, and keeps count of them all", async () => {
        await using site = await open();
        const { faults } = site.double;
        faults.throttle(1);
        await assert.rejects(site.create(), { name: "ThrottlingException", message: "Rate exceeded" });
        faults.drop(1, "CreateDeployment");
        await assert.rejects(site.create(), { code: "ECONNRESET" });
        faults.deny("CreateDeployment");
        await assert.rejects(site.create(), { name: "AccessDeniedException" });
        faults.clear();
        faults.expire();
        await assert.rejects(site.create(), { name: "ExpiredTokenException" });
        assert.equal(site.double.deployments.length, 0, "nothing was carried out");
        faults.clear();
        await site.create();
        assert.deepEqual(site.double.operationsCalled, Array<string>(5).fill("CreateDeployment"));
        assert.deepEqual(site.double.inputsOf("CreateDeployment")[4], { ...web, revision });
    });

    it("leaves a call without an answer as it is told", async () => {
        await using site = await open();
        site.double.faults.hang(1);
        const stop = new AbortController();
        const call = site.client.send(new GetDeploymentCommand({ deploymentId: "d-TEST00001" }), { abortSignal: stop.signal });
        await site.double.called("GetDeployment");
        stop.abort();
        await assert.rejects(call, { name: "AbortError" });
    });
});

async function open(group: Partial<GroupArgs> = {}, args: CodeDeployDoubleArgs = {}) {
    const double = await CodeDeployDouble.start(args);
    double.addGroup({ application: "web", group: "dev", instances: ["i-1", "i-2"], ...group });
    const client = new CodeDeployClient(double.access);
    const get = async (deploymentId: string) => (await client.send(new GetDeploymentCommand({ deploymentId }))).deploymentInfo;
    const look = async (deploymentId: string) => {
        const info = await get(deploymentId);
        return { status: info?.status, overview: info?.deploymentOverview };
    };
    return {
        double, client, get, look,
        create: async () => (await client.send(new CreateDeploymentCommand({ ...web, revision }))).deploymentId ?? "",
        targets: async (deploymentId: string, targetIds: string[]) => {
            const { deploymentTargets = [] } = await client.send(new BatchGetDeploymentTargetsCommand({ deploymentId, targetIds }));
            return deploymentTargets.map(({ instanceTarget }) => instanceTarget);
        },
        /** What it looks like each time until it ends. */
        follow: async (deploymentId: string) => {
            const states = [];
            do states.push(await look(deploymentId));
            while (states.at(-1)?.status === "InProgress");
            return states;
        },
        [Symbol.asyncDispose]: async () => {
            client.destroy();
            await double[Symbol.asyncDispose]();
        },
    };
}

function revisionOf(version: string): RevisionLocation {
    return { revisionType: "S3", s3Location: { bucket: "releases", key: `releases/${version}.zip`, bundleType: "zip", version: "v1", eTag: "e1" } };
}
