import assert from "node:assert/strict";
import type { Colour } from "../../release/blue-green/colour";
import { emptyColourDocument } from "../../release/blue-green/document";
import { advanceRoll, beginRoll, type RollState } from "../../release/blue-green/machine";
import type { ColourParts } from "../../release/colour-status";
import { readStatus } from "../../release/read-status";
import type { Status, StatusParts } from "../../release/status";
import { renderStatus } from "../../release/status-page";
import type { ColourResources, Stage } from "../../release/stage";
import { at, entry, instances, now, parts, resources, version } from "./status-site";

const of = (colour: Colour): ColourResources => ({
    autoScalingGroup: `web-${colour}`, deploymentGroup: colour === "blue" ? "dev" : "dev-green", targetGroupArn: `arn:${colour}`, headerRuleArn: "r", alarms: [`${colour}-errors`],
});
const blueGreen = {
    blue: of("blue"), green: of("green"), weights: { listenerArn: "l" }, shiftPercents: [100], bakeSeconds: 60, warmSeconds: 1800, probePath: "/", dnsTarget: "d",
    active: "green" as Colour, sizes: { minSize: 2, maxSize: 4 },
};
const stage = { project: "gapless", stack: "dev", region: "eu-central-1", url: "https://example.com", build: undefined, ...resources, blueGreen };
const release = (n: number) => ({ version: version(n), image: `r@sha256:${n}` });
const targets = { told: [{ id: "i-1", health: "healthy" }, { id: "i-2", health: "healthy" }] };

/** Green serves release 2, and blue is warm with release 1. */
const settled: ColourParts = {
    document: { told: { ...emptyColourDocument, blue: release(1), green: release(2), warm: { colour: "blue", until: at(59) } } },
    weights: { told: { blue: 0, green: 100 } },
    groups: { blue: { told: { minSize: 2, desired: 2, end: at(59) } }, green: { told: { minSize: 2, desired: 2 } } },
    targets: { blue: targets, green: targets },
    attached: { blue: { told: ["web-blue"] }, green: { told: ["web-green"] } },
};
const journal = [entry(1, { deploymentId: "bg-1", colour: "blue" }), entry(2, { deploymentId: "bg-2", colour: "green", endedAt: at(22) })];

const disarm = (colour: Colour): string => `aws autoscaling delete-scheduled-action --auto-scaling-group-name web-${colour} --scheduled-action-name gapless-end --region eu-central-1`;
const sendAll = (listener: string, to: Colour, other: Colour): string =>
    `${disarm(to)}; aws elbv2 modify-listener --listener-arn ${listener} --default-actions '[{"Type":"forward","ForwardConfig":{"TargetGroups":[{"TargetGroupArn":"arn:${to}","Weight":100},{"TargetGroupArn":"arn:${other}","Weight":0}],"TargetGroupStickinessConfig":{"Enabled":false}}}]' --region eu-central-1`;

function status(colours: Partial<ColourParts> = {}, about: Partial<StatusParts> = {}, over: Partial<NonNullable<Stage["blueGreen"]>> = {}): Status {
    return readStatus({ ...stage, blueGreen: { ...blueGreen, ...over } }, parts({ group: { told: {} }, entries: { told: journal }, fleet: { told: { desired: 2, instances } }, ...about, colours: { ...settled, ...colours } }), now);
}

const begun = beginRoll({
    id: "bg-3", kind: "deploy", version: version(3), from: "green", to: "blue", shiftPercents: [10, 100], bakeSeconds: 60, warmSeconds: 1800, minSize: 2, begun: at(40),
});
const rolling = (roll: RollState): Partial<ColourParts> => ({ document: { told: { ...emptyColourDocument, green: release(2), roll: roll.phase === "ended" ? assert.fail("over") : roll } } });
const holder = { who: "bob", host: "lap", pid: 7, command: "roll", since: at(40), expires: at(55), token: "t" };
const held = { lock: { told: { holder, standing: "held" } } } as const;
const problemsOf = (...args: Parameters<typeof status>): Status["problems"] => status(...args).problems;

