import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import type { StoredRelease } from "../../../release/aws/releases";
import type { Stage } from "../../../release/stage";
import { CodeDeployDouble, type CodeDeployDoubleArgs, type GroupArgs } from "./code-deploy-double";
import { FakeClock } from "./fake-clock";

/** A stage as far as CodeDeploy alone goes. */
export const stage: Stage = {
    schemaVersion: 1, project: "gapless", stack: "dev", stage: "dev", region: "eu-central-1", source: "s3", url: "http://x", approval: false,
    fleet: { autoScalingGroup: "asg" }, architecture: "x86_64", releaseBucket: "releases", repository: "r", pipeline: "p",
    codeDeployApplication: "web", deploymentGroup: "dev", alarms: [], targetGroupArn: "arn", logGroup: "l", keepReleases: 5,
};

export const release: StoredRelease = { version: "0123456789ab", key: "releases/0123456789ab.zip", objectVersion: "v1", etag: "e1" };

/** A fleet behind the double of CodeDeploy, and what a command would be told of it. @param group `fresh`: nothing serves yet */
export async function openFleet(group: Partial<GroupArgs> & { readonly fresh?: boolean } = {}, args: CodeDeployDoubleArgs = {}) {
    const clock = new FakeClock();
    const double = await CodeDeployDouble.start({ now: () => clock.now(), ...args });
    double.addGroup({ application: "web", group: "dev", instances: ["i-1", "i-2"], ...(group.fresh ? {} : { serves: revisionOf("aaaaaaaaaaaa") }), ...group });
    const stop = new AbortController();
    const told: string[] = [];
    const codeDeploy = new CodeDeployClient(double.access);
    return {
        double, clock, stop, told, codeDeploy,
        options: {
            clock, signal: stop.signal, stack: "dev", waitMinutes: 1,
            tell: { step: (text: string) => void told.push(text), warn: (text: string) => void told.push(`warning: ${text}`) },
        },
        create: (description = "release bbbbbbbbbbbb by ann") => double.create({ application: "web", group: "dev", revision: revisionOf("bbbbbbbbbbbb"), description }),
        [Symbol.asyncDispose]: async () => {
            codeDeploy.destroy();
            await double[Symbol.asyncDispose]();
        },
    };
}

export function revisionOf(version: string) {
    return { revisionType: "S3", s3Location: { bucket: "releases", key: `releases/${version}.zip`, bundleType: "zip", version: "v", eTag: "e" } } as const;
}
