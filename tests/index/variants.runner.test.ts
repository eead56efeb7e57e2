import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "mocha";
import { readStackConfig } from "../../rehearsal/program/stack-config";
import { runProgram } from "../support/run-program";

const root = join(import.meta.dirname, "../..");
const account = "111122223333";
const zone = { zoneName: "example.com", domainName: "shop.example.com", httpOnly: "false" };

interface Variant {
    readonly stage: string;
    readonly settings: Readonly<Record<string, string>>;
    /** What tells that a run has come to its end. */
    readonly outputs: readonly string[];
    /** What a plain stack has not: `<type's name> <logical name>`. */
    readonly resources: readonly string[];
}

/** The main ways in and ways to run. */
const variants: Readonly<Record<string, Variant>> = {
    "a push to GitHub, by a connection yet to be confirmed, on an auto scaling fleet": {
        stage: "prod",
        settings: { ...zone, source: "github", githubRepository: "acme/shop" },
        outputs: ["autoScalingGroup", "buildPipeline", "connectionStatus"],
        resources: ["Connection web-build-github", "Project web-build-project"],
    },
    "Jenkins, on a tagged fleet": {
        stage: "stg",
        settings: { ...zone, source: "s3", ciPrincipalArn: `arn:aws:iam::${account}:role/jenkins`, ciMayDeploy: "true", fleet: "tagged" },
        outputs: ["ciRole", "instanceIds"],
        resources: ["Instance web-hosts-1", "Instance web-hosts-2", "Role web-ci-role"],
    },
    "two colours, with CI by a role of its own": {
        stage: "prod",
        settings: { ...zone, strategy: "blueGreen", colourSecret: "0123456789abcdef", source: "s3", ciPrincipalArn: `arn:aws:iam::${account}:role/jenkins` },
        outputs: ["autoScalingGroup", "ciRole", "green"],
        resources: ["Group web-hosts-group-green", "ListenerRule web-header-green", "Project web-deploy-roll", "Parameter web-active-colour-parameter"],
    },
    "hosts that reach AWS through endpoints": {
        stage: "dev",
        settings: { interfaceEndpoints: "true", cloudFront: "true", waf: "true" },
        outputs: ["autoScalingGroup"],
        resources: ["Distribution web-cdn-distribution", "VpcEndpoint network-ecr-api", "WebAcl web-cdn-acl"],
    },
};

describe("a variant under Pulumi's own runner", function () {
    this.timeout(60_000);

    for (const [name, { stage, settings, outputs, resources }] of Object.entries(variants)) {
        it(`is described: ${name}`, async () => {
            const { config, ...rest } = readStackConfig(root, stage);
            const given = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`gapless:${key}`, value]));
            const own = { ...config, ...given, "aws:allowedAccountIds": JSON.stringify([account]) };
            const { exitCode, engine, printed } = await runProgram(stage, { ...rest, config: own });
            assert.equal(exitCode, 0, [printed, ...engine.messages].join("\n"));
            const variable = ["autoScalingGroup", "buildPipeline", "ciRole", "connectionStatus", "green", "instanceIds"];
            assert.deepEqual(variable.filter(output => output in engine.outputs), outputs);
            const asked = new Set(engine.resources.map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`));
            assert.deepEqual(resources.filter(one => !asked.has(one)), [], [...asked].join(", "));
        });
    }

    it("is refused with the wrong account's credentials, before anything is made", async () => {
        const { config, ...rest } = readStackConfig(root, "prod");
        const own = { ...config, "aws:allowedAccountIds": JSON.stringify(["444455556666"]) };
        const { exitCode, engine } = await runProgram("prod", { ...rest, config: own }, {}, config);
        assert.equal(exitCode, 32);
        assert.match(engine.messages.join("\n"), /aws:allowedAccountIds must name the account of the credentials \(111122223333\)/);
        assert.deepEqual(engine.resources.map(({ type }) => type), ["pulumi:pulumi:Stack"]);
    });
});
