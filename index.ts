import * as pulumi from "@pulumi/pulumi";
import { readConfig } from "./stacks/config";
import { checkAccount } from "./stacks/lookups";
import { correctStacks } from "./stacks/readable-stacks";
import { readSettings } from "./stacks/settings";
import { describeFinding } from "./stacks/settings-error";
import { buildWeb } from "./stacks/web";

correctStacks();
const config = readConfig();
const { settings, warnings } = readSettings(config);
const { facts, warnings: doubts } = await checkAccount(settings, config);
for (const warning of [...warnings, ...doubts]) await pulumi.log.warn(describeFinding(warning).trim());

export const {
    url, loadBalancerDnsName, recipe, imageDigest, releaseVersion, releaseKey, releaseObjectVersion, releaseBucket, repository,
    pipeline, codeDeployApplication, deploymentGroup, targetGroup, logGroup, dashboard,
    autoScalingGroup, instanceIds, buildPipeline, connectionStatus, ciRole,
} = buildWeb(pulumi.getProject(), settings, facts);
