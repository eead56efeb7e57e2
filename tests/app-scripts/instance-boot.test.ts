import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import versions from "../../app-scripts/versions.json" with { type: "json" };
import { agent, binary, completion, Instance, position, reported, script, settings } from "./instance";

describe("instance-boot.sh", () => {
    it("starts the agent after Docker and everything a hook needs, and reports last", () => {
        using instance = new Instance();
        const { code, calls, output } = instance.boot();
        assert.equal(code, 0, output);
        const order = [
            /^swapon/, /^dnf install/, /^systemctl restart docker$/, /get-object/, /^amazon-cloudwatch-agent-ctl/,
            /^systemctl start codedeploy-agent$/, /complete-lifecycle-action/,
        ];
        const positions = order.map(pattern => position(calls, pattern));
        assert.deepEqual(positions, positions.toSorted((a, b) => a - b));
        assert.equal(calls.at(-1), completion("CONTINUE"));
        assert.equal(output.split("\n").at(-1), "gapless: done");
    });

    it("leaves the files that Docker, the hooks and the agent read", () => {
        using instance = new Instance();
        instance.boot();
        const daemon = JSON.parse(instance.read("etc/docker/daemon.json")) as Record<string, unknown>;
        assert.deepEqual(daemon, { "log-driver": "json-file", "log-opts": { "max-size": "50m", "max-file": "5" }, "live-restore": true });
        assert.deepEqual(JSON.parse(instance.read("root/.docker/config.json")), { credHelpers: { [settings.GAPLESS_REGISTRY]: "ecr-login" } });
        assert.equal(instance.read("usr/local/lib/docker/cli-plugins/docker-compose"), binary);
        assert.match(instance.read("etc/profile.d/gapless.sh"), /^export AWS_REGION=eu-central-1 AWS_DEFAULT_REGION=eu-central-1$/m);
        assert.match(instance.read("etc/profile.d/gapless.sh"), /^export GAPLESS_LOG_GROUP=web-logs$/m);
        const config = instance.read("etc/codedeploy-agent/conf/codedeployagent.yml");
        assert.match(config, /^---\n(:\w+: .+\n)+$/);
        assert.match(config, /^:max_revisions: 3$/m);
        assert.match(config, /^:disable_imds_v1: true$/m);
        assert.doesNotMatch(config, /enable_auth_policy/);
    });

    it("tells the agent to ask IAM where AWS is reached through endpoints only", () => {
        using instance = new Instance();
        instance.boot({ GAPLESS_THROUGH_ENDPOINTS: "yes" });
        assert.match(instance.read("read-by-agent"), /^:disable_imds_v1: true\n:enable_auth_policy: true\n$/m);
    });

    it("starts the agent once, with its configuration: a restart would fail a deployment that waits for the instance", () => {
        using instance = new Instance();
        const { calls } = instance.boot();
        const agentCalls = calls.filter(call => /codedeploy-agent(\.rpm|$)|agent started/.test(call) && !call.startsWith("rpm"));
        assert.deepEqual(agentCalls.map(call => call.replace(/(?:https:\/)?\/\S*\//g, "")), [
            "systemctl mask --runtime codedeploy-agent",
            `curl --fail --silent --show-error --max-time 60 --output codedeploy-agent.rpm ${agent}.rpm`,
            "dnf install -y -q codedeploy-agent.rpm",
            "systemctl unmask --runtime codedeploy-agent",
            "systemctl enable --quiet codedeploy-agent",
            "systemctl start codedeploy-agent",
            "systemctl is-active --quiet codedeploy-agent",
        ]);
        assert.match(instance.read("read-by-agent"), /^:max_revisions: 3$/m);
    });

    it("installs the pinned agent from the region's bucket, and ruby no later than the agent takes", () => {
        using instance = new Instance();
        const { calls } = instance.boot();
        assert.ok(calls.some(call => call.endsWith(` https://aws-codedeploy-eu-central-1.s3.eu-central-1.amazonaws.com/releases/${agent}.rpm`)));
        assert.ok(calls.includes("dnf install -y -q docker amazon-ecr-credential-helper ruby3.2 unzip"));
    });

    it("takes its instance id from metadata with a token", () => {
        using instance = new Instance();
        const { calls } = instance.boot();
        assert.match(calls[position(calls, /instance-id$/)] ?? "", /--header X-aws-ec2-metadata-token: token /);
    });

    it("does not ask for its group when it knows it", () => {
        using instance = new Instance();
        const run = instance.boot({ GAPLESS_ASG_NAME: "own" });
        assert.deepEqual(reported(run), [completion("CONTINUE", "own")]);
        assert.ok(!run.calls.some(call => call.includes("describe-auto-scaling-instances")));
    });

    it("reports nothing outside an Auto Scaling group", () => {
        using instance = new Instance();
        const run = instance.boot({ GAPLESS_LIFECYCLE_HOOK: "" });
        assert.deepEqual([run.code, reported(run)], [0, []]);
    });

    const failures: { trouble: string; arrange: (instance: Instance) => void; says: RegExp }[] = [
        {
            trouble: "the compose binary is not the one it was told of",
            arrange: instance => { instance.stub("aws", '[[ "$*" != *get-object* ]] || printf other >"${@: -1}"; [[ "$*" != *describe* ]] || echo service-1234567'); },
            says: /^gapless: boot failed at: compose\. s3:\/\/artifacts\/tools\/docker-compose has not the sha256 [0-9a-f]{64}\.$/,
        },
        {
            trouble: "packages cannot be had",
            arrange: instance => { instance.stub("dnf", "exit 1"); },
            says: /^gapless: boot failed at: packages\. Gave up after 5 tries: dnf install .*ruby3\.2/,
        },
        {
            trouble: "ruby is too new",
            arrange: instance => { instance.stub("ruby", '[ "$1" = --version ] && echo "ruby 3.4.1"; exit 1'); },
            says: /^gapless: boot failed at: packages\. ruby is ruby 3\.4\.1, the CodeDeploy agent needs 3\.2\.$/,
        },
        {
            trouble: "Docker does not start",
            arrange: instance => { instance.stub("systemctl", '[ "$*" != "restart docker" ]'); },
            says: /^gapless: boot failed at: docker\. The lines above say why\.$/,
        },
        {
            trouble: "another agent got installed",
            arrange: instance => { instance.stub("rpm", "echo codedeploy-agent-1.7.1-110.noarch"); },
            says: /^gapless: boot failed at: agent\. The CodeDeploy agent is codedeploy-agent-1\.7\.1-110\.noarch, not codedeploy-agent-1\.8\.1-26\.noarch\.$/,
        },
        {
            trouble: "the agent does not run",
            arrange: instance => { instance.stub("systemctl", "[[ $* != is-active* ]]"); },
            says: /^gapless: boot failed at: start the agent\. Gave up after 5 tries: systemctl is-active/,
        },
    ];
    for (const { trouble, arrange, says } of failures) {
        it(`gives the instance up, at once and with the reason last, when ${trouble}`, () => {
            using instance = new Instance();
            arrange(instance);
            const run = instance.boot();
            assert.notEqual(run.code, 0);
            assert.match(run.lastLine, says);
            assert.deepEqual(reported(run), [completion("ABANDON")]);
            assert.ok(instance.clockSeconds <= 60, "waits longer than it needs to");
        });
    }

    it("installs no binary with a wrong checksum", () => {
        using instance = new Instance();
        instance.boot({ GAPLESS_COMPOSE_SHA256: "0".repeat(64) });
        assert.equal(instance.has("usr/local/lib/docker/cli-plugins/docker-compose"), false);
    });

    it("names all missing settings at once", () => {
        using instance = new Instance();
        const { code, lastLine } = instance.boot({ GAPLESS_REGION: "", GAPLESS_REGISTRY: "" });
        assert.equal(code, 1);
        assert.equal(lastLine, "gapless: boot failed at: settings. Not set: GAPLESS_REGION GAPLESS_REGISTRY");
    });

    it("fails when it cannot report, and says what AWS answered", () => {
        using instance = new Instance();
        instance.stub("aws", `
            case "$*" in
                *get-object*) printf '${binary}' >"\${@: -1}" ;;
                *complete*) echo "AccessDenied: not allowed" >&2; exit 254 ;;
            esac`);
        const { code, lastLine } = instance.boot({ GAPLESS_ASG_NAME: "own" });
        assert.equal(code, 1);
        assert.match(lastLine, /Cannot report CONTINUE to the launch hook: AccessDenied: not allowed$/);
    });

    const inactive = '*complete*) echo "ValidationError: No active Lifecycle Action found" >&2; exit 254 ;;';

    it("reports again when it was faster than Auto Scaling, whose hook would else give up a good instance", () => {
        using instance = new Instance();
        instance.boot({}, "--bake");
        instance.stub("aws", `
            state=$([ "$(cat "$HOST/clock")" -ge 20 ] && echo Pending:Wait || echo Pending)
            case "$state $*" in
                *LifecycleState*) echo "$state" ;;
                "Pending "${inactive}
            esac`);
        const run = instance.boot({ GAPLESS_ASG_NAME: "own" });
        assert.equal(run.code, 0, run.output);
        assert.equal(instance.clockSeconds, 20);
        assert.equal(run.calls.at(-1), completion("CONTINUE", "own"));
    });

    it("fails when its instance waits for no report after a minute", () => {
        using instance = new Instance();
        instance.stub("aws", `case "$*" in *get-object*) printf '${binary}' >"\${@: -1}" ;; ${inactive} *LifecycleState*) echo Pending ;; esac`);
        const { code, lastLine } = instance.boot({ GAPLESS_ASG_NAME: "own" });
        assert.equal(code, 1);
        assert.equal(lastLine, "gapless: boot failed at: start the agent. Cannot report CONTINUE to the launch hook: ValidationError: No active Lifecycle Action found (the instance is Pending)");
        assert.ok(instance.clockSeconds >= 55 && instance.clockSeconds <= 60, `${instance.clockSeconds} s`);
    });

    it("may be run again on an instance in service: nothing is installed, started anew or fails", () => {
        using instance = new Instance();
        instance.boot();
        instance.write("swapfile", "");
        instance.stub("aws", `case "$*" in ${inactive} *LifecycleState*) echo InService ;; esac`);
        const { code, calls, output } = instance.boot({ GAPLESS_ASG_NAME: "own" });
        assert.equal(code, 0, output);
        assert.equal(instance.clockSeconds, 0);
        assert.deepEqual(calls.filter(call => /^(dnf|dd|swapon|install)|get-object|restart/.test(call)), []);
    });

    it("works behind a header of exports, and fits into user data with it", () => {
        using instance = new Instance();
        const header = Object.entries({ ...settings, GAPLESS_ROOT: instance.folder }).map(([key, value]) => `export ${key}='${value}'`);
        const userData = ["#!/bin/bash", ...header, readFileSync(script, "utf8")].join("\n");
        const { code } = instance.run(["/bin/bash", instance.write("user-data", userData)]);
        assert.equal(code, 0);
        assert.ok(Buffer.byteLength(userData) < 15_000, `AWS takes 16,384 bytes, got ${Buffer.byteLength(userData)}`);
    });
});

describe("instance-boot.sh --bake", () => {
    it("installs everything, but starts no agent, makes no swap and reports to nobody", () => {
        using instance = new Instance();
        const run = instance.boot({}, "--bake");
        assert.equal(run.code, 0, run.output);
        assert.equal(instance.read("usr/local/lib/docker/cli-plugins/docker-compose"), binary);
        assert.deepEqual(run.calls.filter(call => call.includes("codedeploy-agent") && call.startsWith("systemctl")), [
            "systemctl mask --runtime codedeploy-agent",
            "systemctl unmask --runtime codedeploy-agent",
            "systemctl disable --quiet codedeploy-agent",
        ]);
        assert.ok(!run.calls.includes("agent started by its package"));
        assert.deepEqual(run.calls.filter(call => /^(dd|swapon|amazon-cloudwatch)|autoscaling/.test(call)), []);
        assert.equal(instance.has("opt/codedeploy-agent/deployment-root/old"), false);
        assert.match(run.output, /cloud-init clean/);
    });

    it("reports to nobody when it fails, either", () => {
        using instance = new Instance();
        instance.stub("dnf", "exit 1");
        const run = instance.boot({}, "--bake");
        assert.notEqual(run.code, 0);
        assert.deepEqual(reported(run), []);
    });

    it("leaves a later boot only swap, the agent's start and the report to do", () => {
        using instance = new Instance();
        instance.boot({}, "--bake");
        const { code, calls } = instance.boot();
        assert.equal(code, 0);
        assert.deepEqual(calls.filter(call => /^(dnf|install)|get-object/.test(call)), []);
        position(calls, /^swapon/);
        position(calls, /^amazon-cloudwatch-agent-ctl/);
        position(calls, /^systemctl enable --quiet codedeploy-agent$/);
        position(calls, /^systemctl start codedeploy-agent$/);
        assert.equal(calls.at(-1), completion("CONTINUE"));
    });
});

describe("versions.json", () => {
    it("pins one compose release for both architectures", () => {
        for (const architecture of ["x86_64", "aarch64"] as const) {
            assert.match(versions.compose.url[architecture], new RegExp(`/v${versions.compose.version}/docker-compose-linux-${architecture}$`));
            assert.match(versions.compose.sha256[architecture], /^[0-9a-f]{64}$/);
        }
        assert.notEqual(versions.compose.sha256.x86_64, versions.compose.sha256.aarch64);
    });

    it("stays with the agent whose behaviour is recorded, 1.8", () => {
        assert.match(versions.codeDeployAgent.version, /^1\.8\.\d+-\d+$/);
    });
});
