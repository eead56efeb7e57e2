import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import versions from "../../app-scripts/versions.json" with { type: "json" };
import { Host, type Run } from "./host";

export const script = "app-scripts/instance-boot.sh";
export const binary = "the compose binary";
export const agent = `codedeploy-agent-${versions.codeDeployAgent.version}.noarch`;

export const settings = {
    GAPLESS_REGION: "eu-central-1",
    GAPLESS_ARTIFACT_BUCKET: "artifacts",
    GAPLESS_COMPOSE_KEY: "tools/docker-compose",
    GAPLESS_COMPOSE_SHA256: createHash("sha256").update(binary).digest("hex"),
    GAPLESS_AGENT_VERSION: versions.codeDeployAgent.version,
    GAPLESS_REGISTRY: "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
    GAPLESS_DOCKER_HUB_SECRET: "",
    GAPLESS_THROUGH_ENDPOINTS: "",
    GAPLESS_FLEET: "shop-dev-web",
    GAPLESS_LOG_GROUP: "web-logs",
    GAPLESS_SWAP_GIB: "1",
    GAPLESS_LIFECYCLE_HOOK: "booted",
    GAPLESS_ASG_NAME: "",
};

/** A fresh AL2023 instance: no package, no compose, no agent; stubs install what they are asked for. */
export class Instance extends Host {
    constructor() {
        super();
        this.write("etc/fstab", "");
        this.write("opt/codedeploy-agent/deployment-root/old/x", "");
        this.stub("dnf", `case "$*" in
            */codedeploy-agent.rpm)
                # What the package's post-install does.
                /bin/grep -q . "$HOST/masked" 2>/dev/null || echo "agent started by its package" >>"$HOST/calls"
                echo ${agent} >"$HOST/agent" ;;
            *) printf '%s\\n' "\${@:4}" >>"$HOST/packages" ;;
        esac`);
        this.stub("rpm", `
            if [ "$*" = "-q codedeploy-agent" ]; then
                cat "$HOST/agent" 2>/dev/null || { echo "package codedeploy-agent is not installed"; exit 1; }
            else
                shift
                for package in "$@"; do /bin/grep -qxF "$package" "$HOST/packages" 2>/dev/null || exit 1; done
            fi`);
        this.stub("aws", `
            case "$*" in
                *get-object*) printf '${binary}' >"\${@: -1}" ;;
                *describe-auto-scaling-instances*) echo service-1234567 ;;
            esac`);
        this.stub("curl", `
            case "$*" in
                *api/token*) printf token ;;
                *instance-id*) printf i-0abc ;;
                *.rpm) while [ "$1" != --output ]; do shift; done; echo package >"$2" ;;
            esac`);
        this.stub("systemctl", `case "$*" in
            "mask --runtime codedeploy-agent") echo yes >"$HOST/masked" ;;
            "unmask --runtime codedeploy-agent") rm -f "$HOST/masked" ;;
            "enable --quiet codedeploy-agent") cp "$HOST/etc/codedeploy-agent/conf/codedeployagent.yml" "$HOST/read-by-agent" || exit 1 ;;
        esac
        [[ "$*" != *start*codedeploy-agent ]] || [ ! -e "$HOST/masked" ]`);
        for (const name of ["docker", "dd", "mkswap", "swapon", "ruby", "amazon-cloudwatch-agent-ctl"]) this.stub(name, "");
        this.stub("chmod", '[ "$2" = "$HOST/swapfile" ] || /bin/chmod "$@"');
    }

    boot(env: Record<string, string> = {}, ...args: string[]): Run {
        return this.run(["/bin/bash", join(process.cwd(), script), ...args], { GAPLESS_ROOT: this.folder, ...settings, ...env });
    }
}

export function reported({ calls }: Run): string[] {
    return calls.filter(call => call.includes("complete-lifecycle-action"));
}

/** The position of the first call that matches; a call that is missing fails the test. */
export function position(calls: readonly string[], pattern: RegExp): number {
    const index = calls.findIndex(call => pattern.test(call));
    assert.notEqual(index, -1, `no ${String(pattern)} in:\n${calls.join("\n")}`);
    return index;
}

export const completion = (result: string, group = "service-1234567") =>
    `aws autoscaling complete-lifecycle-action --region eu-central-1 --auto-scaling-group-name ${group}` +
    ` --lifecycle-hook-name booted --instance-id i-0abc --lifecycle-action-result ${result}`;
