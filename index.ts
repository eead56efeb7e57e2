import * as pulumi from "@pulumi/pulumi";
import { readConfig } from "./stacks/config";
import { correctStacks } from "./stacks/readable-stacks";
import { readSettings } from "./stacks/settings";
import { describeFinding } from "./stacks/settings-error";
import { buildWeb } from "./stacks/web";

correctStacks();
const { settings, warnings } = readSettings(readConfig());
for (const warning of warnings) await pulumi.log.warn(describeFinding(warning).trim());

export const {
    url, loadBalancerDnsName, imageDigest, releaseVersion, releaseKey, releaseObjectVersion, releaseBucket, repository,
    pipeline, codeDeployApplication, deploymentGroup, autoScalingGroup, targetGroup, logGroup,
} = buildWeb(pulumi.getProject(), settings);
