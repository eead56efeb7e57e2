import assert from "node:assert/strict";
import { lackOfBoot } from "../../../../release/aws/blue-green/capacity";
import { match } from "../../../../release/aws/blue-green/match";
import { fakeWork, groupAnswer, targetsAnswer } from "./fake-work";

/** A match of green, which has two instances in service, with blue, which has grown to four; the others boot for half a minute. */
async function matched(urgent: boolean, firstHealth = "healthy", lifecycles: (waited: number) => readonly string[] = () => ["InService", "InService"]) {
    let desired = 2;
    const { work, clock, calls, changes } = fakeWork({
        roll: { kind: "flip", ...(urgent && { urgent }) },
        answers: {
            DescribeAutoScalingGroups: ({ AutoScalingGroupNames }) => {
                if (String(AutoScalingGroupNames) === "blue") return groupAnswer(4, "InService", "InService", "InService", "InService");
                return groupAnswer(desired, ...lifecycles(clock.waited), ...Array.from({ length: desired - 2 }, () => (clock.waited >= 30 ? "InService" : "Pending")));
            },
            UpdateAutoScalingGroup: ({ DesiredCapacity }) => { desired = Number(DesiredCapacity); return {}; },
            DescribeTargetHealth: () => (clock.waited >= 10 ? targetsAnswer("healthy", "healthy", "healthy", "healthy") : targetsAnswer("healthy", firstHealth)),
        },
    });
    await match(work);
    const { DesiredCapacity, MinSize } = calls.find(({ name }) => name === "UpdateAutoScalingGroup")?.input ?? {};
    return { waited: clock.waited, changes: changes(), sizes: [MinSize, DesiredCapacity] };
}

describe("match of the new colour with what serves", () => {
    it("waits until it has as many instances, all healthy", async () => {
        assert.deepEqual(await matched(false), { waited: 30, changes: ["UpdateAutoScalingGroup"], sizes: [4, 4] });
    });

    it("asks for as many and waits for none of them, where what serves is bad", async () => {
        assert.deepEqual(await matched(true), { waited: 0, changes: ["UpdateAutoScalingGroup"], sizes: [4, 4] });
    });

    it("waits for each that is in service already, also where what serves is bad", async () => {
        assert.equal((await matched(true, "unhealthy")).waited, 10);
    });

    it("waits for the fewest of the stage where all that it had are ended, also where what serves is bad", async () => {
        const replaced = (waited: number): readonly string[] => [waited < 10 ? "Terminating" : "InService", waited < 20 ? "Terminating" : "InService"];
        assert.equal((await matched(true, "healthy", replaced)).waited, 20);
    });
});

describe("boot of the new colour", () => {
    const group = { name: "green", minSize: 2, maxSize: 4, desired: 2 };

    it("is not over while an old instance leaves, which would be taken for one that gets the release", () => {
        const instances = [["i-1", "InService"], ["i-2", "InService"], ["i-0", "Terminating:Wait"]].map(([id = "", lifecycle = ""]) => ({ id, lifecycle }));
        assert.equal(lackOfBoot({ ...group, instances }), "i-0 of green is still leaving");
        assert.equal(lackOfBoot({ ...group, instances: instances.slice(0, 2) }), undefined);
        assert.equal(lackOfBoot({ ...group, instances: instances.slice(0, 1) }), "1 of 2 instances of green are in service");
    });
});
