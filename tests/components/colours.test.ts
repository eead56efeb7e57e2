import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type ColoursArgs, type ExistingListener, LoadBalancedTier, type LoadBalancedTierArgs } from "../../components";
import type { Registration } from "../../rehearsal/program/recording";
import { registered, type Registered } from "../support/registered";
import { tierArgs } from "./sample";

const secret = "0123456789abcdefABCDEF";
const given: ColoursArgs = { headerSecret: secret, serving: "blue" };
const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/1";
const https = { protocol: "https", certificateArn } as const;
const listenerArn = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/app/shared/50dc6c495c0c9188/f2f7dc8efc522ab2";

const build = (args: Partial<LoadBalancedTierArgs> = {}, name = "web"): Promise<Registered> =>
    registered(() => { new LoadBalancedTier(name, { ...tierArgs, colours: given, ...args }); });
const join = (changed: Partial<ExistingListener["existing"]> = {}, args: Partial<LoadBalancedTierArgs> = {}): Promise<Registered> =>
    build({ listener: { existing: { listenerArn, priority: 42, paths: ["/shop/*"], ...changed } }, ...args });

describe("LoadBalancedTier with two colours", () => {
    let made: Registered;
    before(async () => { made = await build(); });

    it("gives each a target group of the same settings", async () => {
        const made = await build({ drainSeconds: 45, healthIntervalSeconds: 10, healthTimeoutSeconds: 4 });
        assert.deepEqual(made.named("web-targets").inputs, {
            vpcId: "vpc-1", targetType: "instance", port: 8080, protocol: "HTTP", deregistrationDelay: 45,
            healthCheck: { path: "/health", protocol: "HTTP", port: "traffic-port", matcher: "200", interval: 10, timeout: 4, healthyThreshold: 2, unhealthyThreshold: 2 },
        });
        assert.deepEqual(made.named("web-targets-green").inputs, made.named("web-targets").inputs);
    });

    it("sends every request to the one that serves, in the words of a tier without colours when that is blue", async () => {
        assert.deepEqual(made.named("web-http").inputs, {
            loadBalancerArn: made.named("web-alb").outputs["arn"], port: 80, protocol: "HTTP", defaultActions: forward(made, "web-targets"),
        });
        const single = await registered(() => { new LoadBalancedTier("web", tierArgs); });
        assert.equal(JSON.stringify(made.named("web-http").inputs), JSON.stringify(single.named("web-http").inputs));
        const green = await build({ colours: { ...given, serving: "green" } });
        assert.deepEqual(green.named("web-http").inputs["defaultActions"], forward(green, "web-targets-green"));
    });

    it("leaves it to deployments to send them elsewhere", () => {
        assert.deepEqual(optionsOf(made), { "web-http": { ignoreChanges: ["defaultActions"], protect: false } });
    });

    it("lets the header reach either of them, before the weights are asked", () => {
        for (const [colour, priority, targets] of [["blue", 1, "web-targets"], ["green", 2, "web-targets-green"]] as const) {
            assert.deepEqual(made.named(`web-header-${colour}`).inputs, {
                listenerArn: made.named("web-http").outputs["arn"],
                priority,
                actions: [{ type: "forward", targetGroupArn: made.named(targets).outputs["arn"] }],
                conditions: [{ httpHeader: { httpHeaderName: "X-Gapless-Colour", values: [`${colour}-${secret}`] } }],
            });
        }
    });

    it("keeps what the header must say secret", async () => {
        const made = await build({ colours: { ...given, headerSecret: pulumi.secret(secret) } });
        const open = made.all.filter(resource => tells(resource) && !["conditions", "colours"].some(input => resource.secrets.includes(input)));
        assert.deepEqual(open.map(({ name }) => name), []);
        assert.deepEqual(made.all.filter(tells).map(({ name }) => name).sort(), ["web", "web-header-blue", "web-header-green"]);
    });

    it("tells what deployments change and register in", () => {
        const { green, weights, headerRules, targetGroupArn } = made.named("web").outputs as Record<string, Record<string, unknown>>;
        const { arn, name, arnSuffix } = made.named("web-targets-green").outputs;
        assert.deepEqual({ ...green, targetGroup: "whole" }, { targetGroup: "whole", targetGroupArn: arn, targetGroupName: name, targetGroupDimension: arnSuffix });
        assert.deepEqual(weights, { listenerArn: made.named("web-http").outputs["arn"] });
        assert.deepEqual(Object.keys(headerRules ?? {}), ["blue", "green"]);
        assert.equal(targetGroupArn, made.named("web-targets").outputs["arn"]);
    });

    describe("by HTTPS", () => {
        let made: Registered;
        before(async () => { made = await build({ listener: https, deletionProtection: true }); });

        it("has the weights where requests are forwarded, and none where they are sent away", () => {
            assert.deepEqual(made.named("web-https").inputs["defaultActions"], forward(made, "web-targets"));
            assert.deepEqual(made.named("web-http").inputs["defaultActions"], [
                { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
            ]);
            assert.deepEqual(made.named("web").outputs["weights"], { listenerArn: made.named("web-https").outputs["arn"] });
        });

        it("keeps Pulumi from deleting them when it must delete nothing", () => {
            assert.deepEqual(optionsOf(made), { "web-https": { ignoreChanges: ["defaultActions"], protect: true } });
        });

        it("takes the header there alone", () => {
            for (const colour of ["blue", "green"]) assert.equal(made.named(`web-header-${colour}`).inputs["listenerArn"], made.named("web-https").outputs["arn"]);
        });

        it("takes it there behind CloudFront, too", async () => {
            const behind = await build({ listener: https, onlyFromCloudFront: true });
            assert.deepEqual(behind.ofType("aws:lb/listener:Listener").map(({ name }) => name), ["web-https"]);
            assert.deepEqual(Object.keys(optionsOf(behind)), ["web-https"]);
            assert.deepEqual(behind.named("web").outputs["weights"], { listenerArn: behind.named("web-https").outputs["arn"] });
            for (const colour of ["blue", "green"]) assert.equal(behind.named(`web-header-${colour}`).inputs["listenerArn"], behind.named("web-https").outputs["arn"]);
        });
    });

    it("lets nobody in before the web ACL, by the header neither", async () => {
        const made = await build({ webAcl: true });
        for (const name of ["web-http", "web-header-blue", "web-header-green"]) assert.equal(made.comesAfter(name, "web-acl-association"), true, name);
    });

    it("has names that AWS can add to", async () => {
        assert.equal((await build({}, "ten-chars-")).named("ten-chars--targets-green").name.length, 24);
        await assert.rejects(build({}, "eleven-char"), { message: "LoadBalancedTier 'eleven-char': the name must have at most 10 characters with colours, got 11" });
    });

    it("refuses a secret that is guessed easily, or that the load balancer takes for a pattern, and does not show it", async () => {
        for (const headerSecret of ["*".repeat(16), "a".repeat(15), "a".repeat(65), `${secret}-`, ""]) {
            await assert.rejects(build({ colours: { ...given, headerSecret } }), {
                message: "LoadBalancedTier 'web': colours.headerSecret must be 16 to 64 letters and digits",
            });
        }
        for (const headerSecret of ["a".repeat(16), "Z9".repeat(32)]) await build({ colours: { ...given, headerSecret } });
    });
});

describe("LoadBalancedTier with two colours on a listener that is there already", () => {
    let made: Registered;
    before(async () => { made = await join({ hosts: ["shop.example.com"] }); });

    const conditions = [{ hostHeader: { values: ["shop.example.com"] } }, { pathPattern: { values: ["/shop/*"] } }];

    it("has the weights in a rule of its own, which deployments change", () => {
        assert.deepEqual(made.named("web-rule").inputs, {
            listenerArn, priority: 42, conditions, actions: forward(made, "web-targets"),
        });
        assert.deepEqual(optionsOf(made), { "web-rule": { ignoreChanges: ["actions"], protect: false } });
        assert.deepEqual(made.named("web").outputs["weights"], { ruleArn: made.named("web-rule").outputs["arn"] });
    });

    it("takes the header right before that rule, of its own hosts and paths only", () => {
        for (const [colour, priority, targets] of [["blue", 40, "web-targets"], ["green", 41, "web-targets-green"]] as const) {
            assert.deepEqual(made.named(`web-header-${colour}`).inputs, {
                listenerArn, priority,
                actions: [{ type: "forward", targetGroupArn: made.named(targets).outputs["arn"] }],
                conditions: [...conditions, { httpHeader: { httpHeaderName: "X-Gapless-Colour", values: [`${colour}-${secret}`] } }],
            });
        }
    });

    it("adds nothing else", () => {
        assert.deepEqual(made.all.filter(({ custom }) => custom).map(({ name }) => name).sort(), [
            "web-header-blue", "web-header-green", "web-rule", "web-targets", "web-targets-green",
        ]);
    });

    it("keeps Pulumi from deleting the rule when it must delete nothing", async () => {
        const protectedOnes = (await join({}, { deletionProtection: true })).all.filter(({ protect }) => protect);
        assert.deepEqual(protectedOnes.map(({ name }) => name), ["web-rule"]);
    });

    it("needs two places before its own, and one of a rule's five values", async () => {
        assert.deepEqual((await join({ priority: 3 })).named("web-header-blue").inputs["priority"], 1);
        await assert.rejects(join({ priority: 2 }), {
            message: "LoadBalancedTier 'web': listener.existing.priority must be 3 to 50000 with colours, whose header's rules come right before it, got 2",
        });
        await join({ hosts: ["a", "b"], paths: ["/c", "/d"] });
        await assert.rejects(join({ hosts: ["a", "b", "c"], paths: ["/d", "/e"] }), {
            message: "LoadBalancedTier 'web': listener.existing must have at most 4 hosts and paths together with colours, since the header counts, too, got 5",
        });
    });
});

describe("LoadBalancedTier without colours", () => {
    for (const [where, args] of [
        ["by HTTP", {}], ["by HTTPS", { listener: https, deletionProtection: true }], ["on somebody's listener", { listener: { existing: { listenerArn, priority: 1, paths: ["/*"] } } }],
    ] as const) {
        it(`knows nothing of them ${where}`, async () => {
            const made = await registered(() => { new LoadBalancedTier("web", { ...tierArgs, ...args }); });
            assert.deepEqual(made.names().filter(name => /green|header|blue/.test(name)), []);
            assert.deepEqual(optionsOf(made), {});
            const { green, weights, headerRules } = made.named("web").outputs;
            assert.deepEqual({ green, weights, headerRules }, { green: undefined, weights: undefined, headerRules: undefined });
        });
    }
});

function forward(made: Registered, targets: string) {
    return [{ type: "forward", targetGroupArn: made.named(targets).outputs["arn"] }];
}

/** Of whatever Pulumi shall not treat as usual. */
function optionsOf(made: Registered) {
    const special = made.all.filter(({ ignoreChanges, protect }) => ignoreChanges.length > 0 || protect);
    return Object.fromEntries(special.map(({ name, ignoreChanges, protect }) => [name, { ignoreChanges, protect }]));
}

function tells({ inputs }: Registration): boolean {
    return JSON.stringify(inputs).includes(secret);
}