describe("status of two colours", () => {
    it("tells both on the page, and what one call brings back", () => {
        assert.equal(renderStatus(status(), now), [
            "dev in eu-central-1, https://example.com",
            "",
            "serves      release 000000000002 (number 2), commit 0123456789ab, by ann, since 2026-01-01T00:22:00Z (28 minutes ago)",
            "instances   2 of 2 healthy: 1 of 1 in eu-central-1a, 1 of 1 in eu-central-1b",
            "            i-1 eu-central-1a, healthy",
            "            i-2 eu-central-1b, healthy",
            "colours     blue   warm    release 000000000001    0 %  2 of 2 healthy, until 2026-01-01T00:59:00Z",
            "            green  serves  release 000000000002  100 %  2 of 2 healthy",
            "on its way  nothing",
            "lock        free",
            "alarms      none fires",
            "way back    ./gapless rollback dev takes 000000000001, unless somebody has deployed past Gapless since",
        ].join("\n"));
    });

    it("calls a colour idle that has no instances, or whose warm time is over", () => {
        const cold = status({ document: { told: { ...emptyColourDocument, green: release(2) } }, groups: { ...settled.groups, blue: { told: { minSize: 0, desired: 0 } } } });
        assert.match(renderStatus(cold, now), /^colours {5}blue {3}idle {4}nothing +0 % {2}no instances$/m);
        const late = status({ document: { told: { ...emptyColourDocument, blue: release(1), green: release(2), warm: { colour: "blue", until: at(50) } } } });
        assert.equal(late.colours?.colours[0]?.role, "idle");
    });

    it("goes by the weights, not by the parameter, and says where they differ", () => {
        const told = status({}, {}, { active: "blue" });
        assert.deepEqual([told.colours?.serving, told.serves?.version], ["green", version(2)]);
        assert.deepEqual(told.problems, [{
            what: "the load balancer sends the requests to green, and /gapless/gapless/dev/activeColour names blue",
            next: "aws ssm put-parameter --name /gapless/gapless/dev/activeColour --value green --overwrite --region eu-central-1",
        }]);
    });

    it("says so when both colours get requests and nobody rolls", () => {
        const told = status({ weights: { told: { blue: 30, green: 70 } } });
        assert.deepEqual(told.problems, [{
            what: "the load balancer sends 30 % of the requests to blue and 70 % of the requests to green, and no roll is under way, so nothing can be deployed; green has 2 healthy",
            next: sendAll("l", "green", "blue"),
        }]);
        assert.match(renderStatus(told, now), /^serves {6}no colour alone: see below$/m);
        assert.match(renderStatus(told, now), /^colours {5}blue {5}release 000000000001 {3}30 % {2}2 of 2 healthy, .*\n {12}green {4}release 000000000002 {3}70 %/m);
    });

    it("names the call that sends all requests to the colour that is healthy, also by a rule of somebody else's listener", () => {
        const split = { weights: { told: { blue: 30, green: 70 } }, targets: { blue: targets, green: { told: [{ id: "i-1", health: "unhealthy" }] } } };
        const [problem] = problemsOf(split);
        assert.match(problem?.what ?? "", /; blue has 2 healthy$/);
        assert.equal(problem?.next, sendAll("l", "blue", "green"));
        assert.match(problemsOf(split, {}, { weights: { ruleArn: "rule" } })[0]?.next ?? "", /; aws elbv2 modify-rule --rule-arn rule --actions '\[\{"Type":"forward",/);
        assert.match(problemsOf({ ...split, targets: { blue: { told: [] }, green: { told: [] } } })[0]?.what ?? "", /; green has no healthy target either$/);
        assert.match(problemsOf({ ...split, weights: { told: { blue: 0, green: 0 } } })[0]?.what ?? "", /^the load balancer sends no requests to either colour, and/);
    });

    it("tells a roll that somebody drives, by its step, and takes nothing of it for a problem", () => {
        const told = status({ ...rolling({ ...begun, at: 4 }), attached: { ...settled.attached, blue: { told: [] } }, weights: { told: { blue: 10, green: 90 } } }, {
            ...held, entries: { told: [...journal, entry(3, { deploymentId: "bg-3", result: "inProgress", who: "bob" })] },
        });
        assert.deepEqual(told.problems, []);
        assert.deepEqual([told.colours?.colours.map(({ role }) => role), told.onItsWay.map(one => [one.kind, one.version, "who" in one && one.who])], [["filling", "serves"], [["roll", version(3), "bob"]]]);
        assert.match(renderStatus(told, now), /^on its way {2}roll bg-3 of release 000000000003 from green to blue, since 2026-01-01T00:40:00Z: step 5 of \d+: installing 000000000003 on blue; driven by roll of bob \(process 7 on lap\) since 2026-01-01T00:40:00Z$/m);
    });

    for (const [what, about] of [
        ["the lock is free", {}],
        ["its driver's lock has expired", { lock: { told: { holder, standing: "expired" } } }],
        ["its driver's process is gone", { lock: { told: { holder, standing: "ownerGone" } } }],
        ["somebody holds the lock who changes the stack", { lock: { told: { holder: { ...holder, command: "up" }, standing: "held" } } }],
    ] as const) {
        it(`says that nobody drives a roll, who gets the requests, and both ways on, when ${what}`, () => {
            const [problem] = problemsOf(rolling(begun), about);
            assert.match(problem?.what ?? "", /^nobody drives roll bg-3 of release 000000000003 any more: step 1 of \d+: /);
            assert.match(problem?.what ?? "", /; the load balancer sends all requests to green\. To go on with it instead: \.\/gapless roll dev 000000000003$/);
            assert.equal(problem?.next, "./gapless abort dev");
        });
    }

    it("says that both colours run until somebody comes, once nothing ends either by itself", () => {
        const both = { blue: { told: { minSize: 0, desired: 2 } }, green: { told: { minSize: 2, desired: 2 } } };
        const armed = { ...both, blue: { told: { minSize: 0, desired: 2, end: at(59) } } };
        const [endless, ending] = [both, armed].map(groups => problemsOf({ ...rolling(begun), groups })[0]?.what ?? "");
        assert.match(endless ?? "", /^nobody drives roll bg-3 .*; both colours run, and cost, until somebody comes\. To go on/);
        assert.doesNotMatch(ending ?? "both colours run", /both colours run/);
    });

    it("names the same flip to go on with a flip", () => {
        assert.match(problemsOf(rolling({ ...begun, roll: { ...begun.roll, kind: "flip" } }))[0]?.what ?? "", /\. To go on with it instead: \.\/gapless flip dev$/);
    });

    it("does not say that nobody drives a roll when the lock is not told", () => {
        assert.deepEqual(problemsOf(rolling(begun), { lock: { refused: "denied" } }), []);
    });

    it("says why a way back is blocked", () => {
        const back = advanceRoll(begun, { type: "failed", reason: "no boot" });
        const stuck = back.phase === "ended" ? assert.fail("over") : advanceRoll(back, { type: "failed", reason: "ELB denies it" });
        assert.deepEqual(problemsOf(rolling(stuck))[0], { what: "roll bg-3 of release 000000000003 cannot go back: ELB denies it; the load balancer sends all requests to green", next: "./gapless abort dev" });
        const going = advanceRoll(begun, { type: "failed", reason: "no boot" });
        assert.doesNotMatch(problemsOf(rolling(going))[0]?.what ?? "go on with", /go on with/, "a way back is not gone on with by the same release");
    });

    it("warns first of an end that Auto Scaling has for the colour that serves, also during a roll", () => {
        const groups = { ...settled.groups, green: { told: { minSize: 2, desired: 2, end: at(55) } } };
        for (const more of [{}, rolling(begun)]) {
            assert.deepEqual(problemsOf({ groups, ...more }, held)[0], {
                what: "Auto Scaling ends all instances of green, which serves, at 2026-01-01T00:55:00Z",
                next: disarm("green"),
            });
        }
    });

    it("says which group is outside its deployment group", () => {
        assert.deepEqual(problemsOf({ attached: { ...settled.attached, blue: { told: [] } } }), [{
            what: "web-blue is not in deployment group dev, so instances that it launches get no release",
            next: "aws deploy update-deployment-group --application-name web --current-deployment-group-name dev --auto-scaling-groups web-blue --region eu-central-1",
        }]);
    });

    it("says when what serves has less than the minimum that the stack wants, unless nothing is there yet", () => {
        const group = (desired: number, minSize = 0) => ({ groups: { ...settled.groups, green: { told: { minSize, desired } } } });
        assert.deepEqual(problemsOf(group(2)), [{ what: "green serves with 0 instances at the least, and the stack wants 2", next: "./gapless up dev" }]);
        assert.deepEqual(problemsOf(group(0)), []);
        assert.deepEqual([problemsOf(group(2, 2)), problemsOf(group(4, 4))], [[], []], "a roll holds the minimum for a while, lest what serves anew shrinks");
    });

    for (const [result, what] of [
        ["rolledBack", "release 000000000003 failed and was taken back: no health"],
        ["stopped", "roll bg-3 of release 000000000003 was stopped: no health"],
        ["failed", "roll bg-3 of release 000000000003 failed: no health"],
    ] as const) {
        it(`says that the roll that began last ${result === "failed" ? "failed" : `was ${result}`}, and shows why`, () => {
            const told = status({}, { entries: { told: [...journal, entry(3, { deploymentId: "bg-3", result, reason: "no health", endedAt: at(45) })] } });
            assert.deepEqual(told.problems[0], { what, next: "./gapless history dev --show 3" });
            assert.deepEqual(told.lastAttempt, { deploymentId: "bg-3", result, begunAt: at(30), endedAt: at(45), n: 3, version: version(3), reason: "no health" });
        });
    }

    it("names the alarms of the colour that serves without saying that they keep anything from beginning", () => {
        const fire = { alarms: { told: [{ name: "green-errors", state: "ALARM" }, { name: "blue-errors", state: "ALARM" }] } };
        assert.deepEqual(problemsOf({}, fire), [{ what: "an alarm of green, which serves, fires: green-errors", next: "./gapless logs dev" }]);
        const during = status(rolling(begun), { ...held, ...fire });
        assert.deepEqual(during.problems.map(({ what }) => what), ["an alarm of blue, which is in a roll, fires: blue-errors", "an alarm of green, which serves, fires: green-errors"]);
        assert.match(renderStatus(during, now), /^alarms {6}blue-errors \(blue\), green-errors \(green\)$/m);
        assert.match(problemsOf({ weights: { told: { blue: 30, green: 70 } } }, fire)[1]?.what ?? "", /^an alarm of blue, which has 30 % of the requests, fires/);
    });

    it("is of one colour between the last shift and the commit: the one that has the requests", () => {
        const told = status({ ...rolling({ ...begun, at: 13 }), weights: { told: { blue: 100, green: 0 } } }, held);
        assert.deepEqual(told.colours?.colours.map(({ role }) => role), ["serves", "filling"]);
        assert.deepEqual([told.resources.deploymentGroup, told.resources.targetGroupArn, told.resources.fleet, told.resources.alarms], ["dev", "arn:blue", { autoScalingGroup: "web-blue" }, ["blue-errors"]]);
    });

    it("says nothing of a first deployment while that is on its way, and calls idle what has no release", () => {
        const none = { told: { minSize: 0, desired: 0 } };
        const first = { weights: { told: { blue: 100, green: 0 } }, groups: { blue: none, green: { told: { minSize: 2, desired: 2, end: at(59) } } } };
        const roll = { document: { told: { ...emptyColourDocument, roll: { ...begun, roll: { ...begun.roll, from: "blue" as const, to: "green" as const } } } } };
        const told = status({ ...first, ...roll }, { ...held, entries: { told: [] } }, { active: "blue" });
        assert.deepEqual([told.problems, told.colours?.colours.map(({ role }) => role)], [[], ["idle", "filling"]]);
        const before = status({ ...first, groups: { blue: none, green: none }, document: { told: emptyColourDocument } }, { entries: { told: [] } }, { active: "blue" });
        assert.deepEqual(before.problems, [{ what: "no release has been deployed yet", next: "./gapless deploy dev" }]);
        assert.match(renderStatus(before, now), /^colours {5}blue {3}idle {2}nothing {2}100 % {2}no instances$/m);
    });

    it("says that nothing ends instances that nobody needs", () => {
        const left = { ...settled.groups, blue: { told: { minSize: 0, desired: 2 } } };
        assert.deepEqual(problemsOf({ groups: left }), [{ what: "blue gets no requests, and nothing ends its 2 instances", next: "./gapless abort dev" }]);
        assert.deepEqual(problemsOf({ groups: left, ...rolling(begun) }, held), [], "a roll needs them");
    });

    it("goes on by the weights when what is known of the colours cannot be read, and says how to put it back", () => {
        const told = status({ document: { refused: "s3://releases-1/colours.json is not what Gapless writes there" } }, {}, { active: "blue" });
        assert.equal(told.colours?.serving, "green");
        assert.deepEqual(told.problems.find(({ what }) => what.includes("colours.json")), {
            what: "s3://releases-1/colours.json cannot be read, so no roll can begin, go on or be taken back; the load balancer sends all requests to green, and goes on to. Put its last good version back",
            next: "aws s3api list-object-versions --bucket releases-1 --prefix colours.json --region eu-central-1",
        });
        assert.match(renderStatus(told, now), /^on its way {2}unknown$/m);
    });

    it("knows what serves by CodeDeploy until the first roll is over", () => {
        const success = { deploymentId: "d-2", status: "Succeeded", begunAt: at(20), at: at(22) };
        const told = status({ document: { told: emptyColourDocument } }, { group: { told: { lastSuccess: success, lastAttempt: success } }, entries: { told: [entry(1), entry(2)] } });
        assert.deepEqual([told.serves?.deploymentId, told.serves?.version], ["d-2", version(2)]);
    });

    it("hides nothing when nothing of the colours is told", () => {
        const refused = { refused: "denied" };
        const both = { blue: refused, green: refused };
        const told = status({ document: refused, weights: refused, groups: both, targets: both, attached: both });
        assert.deepEqual([told.colours?.serving, told.colours?.roll, told.problems.filter(({ what }) => !/^no release|colours.json/.test(what))], ["green", undefined, []]);
        assert.deepEqual(told.unknown.map(({ part }) => part), [
            "what is known of the colours", "which colour gets the requests", "the group of blue", "the health of blue", "the deployment group of blue",
            "the group of green", "the health of green", "the deployment group of green",
        ]);
        assert.match(renderStatus(told, now), /^colours {5}blue {3}idle {4}release unknown {2}unknown {2}instances unknown$/m);
    });
});
