import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { halfAtATime } from "../../../release/minimum-healthy-hosts";
import { readSettings } from "../../../stacks/settings";
import { planOf } from "../../../stacks/settings-rules";
import { findingsOn, listener, said, sample, type Said, type Stack } from "../findings";

const secret = "0123456789abcdef";
const encrypt = 'run pulumi config set --secret colourSecret "$(openssl rand -hex 16)"';

/** A stack of two colours whose secret is one. */
const colours = (given: Stack["given"] = {}, stack: Partial<Stack> = {}): Stack => ({ given: { strategy: "blueGreen", colourSecret: secret, ...given }, secret: ["colourSecret"], ...stack });

const withoutEffect = "with strategy blueGreen: the hosts that are replaced serve nobody, so all are taken at once";
const rolling = "remove it, or set strategy to rolling";

describe("the rules of two colours", () => {
    const rows: readonly [string, Stack, readonly Said[]][] = [
        ["refuse a header that anybody could send", { given: { strategy: "blueGreen" } }, [
            ["error", "gapless:colourSecret", "must be set for strategy blueGreen: without a secret anybody could ask for a release that is not out yet", "nothing", encrypt],
        ]],
        ["warn of a secret in plain text, and do not show it", { given: { strategy: "blueGreen", colourSecret: secret } }, [
            ["warning", "gapless:colourSecret", "should be encrypted: whoever reads the stack's file can ask for a release that is not out yet", "plain text", encrypt],
        ]],
        ["refuse a tagged fleet", colours({ fleet: "tagged", maxSize: 2 }), [
            ["error", "gapless:fleet", "must be autoScaling for strategy blueGreen: the second fleet is there for a deployment alone, and a tagged one is always there", '"tagged"',
                "set fleet to autoScaling, or strategy to rolling"],
        ]],
        ["refuse schedules", colours({ schedules: { day: { recurrence: "0 7 * * *", minSize: 4, maxSize: 8 } } }), [
            ["error", "gapless:schedules", "must be empty for strategy blueGreen: a schedule knows no colours, and would resize one that serves, or one that does not, in the middle of a deployment", '["day"]',
                "remove schedules, or set strategy to rolling"],
        ]],
        ["refuse a single host, and say nothing of rollouts that CodeDeploy would refuse", colours({ minSize: 1 }), [
            ["error", "gapless:minSize", "must be 2 or more: a service of one host is gone when that host is", "1", "set minSize to 2 or more"],
        ]],
        ["say nothing of waves, which there are none of", colours({ minSize: 3, maxSize: 9 }), []],
        ["but that the largest size must be one", colours({ minSize: 4, maxSize: 3 }), [
            ["error", "gapless:maxSize", "must be at least minSize (4)", "3", "set maxSize to 4 or more"],
        ]],
        ["warn of shares that nobody watches", colours({ shiftPercents: [10, 100], bakeSeconds: 0 }), [
            ["warning", "gapless:bakeSeconds", "should not be 0 with 2 shares: one follows the other before anybody has seen what became of it", "0",
                "set bakeSeconds to 180 or more, or shiftPercents to [100]"],
        ]],
        ["take one share that nobody watches", colours({ bakeSeconds: 0, warmMinutes: 3 }), []],
        ["warn of a way back that is gone before an alarm could tell", colours({ bakeSeconds: 0, warmMinutes: 1 }), [
            ["warning", "gapless:warmMinutes",
                "should be at least 3: what is found after the last share, as alarms find it, takes a whole release to go back from when the hosts that served are gone", "1",
                "set warmMinutes to 3 or more"],
        ]],
        ["warn of how many hosts stay in service, as all are taken that serve nobody", colours({ deploymentConfig: "75%", zoneByZone: true, zoneMonitorSeconds: 60, minSize: 4 }), [
            ["warning", "gapless:deploymentConfig", `has no effect ${withoutEffect}`, '"75%"', rolling],
            ["warning", "gapless:zoneByZone", `has no effect ${withoutEffect}`, "true", rolling],
            ["warning", "gapless:zoneMonitorSeconds", `has no effect ${withoutEffect}`, "60", rolling],
        ]],
        ["do not compare with each other what has no effect", colours({ deploymentConfig: "OneAtATime", zoneByZone: true }), [
            ["warning", "gapless:deploymentConfig", `has no effect ${withoutEffect}`, '"OneAtATime"', rolling],
            ["warning", "gapless:zoneByZone", `has no effect ${withoutEffect}`, "true", rolling],
        ]],
        ["warn of what means nothing to a rolling stack", { given: { colourSecret: secret, shiftPercents: [50, 100], bakeSeconds: 30, warmMinutes: 5 }, secret: ["colourSecret"] }, [
            ["warning", "gapless:colourSecret", "has no effect with strategy rolling", "a secret value", "remove it, or set strategy to blueGreen"],
            ["warning", "gapless:shiftPercents", "has no effect with strategy rolling", "[50,100]", "remove it, or set strategy to blueGreen"],
            ["warning", "gapless:bakeSeconds", "has no effect with strategy rolling", "30", "remove it, or set strategy to blueGreen"],
            ["warning", "gapless:warmMinutes", "has no effect with strategy rolling", "5", "remove it, or set strategy to blueGreen"],
        ]],
        ["take the place of the rule that has room for two before it", colours({ ...listener, listenerPriority: 3 }), []],
        ["refuse one that has not", colours({ ...listener, listenerPriority: 2 }), [
            ["error", "gapless:listenerPriority", "must be 3 or more for strategy blueGreen: the two rules of the colours take the two priorities before it", "2",
                "set listenerPriority to a number of 3 or more that no other rule of the listener has, nor the two before it"],
        ]],
        ["take four conditions beside the header", colours({ ...listener, listenerPaths: ["/", "/b", "/c"] }), []],
        ["refuse a fifth", colours({ ...listener, listenerPaths: ["/", "/b", "/c", "/d"] }), [
            ["error", "gapless:listenerPaths", "must leave 4 entries at most, hosts and paths together (5), for strategy blueGreen: the colour's header is the fifth value that a rule takes", '["/","/b","/c","/d"]',
                "join entries by wildcards such as /shop/*"],
        ]],
        ["refuse a fifth host", colours({ ...listener, listenerHosts: ["a.example.com", "b.example.com", "c.example.com", "d.example.com", "e.example.com"] }), [
            ["error", "gapless:listenerHosts", "must leave 4 entries at most, hosts and paths together (5), for strategy blueGreen: the colour's header is the fifth value that a rule takes",
                '["a.example.com","b.example.com","c.example.com","d.example.com","e.example.com"]', "join entries by wildcards such as /shop/*"],
        ]],
        ["leave six to the rule of every stack", colours({ ...listener, listenerPaths: ["/", "/b", "/c", "/d", "/e"] }), [
            ["error", "gapless:listenerPaths", "must be five entries at most together with listenerHosts (1): that is what a rule takes", '["/","/b","/c","/d","/e"]',
                "join entries by wildcards such as /shop/*"],
        ]],
        ["refuse hosts that no request for a trial can name", colours({ ...listener, listenerHosts: ["*.example.com"] }), [
            ["error", "gapless:listenerHosts", "must have a name without wildcards for strategy blueGreen: a release is tried by it before clients see it", '["*.example.com"]',
                "add a name that the service answers to, such as shop.example.com"],
        ]],
        ["refuse a trial on somebody else's path", colours({ ...listener, listenerPaths: ["/shop", "/shop/*"] }), [
            ["error", "gapless:probePath", "must be one of listenerPaths for strategy blueGreen: a release is tried by it through that listener before clients see it", '"/"',
                "set probePath to a real route such as /shop"],
        ]],
        ["take a trial on a path of its own, whatever its query is", colours({ ...listener, listenerPaths: ["/shop.v?/*"], probePath: "/shop.v2/cart?full=1" }), []],
        ["know a dot from any other character", colours({ ...listener, listenerPaths: ["/shop.v2"], probePath: "/shopXv2" }), [
            ["error", "gapless:probePath", "must be one of listenerPaths for strategy blueGreen: a release is tried by it through that listener before clients see it", '"/shopXv2"',
                "set probePath to a real route such as /shop.v2"],
        ]],
    ];
    for (const [title, stack, findings] of rows) {
        it(title, () => { assert.deepEqual(said(findingsOn(stack)), findings); });
    }

    const sound: Readonly<Record<string, Stack>> = {
        "GitHub": colours({ source: "github", githubRepository: "acme/shop" }),
        "Jenkins, which brings the first release, too": colours({ source: "s3", ciPrincipalArn: sample.ciPrincipalArn, firstRelease: "none" }),
        "CloudFront": colours({ cloudFront: true }),
        "Spot": colours({ spot: true, alternativeInstanceTypes: ["t3a.small"] }),
        "shares that are watched": colours({ shiftPercents: [10, 50, 100] }),
        "prod": colours({ certificateArn: sample.certificateArn, domainName: "shop.example.com", approval: true }, { stage: "prod" }),
    };
    for (const [name, stack] of Object.entries(sound)) {
        it(`find nothing on ${name}`, () => { assert.deepEqual(said(findingsOn(stack)), []); });
    }

    it("plan as if half of the hosts stayed, whatever has no effect: the alarms of hosts want a plan that can be carried out", () => {
        const config = { "aws:region": "eu-central-1", "gapless:strategy": "blueGreen", "gapless:colourSecret": secret, "gapless:deploymentConfig": "5", "gapless:zoneByZone": "true" };
        const { minimumHealthyHosts, zones } = planOf(readSettings({ project: "gapless", stack: "dev", config }).settings);
        assert.deepEqual({ minimumHealthyHosts, zones }, { minimumHealthyHosts: halfAtATime, zones: undefined });
    });
});
