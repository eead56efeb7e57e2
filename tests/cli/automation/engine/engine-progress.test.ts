import assert from "node:assert/strict";
import { shortType } from "../../../../cli/automation/engine/change";
import { duration } from "../../../../cli/automation/engine/change-words";
import { Operation } from "../../../../cli/automation/engine/operation";
import { picture, EngineProgress, stillWaiting } from "../../../../cli/automation/engine/engine-progress";
import { showValue, valueAt } from "../../../../cli/automation/engine/property-value";
import { HandTimer } from "../../../support/hand-timer";
import { testContext } from "../../../support/aws/command-context";
import { alb, begin, diagnostic, end, fail, group, nothingChanges, old, policy, urn, whole } from "../../../support/engine-events";

const at = (seconds: number): Date => new Date(seconds * 1000);
const create = (name: string) => begin({ op: "create", type: alb.type, name, after: {} });

describe("progress of an operation", () => {
    it("names what has taken longest first, and counts what is beyond five", () => {
        const operation = new Operation("up", at(0), 80);
        operation.take(begin({ op: "same", ...group, before: {}, after: {} }), at(1));
        for (const n of [1, 2, 3, 4, 5, 6, 7]) operation.take(create(`alb-${n}`), at(n));
        operation.take(end({ op: "create", ...alb, name: "alb-1", after: {} }), at(10));
        assert.deepEqual(picture(operation, "dev", at(100)), [
            "up dev: 1 of 80 resources, 1 min 40 s",
            "    creating alb-2 (aws:lb:LoadBalancer) for 1 min 38 s",
            "    creating alb-3 (aws:lb:LoadBalancer) for 1 min 37 s",
            "    creating alb-4 (aws:lb:LoadBalancer) for 1 min 36 s",
            "    creating alb-5 (aws:lb:LoadBalancer) for 1 min 35 s",
            "    creating alb-6 (aws:lb:LoadBalancer) for 1 min 34 s",
            "    and 1 more",
        ]);
        assert.equal(stillWaiting(operation, at(100)), "still creating alb-2 (aws:lb:LoadBalancer) for 1 min 38 s, and 5 more (1 of 80 resources)");
    });

    it("does not claim to know how many there are of a new stack", () => {
        const operation = new Operation("preview", at(0));
        operation.take(create("alb-1"), at(0));
        assert.equal(picture(operation, "dev", at(1))[0], "preview dev: 0 resources, 1 s");
    });

    it("grows its number when there are more than were expected", () => {
        const operation = new Operation("up", at(0), 1);
        for (const name of ["a", "b"]) operation.take(create(name), at(0));
        assert.equal(picture(operation, "dev", at(0))[0], "up dev: 0 of 2 resources, 0 s");
    });

    it("waits for nothing when nothing is under way", () => {
        assert.equal(stillWaiting(new Operation("up", at(0)), at(9)), undefined);
    });

    it("is a line for each change where nothing can move, and warnings come at once", () => {
        const context = testContext();
        const timer = new HandTimer();
        const operation = new Operation("up", context.clock.now(), 3);
        const progress = new EngineProgress(operation, "dev", context.tell, context.clock, timer);
        const events = [
            ...nothingChanges, create("web-alb"), diagnostic("info", "built"), diagnostic("warning", "slow", urn(alb.type, "web-alb")), diagnostic("warning", "passing", undefined, true),
            policy("warning", "no owner", urn(alb.type, "web-alb")), policy("mandatory", "no", urn(alb.type, "web-alb")), diagnostic("error", "too many", urn(alb.type, "web-alb")), fail({ op: "create", ...alb }),
            begin({ op: "delete", ...old, before: {} }),
        ];
        for (const event of events) progress.news(operation.take(event, context.clock.now()));
        context.clock.pass(61);
        progress.news(operation.take(end({ op: "delete", ...old, before: {} }), context.clock.now()));
        progress[Symbol.dispose]();
        assert.deepEqual(context.told, [
            "warning: web-alb: slow", "warning: web-alb: no owner (policy no-open-ports)",
            "creating web-alb (aws:lb:LoadBalancer) failed", "deleted old-host (aws:ec2:Instance) in 1 min 1 s (3 of 4 resources)",
        ]);
        assert.equal(operation.changed, true);
        assert.deepEqual(operation.changesOf().map(({ name }) => name), ["old-host"], "what failed is no change");
    });

    it("is a picture on a terminal, with the warnings below the last one", () => {
        const context = testContext({ live: true });
        const timer = new HandTimer();
        const operation = new Operation("up", context.clock.now(), 2);
        const progress = new EngineProgress(operation, "dev", context.tell, context.clock, timer);
        progress.news(operation.take(diagnostic("warning", "slow"), context.clock.now()));
        progress.news(operation.take(create("web-alb"), context.clock.now()));
        assert.deepEqual(context.told, []);
        progress[Symbol.dispose]();
        assert.deepEqual(context.told, ["warning: slow"]);
        assert.deepEqual(context.pictures.at(-2), ["up dev: 0 of 2 resources, 0 s", "    creating web-alb (aws:lb:LoadBalancer) for 0 s"]);
        assert.deepEqual(context.pictures.at(-1), []);
    });

    it("says every half minute of silence what takes so long", () => {
        const context = testContext();
        const timer = new HandTimer();
        const operation = new Operation("up", context.clock.now(), 2);
        const progress = new EngineProgress(operation, "dev", context.tell, context.clock, timer);
        timer.tick(30);
        assert.deepEqual(context.told, [], "nothing is under way");
        for (const name of ["a", "b"]) progress.news(operation.take(create(name), context.clock.now()));
        context.clock.pass(30);
        timer.tick(30);
        progress.news(operation.take(end({ op: "create", ...alb, name: "a", after: {} }), context.clock.now()));
        assert.equal(timer.tick(30), 1, "counts anew from each line");
        progress[Symbol.dispose]();
        assert.equal(timer.tick(30), 0);
        assert.deepEqual(context.told, [
            "still creating a (aws:lb:LoadBalancer) for 30 s, and 1 more (0 of 2 resources)",
            "created a (aws:lb:LoadBalancer) in 30 s (1 of 2 resources)",
            "still creating b (aws:lb:LoadBalancer) for 30 s (1 of 2 resources)",
        ]);
    });

    it("moves its picture every second, until it ends", () => {
        const context = testContext({ live: true });
        const timer = new HandTimer();
        const progress = new EngineProgress(new Operation("up", context.clock.now(), 2), "dev", context.tell, context.clock, timer);
        context.clock.pass(1);
        timer.tick(1);
        assert.deepEqual(context.pictures, [["up dev: 0 of 2 resources, 0 s"], ["up dev: 0 of 2 resources, 1 s"]]);
        progress[Symbol.dispose]();
        assert.equal(timer.tick(1), 0);
    });

    it("tells of what Pulumi lets go of that it stays on AWS", () => {
        const operation = new Operation("up", at(0));
        for (const event of whole({ op: "delete", ...old, before: {}, retainOnDelete: true })) operation.take(event, at(0));
        assert.deepEqual(operation.changesOf().map(({ kind }) => kind), ["forget"]);
    });

    it("counts a resource as replaced whatever else happens to it, such as that an older copy is deleted", () => {
        const operation = new Operation("up", at(0));
        for (const op of ["create-replacement", "delete"] as const) operation.take(begin({ op, ...alb, before: {}, after: {} }), at(0));
        assert.deepEqual(operation.changesOf().map(({ kind }) => kind), ["replace"]);
    });

    it("takes what is only read for no change", () => {
        const operation = new Operation("up", at(0));
        for (const event of whole({ op: "read", ...old, after: {} })) operation.take(event, at(0));
        assert.equal(operation.changed, false);
    });

    it("reads properties of providers that name them and no more", () => {
        const operation = new Operation("preview", at(0));
        operation.take(begin({ op: "replace", ...alb, before: { a: 1, b: 2 }, after: { a: 2, c: 3 }, diffs: ["a", "b", "c"], keys: ["a"] }), at(0));
        assert.deepEqual(operation.changesOf()[0]?.properties, [
            { path: "a", kind: "changed", replaces: true, before: "1", after: "2" },
            { path: "b", kind: "removed", replaces: false, before: "2" },
            { path: "c", kind: "added", replaces: false, after: "3" },
        ]);
    });
});

