import assert from "node:assert/strict";
import { emptyAtLast, rearm, retire } from "../../../../release/aws/blue-green/warm-end";
import { fakeWork, groupAnswer, weightsAnswer } from "./fake-work";

interface Case {
    /** Requests of the colour that is to end. */
    readonly weight?: number;
    readonly size?: number;
    /** Seconds from now until the end that is armed already. */
    readonly armed?: number;
    readonly warmSeconds?: number;
    readonly warmUntil?: string;
}

/** What a step does to the group that is to end: `blue` by `retire`, `green` by `rearm`. */
async function ended(step: typeof retire, { weight = 0, size = 2, armed, ...roll }: Case) {
    const [blue, green] = step === retire ? [weight, 100 - weight] : [100 - weight, weight];
    const { work, clock, calls, changes } = fakeWork({
        roll,
        answers: {
            DescribeListeners: weightsAnswer(blue, green),
            DescribeAutoScalingGroups: groupAnswer(size, ...Array.from({ length: size }, () => "InService")),
            DescribeScheduledActions: () => ({ ScheduledUpdateGroupActions: armed === undefined ? [] : [{ StartTime: new Date(clock.now().getTime() + armed * 1000) }] }),
        },
    });
    const error = await step(work).then(() => undefined, (reason: unknown) => (reason as Error).message);
    const put = calls.find(({ name }) => name === "PutScheduledUpdateGroupAction")?.input["StartTime"];
    const groups = [...new Set(calls.flatMap(({ input: { AutoScalingGroupName } }) => (AutoScalingGroupName === undefined ? [] : [AutoScalingGroupName])))];
    return { error, changes: changes(), groups, end: put instanceof Date ? put.toISOString() : undefined, waited: clock.waited };
}

const nothing = { error: undefined, changes: [], end: undefined, waited: 0 };
/** Not before the last of the load balancer's machines has the weights. */
const taken = { error: undefined, changes: ["UpdateAutoScalingGroup"], end: undefined, waited: 17 };

describe("end of what serves no more", () => {
    it("comes by itself after the warm time", async () => {
        assert.deepEqual(await ended(retire, {}), { ...nothing, groups: ["blue"], changes: ["PutScheduledUpdateGroupAction"], end: "2026-01-01T00:30:00.000Z" });
    });

    it("comes when no stray request does any more, where nothing is kept warm", async () => {
        assert.deepEqual(await ended(retire, { warmSeconds: 0 }), { ...taken, groups: ["blue"] });
    });

    it("is not asked for where it is as good as there", async () => {
        assert.deepEqual(await ended(retire, { warmSeconds: 59 }), { ...taken, groups: ["blue"] });
        assert.deepEqual((await ended(retire, { warmSeconds: 60 })).changes, ["PutScheduledUpdateGroupAction"]);
        assert.deepEqual(await ended(retire, { armed: 59 }), { ...taken, groups: ["blue"], changes: ["UpdateAutoScalingGroup", "DeleteScheduledAction"] });
    });

    it("stays as a driver has armed it that did not live to write it down", async () => {
        assert.deepEqual(await ended(retire, { armed: 900 }), { ...nothing, groups: ["blue"] });
    });

    it("is no more to come where it has come, and nothing is warm", async () => {
        assert.deepEqual(await ended(retire, { size: 0 }), { ...nothing, groups: ["blue"] });
        assert.deepEqual(await ended(retire, { size: 0, armed: 900 }), { ...nothing, groups: ["blue"], changes: ["DeleteScheduledAction"] });
    });

    it("is refused while it has requests", async () => {
        for (const warmSeconds of [0, 1800]) {
            assert.deepEqual(await ended(retire, { weight: 1, warmSeconds }), { ...nothing, groups: [], error: "blue gets 1 % of the requests, so its instances are left alone" });
        }
    });
});

describe("end of a colour that one could not flip to", () => {
    it("is the one that it had", async () => {
        assert.deepEqual(await ended(rearm, { warmUntil: "2026-01-01T00:01:00.000Z" }), {
            ...nothing, groups: ["green"], changes: ["PutScheduledUpdateGroupAction"], end: "2026-01-01T00:01:00.000Z",
        });
        assert.deepEqual(await ended(rearm, { armed: 60, warmUntil: "2026-01-01T00:01:00.000Z" }), { ...nothing, groups: ["green"] });
    });

    it("comes at once where that has passed, or is as good as there", async () => {
        for (const warmUntil of ["2025-12-31T23:59:00.000Z", "2026-01-01T00:00:59.000Z"]) assert.deepEqual(await ended(rearm, { warmUntil }), { ...taken, groups: ["green"] });
    });

    it("is not armed where there is nothing to end", async () => {
        assert.deepEqual(await ended(rearm, { size: 0, warmUntil: "2026-01-01T00:30:00.000Z" }), { ...nothing, groups: ["green"] });
    });

    it("is refused while it has requests", async () => {
        assert.deepEqual((await ended(rearm, { weight: 100 })).error, "green gets 100 % of the requests, so its instances are left alone");
    });
});

describe("group that is emptied", () => {
    it("is waited for only where it has instances", async () => {
        assert.deepEqual([(await ended(work => emptyAtLast(work, "green"), { size: 0 })).waited, (await ended(work => emptyAtLast(work, "green"), {})).waited], [0, 17]);
    });
});
