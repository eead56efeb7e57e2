import assert from "node:assert/strict";
import { BatchGetDeploymentTargetsCommand, type CodeDeployClient, ListDeploymentTargetsCommand } from "@aws-sdk/client-codedeploy";
import { DeploymentTargets } from "../../../release/aws/deployment-targets";

const { signal } = new AbortController();

describe("the instances of a deployment", () => {
    for (const name of ["DeploymentTargetDoesNotExistException", "InstanceDoesNotExistException"]) {
        it(`are told without those that vanished after they were listed (${name})`, async () => {
            const targets = new DeploymentTargets(clientOf(["i-1", "i-2", "i-3", "i-4", "i-5"], ids => {
                if (ids.includes("i-3")) throw Object.assign(new Error("gone"), { name });
                return ids;
            }), "d-1");
            assert.deepEqual((await targets.look(signal)).map(({ instanceId }) => instanceId), ["i-1", "i-2", "i-4", "i-5"]);
        });
    }

    it("are told without those that CodeDeploy leaves out without a word", async () => {
        const targets = new DeploymentTargets(clientOf(["i-1", "i-2"], () => ["i-2"]), "d-1");
        assert.deepEqual((await targets.look(signal)).map(({ instanceId }) => instanceId), ["i-2"]);
    });

    it("are none before the deployment has started", async () => {
        const client = { send: () => Promise.reject(Object.assign(new Error("x"), { name: "DeploymentNotStartedException" })) } as unknown as CodeDeployClient;
        assert.deepEqual(await new DeploymentTargets(client, "d-1").look(signal), []);
    });

    it("are not asked for again when they have ended", async () => {
        const asked: (readonly string[])[] = [];
        const targets = new DeploymentTargets(clientOf(["i-1", "i-2"], ids => {
            asked.push(ids);
            return ids;
        }, id => (id === "i-1" ? "Succeeded" : "InProgress")), "d-1");
        await targets.look(signal);
        assert.equal((await targets.look(signal)).length, 2);
        assert.deepEqual(asked, [["i-1", "i-2"], ["i-2"]]);
    });

    it("are asked for four batches at once, and no more", async () => {
        let open = 0;
        let most = 0;
        const ids = Array.from({ length: 250 }, (_, n) => `i-${n}`);
        const targets = new DeploymentTargets(clientOf(ids, async batch => {
            open += 1;
            most = Math.max(most, open);
            await new Promise(resolve => setImmediate(resolve));
            open -= 1;
            return batch;
        }), "d-1");
        assert.equal((await targets.look(signal)).length, 250);
        assert.deepEqual([most, targets.calls], [4, 11]);
    });

    it("keep what is known of them when a look fails, so that nothing is told twice", async () => {
        let failing = false;
        const targets = new DeploymentTargets(clientOf(["i-1"], ids => {
            if (failing) throw Object.assign(new Error("x"), { code: "ECONNRESET" });
            return ids;
        }), "d-1");
        const seen = await targets.look(signal);
        failing = true;
        await assert.rejects(targets.look(signal), { code: "ECONNRESET" });
        assert.deepEqual(targets.seen, seen);
    });
});

/** A client that lists these instances, and tells of those that `get` gives back. */
function clientOf(ids: readonly string[], get: (ids: readonly string[]) => readonly string[] | Promise<readonly string[]>, statusOf = (_id: string) => "InProgress"): CodeDeployClient {
    const send = async (command: unknown): Promise<object> => {
        if (command instanceof ListDeploymentTargetsCommand) return { targetIds: ids };
        assert.ok(command instanceof BatchGetDeploymentTargetsCommand);
        const found = await get(command.input.targetIds ?? []);
        return { deploymentTargets: found.map(targetId => ({ instanceTarget: { targetId, status: statusOf(targetId) } })) };
    };
    return { send } as unknown as CodeDeployClient;
}
