import assert from "node:assert/strict";
import type { EventOutcome } from "../../../rehearsal/agent/host-agent";
import { Interception } from "../../../rehearsal/codedeploy/interception";

const failed: EventOutcome = { status: "failed", message: "disk full" };

describe("interception of what agents do", () => {
    let log: string[];
    let interception: Interception;
    const install = () => interception.run("Install", "i-1", () => {
        log.push("agent");
        return Promise.resolve({ status: "succeeded" });
    });
    beforeEach(() => {
        log = [];
        interception = new Interception();
    });

    it("lets the agent do it when nobody intercepts", async () => {
        assert.deepEqual([await install(), log], [{ status: "succeeded" }, ["agent"]]);
    });

    it("may do something else instead, knowing host and event", async () => {
        interception.add((event, host) => {
            log.push(`${event} on ${host}`);
            return Promise.resolve(failed);
        });
        assert.deepEqual([await install(), log], [failed, ["Install on i-1"]]);
    });

    it("has several at a time, of which the last one is the outermost", async () => {
        for (const name of ["first", "second"]) {
            interception.add(async (_event, _host, run) => {
                log.push(`${name} before`);
                const outcome = await run();
                log.push(`${name} after`);
                return outcome;
            });
        }
        await install();
        assert.deepEqual(log, ["second before", "first before", "agent", "first after", "second after"]);
    });

    it("ends when it is disposed of, and the others stay", async () => {
        interception.add((_event, _host, run) => {
            log.push("stays");
            return run();
        });
        {
            using _passing = interception.add(() => Promise.resolve(failed));
            assert.equal(await install(), failed);
        }
        await install();
        assert.deepEqual(log, ["stays", "agent"]);
    });
});
