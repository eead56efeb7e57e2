import assert from "node:assert/strict";
import { bake } from "../../../../release/aws/blue-green/bake";
import { fakeWork, groupAnswer, targetsAnswer } from "./fake-work";

/** How a bake ends, by what each look sees of the targets; the last look's goes on. Undefined when it has nothing to say. */
async function baked(looks: readonly (readonly string[])[], { lifecycles = looks[0]?.map(() => "InService") ?? [], alarms = [] as readonly string[], bakeSeconds = 60 } = {}) {
    let look = -1;
    const { work, clock } = fakeWork({
        roll: { bakeSeconds, minSize: 1 },
        answers: {
            DescribeAlarms: { MetricAlarms: alarms.map(AlarmName => ({ AlarmName, StateValue: "ALARM" })) },
            DescribeAutoScalingGroups: () => groupAnswer(looks[0]?.length ?? 0, ...(look < 0 ? looks[0]?.map(() => "InService") ?? [] : lifecycles)),
            DescribeTargetHealth: () => { look = Math.min(look + 1, looks.length - 1); return targetsAnswer(...looks[look] ?? []); },
        },
    });
    const error = await bake(work).then(() => undefined, (reason: unknown) => (reason as Error).message);
    return { error, seconds: clock.waited };
}

const [up, down] = ["healthy", "unhealthy"];

describe("bake of a colour that has requests", () => {
    it("lasts as long as it shall when all is well", async () => {
        assert.deepEqual(await baked([[up, up, up]]), { error: undefined, seconds: 60 });
    });

    it("ends at once by an alarm", async () => {
        assert.deepEqual(await baked([[up, up, up]], { alarms: ["green-errors"] }), { error: "green-errors is in ALARM", seconds: 0 });
    });

    it("ends at once when half of the targets are unhealthy, however few are well", async () => {
        assert.deepEqual(await baked([[up, up, up, up], [up, down, up, down]]), { error: "2 of 4 instances of green serve: i-2 is unhealthy, i-4 is unhealthy", seconds: 10 });
        assert.deepEqual(await baked([[up, up], [up, down]]), { error: "1 of 2 instances of green serve: i-2 is unhealthy", seconds: 10 });
        assert.deepEqual(await baked([[up], [down]]), { error: "0 of 1 instances of green serve: i-1 is unhealthy", seconds: 10 });
    });

    it("ends at the third look in a row at which fewer are unhealthy", async () => {
        assert.deepEqual(await baked([[up, up, up], [up, up, down]]), { error: "2 of 3 instances of green serve: i-3 is unhealthy", seconds: 30 });
    });

    it("bears a target that is unhealthy at two looks, again and again", async () => {
        const twice = [[up, up, down], [up, up, down], [up, up, up]];
        assert.deepEqual(await baked([...twice, ...twice, [up, up, up]]), { error: undefined, seconds: 60 });
    });

    it("does not end with a target unhealthy, also when its time is over", async () => {
        assert.deepEqual(await baked([[up, up, up], [up, up, down]], { bakeSeconds: 10 }), { error: "2 of 3 instances of green serve: i-3 is unhealthy", seconds: 30 });
        assert.deepEqual(await baked([[up, up, up], [up, up, down], [up, up, up]], { bakeSeconds: 10 }), { error: undefined, seconds: 20 });
    });

    it("leaves an instance to Auto Scaling that has taken it out of service, while half are healthy", async () => {
        assert.deepEqual(await baked([[up, up], [up, "draining"]], { lifecycles: ["InService", "Terminating"] }), { error: undefined, seconds: 60 });
        const { error, seconds } = await baked([[up, up, up], [up, "draining", "draining"]], { lifecycles: ["InService", "Terminating", "Terminating"] });
        assert.deepEqual([error, seconds], ["1 of 3 instances of green serve: 1 of 3 instances of green are in service", 10]);
    });

    it("does not mind an instance that scaling has just added", async () => {
        assert.deepEqual(await baked([[up, up], [up, up, "initial", "initial"]], { lifecycles: ["InService", "InService", "InService", "InService"] }), { error: undefined, seconds: 60 });
    });
});