describe("a property's value", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "x" };
    for (const [what, value, shown] of [
        ["text", "a\nb", '"a\\nb"'], ["a number", 4, "4"], ["a list", [1, "a"], '[1,"a"]'],
        ["what is known later", "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "(known later)"],
        ["a secret", "[secret]", "[secret]"], ["a secret inside", { a: secret }, '{"a":[secret]}'],
        ["something long", "x".repeat(300), `"${"x".repeat(199)}…`],
    ] as const) {
        it(`is shown as it is: ${what}`, () => { assert.equal(showValue(value), shown); });
    }

    for (const [path, value] of [["a", { b: [{ c: 1 }] }], ["a.b[0].c", 1], ['t["x.y"]', 2], ["a.z", undefined], ["a.b[0].c.d", undefined]] as const) {
        it(`is found at ${path}`, () => { assert.deepEqual(valueAt({ a: { b: [{ c: 1 }] }, t: { "x.y": 2 } }, path), value); });
    }
});

describe("words", () => {
    it("tell times and types shortly", () => {
        assert.deepEqual([0.4, 59.4, 60, 125].map(duration), ["0 s", "59 s", "1 min", "2 min 5 s"]);
        assert.deepEqual(["aws:lb/loadBalancer:LoadBalancer", "gapless:index:ReleaseStore", "docker:index/image:Image"].map(shortType), ["aws:lb:LoadBalancer", "gapless:ReleaseStore", "docker:Image"]);
    });
});
