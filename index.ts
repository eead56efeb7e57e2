import * as pulumi from "@pulumi/pulumi";
import { readConfig } from "./stacks/config";
import { readSettings } from "./stacks/settings";
import { describeFinding } from "./stacks/settings-error";
import { buildWeb } from "./stacks/web";

const { settings, warnings } = readSettings(readConfig());
for (const warning of warnings) await pulumi.log.warn(describeFinding(warning));

export const {
    url, imageDigest, releaseVersion, releaseKey, releaseBucket, repository,
    pipeline, codeDeployApplication, deploymentGroup, autoScalingGroup, targetGroup, logGroup,
} = buildWeb(pulumi.getProject(), settings);
