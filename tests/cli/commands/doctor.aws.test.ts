import assert from "node:assert/strict";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as quotasModel from "@aws-sdk/client-service-quotas";
import { doctorCommand } from "../../../cli/commands/doctor";
import type { DoctorReport } from "../../../cli/doctor/report";
import { exitCodeOf } from "../../../cli/failure";
import { ProgramError } from "../../../rehearsal/program/program-error";
import type { RecordedProgram } from "../../../rehearsal/program/program-facts";
import { systemClock } from "../../../release/clock";
import { testContext } from "../../support/aws/command-context";
import { DemoStage } from "../../support/aws/demo-stage";
import { JsonAnswers } from "../../support/aws/json-answers";

const resource = (type: string, inputs: Record<string, unknown> = {}) => ({ type, name: "web", inputs, outputs: {} });
const recipe = {
    image: { context: "app", dockerfile: "app/Dockerfile", platform: "linux/amd64", tag: "build-1", args: {} },
    release: { containerPort: 8080, healthPath: "/health", probePath: "/", healthTimeoutSeconds: 3, stopGraceSeconds: 30, environment: {} },
};

function program(config: Record<string, string> = {}): RecordedProgram {
    return {
        config: { "gapless:source": "s3", "gapless:slowPath": "", "gapless:longestRequestSeconds": "10", ...config },
        registrations: [
            resource("aws:ec2/launchTemplate:LaunchTemplate", { instanceType: "t3.small" }),
            resource("aws:autoscaling/group:Group", { minSize: 2, maxSize: 4 }),
            resource("aws:lb/loadBalancer:LoadBalancer", { idleTimeout: 60 }),
            resource("aws:lb/targetGroup:TargetGroup", {
                deregistrationDelay: 20,
                healthCheck: { path: "/health", matcher: "200", interval: 5, timeout: 3, healthyThreshold: 2, unhealthyThreshold: 2 },
            }),
            resource("aws:codedeploy/deploymentGroup:DeploymentGroup", {
                appName: "web", deploymentGroupName: "dev", deploymentConfigName: "CodeDeployDefault.HalfAtATime",
                autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE"] },
            }),
        ],
        outputs: { recipe },
    };
}

/** Makes the demo's folder a project, as far as the doctor looks at it. */
function makeProject({ folder }: DemoStage, config = ""): void {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ engines: { node: ">=20" }, dependencies: {} }));
    writeFileSync(join(folder, "Pulumi.dev.yaml"), `config:\n  aws:region: eu-central-1\n${config}`);
    cpSync("app-scripts", join(folder, "app-scripts"), { recursive: true });
}

async function doctor(demo: DemoStage, record: () => Promise<RecordedProgram>, stack = "dev") {
    await using quotas = await JsonAnswers.start(quotasModel, { GetServiceQuota: () => ({ Quota: { Value: 32 } }) });
    const context = { ...testContext({ folder: demo.folder, env: { PULUMI_HOME: demo.folder, HOME: demo.folder, NO_COLOR: "1", PULUMI_CONFIG_PASSPHRASE: "" } }), clock: systemClock };
    const code = await demo.here(async () => {
        process.env["AWS_ENDPOINT_URL_SERVICE_QUOTAS"] = quotas.url;
        try {
            return await doctorCommand(stack, { backend: "s3://state" }, context, record);
        } finally {
            delete process.env["AWS_ENDPOINT_URL_SERVICE_QUOTAS"];
        }
    });
    const [{ result, text } = { result: undefined, text: "" }] = context.printed;
    const report = result as DoctorReport;
    return { code, report, text, of: (name: string) => report.checks.find(check => check.name === name) };
}

/** Without what depends on the machine that the tests run on. */
const machine = ["node", "pulumi", "docker", "docker disk", "disk", "git"];

describe("./gapless doctor", () => {
    // A region is looked for among all those that moto makes at the first question.
    it("finds a sound stack sound, but for its machine, and tells it to persons and machines", async () => {
        await using demo = await DemoStage.open();
        makeProject(demo);
        const { report, text } = await doctor(demo, () => Promise.resolve(program()));
        assert.deepEqual(report.checks.filter(({ name }) => !machine.includes(name)).map(({ name, verdict }) => [name, verdict]), [
            ["plugins", "ok"], ["backend", "ok"], ["settings", "ok"], ["bundle", "ok"], ["rollout", "ok"], ["image", "ok"],
            ["account", "ok"], ["region", "ok"], ["stack", "ok"], ["alarms", "ok"], ["colours", "skipped"], ["connection", "skipped"], ["certificate", "skipped"],
            ["CloudFront's certificate", "skipped"], ["quota of vCPUs", "ok"], ["quota of addresses", "skipped"], ["quota of networks", "skipped"],
            ["quota of load balancers", "skipped"],
        ], text);
        assert.match(text, /^ok {7}rollout {19}2 to 4 hosts, 20 s to drain$/m);
        assert.match(text, /^ok {7}quota of vCPUs {12}10 vCPUs of on-demand standard instances needed at most, 0 in use by others, 32 allowed$/m);
    }).timeout(60_000);

    it("fails for the settings' one error, leaves out what needs them, and looks at the rest", async () => {
        await using demo = await DemoStage.open();
        makeProject(demo);
        const { code, of } = await doctor(demo, () => Promise.reject(new ProgramError("gapless:minSize must be 2 or more, got 1", 2)));
        assert.equal(code, 1);
        assert.deepEqual(of("settings"), {
            name: "settings", verdict: "fail", text: "gapless:minSize must be 2 or more, got 1", fix: "correct Pulumi.dev.yaml as it says (docs/settings.md)",
        });
        for (const name of ["bundle", "rollout", "image", "stack", "quota of vCPUs"]) {
            assert.deepEqual(of(name), { name, verdict: "skipped", text: "the settings are wrong, see there" });
        }
        assert.equal(of("alarms")?.verdict, "ok");
    }).timeout(60_000);

    it("fails for another account than the stack's, and for scripts that make no release", async () => {
        await using demo = await DemoStage.open();
        makeProject(demo, '  aws:allowedAccountIds: ["000000000001"]\n');
        rmSync(join(demo.folder, "app-scripts/appspec.yml"));
        const { code, of } = await doctor(demo, () => Promise.resolve(program()));
        assert.equal(code, 1);
        assert.match(of("account")?.text ?? "", new RegExp(`is of account ${demo.accountId}, and aws:allowedAccountIds allows 000000000001$`));
        assert.equal(of("bundle")?.verdict, "fail");
        assert.match(of("bundle")?.text ?? "", /appspec\.yml is missing/);
    }).timeout(60_000);

    it("warns where the stack on AWS is no longer what the settings say", async () => {
        await using demo = await DemoStage.open();
        makeProject(demo);
        const { of } = await doctor(demo, () => Promise.resolve(program({ "gapless:source": "github" })));
        assert.deepEqual(of("stack"), {
            name: "stack", verdict: "warn", text: "source is s3 on AWS and github in the settings", fix: "see ./gapless preview dev, then run ./gapless up dev",
        });
    }).timeout(60_000);

    it("knows a stack that is not on AWS yet, and what it will take", async () => {
        await using demo = await DemoStage.open();
        makeProject(demo);
        writeFileSync(join(demo.folder, "Pulumi.new.yaml"), "config:\n  aws:region: eu-central-1\n");
        const { of } = await doctor(demo, () => Promise.resolve(program()), "new");
        assert.deepEqual(of("stack"), { name: "stack", verdict: "skipped", text: "the stack is not on AWS yet: ./gapless up new makes it" });
        assert.deepEqual(of("alarms"), { name: "alarms", verdict: "skipped", text: "the stack is not on AWS yet" });
        assert.deepEqual(of("quota of load balancers"), {
            name: "quota of load balancers", verdict: "ok", text: "1 Application Load Balancers needed at most, 1 in use by others, 32 allowed",
        });
    }).timeout(60_000);

    it("is refused for a stack without a file", async () => {
        await using demo = await DemoStage.open();
        makeProject(demo);
        await assert.rejects(doctor(demo, () => Promise.resolve(program()), "nowhere"), (error: Error) => {
            assert.equal(exitCodeOf(error, new AbortController().signal), 2);
            assert.equal(error.message, 'There is no stack nowhere: there are dev. To make it, write Pulumi.nowhere.yaml (docs/settings.md), then see ./gapless preview nowhere.');
            return true;
        });
    });

    it("leaves out what it would ask AWS when AWS does not know the caller", async () => {
        await using demo = await DemoStage.open();
        makeProject(demo);
        const before = process.env["AWS_ENDPOINT_URL_STS"];
        process.env["AWS_ENDPOINT_URL_STS"] = "http://127.0.0.1:9";
        try {
            const { code, of } = await doctor(demo, () => Promise.resolve(program()));
            assert.equal(code, 1);
            assert.equal(of("account")?.verdict, "fail");
            assert.deepEqual(of("region"), { name: "region", verdict: "skipped", text: "AWS was not to be asked, see account" });
            assert.equal(of("rollout")?.verdict, "ok");
        } finally {
            if (before === undefined) delete process.env["AWS_ENDPOINT_URL_STS"];
            else process.env["AWS_ENDPOINT_URL_STS"] = before;
        }
    }).timeout(60_000);
});
