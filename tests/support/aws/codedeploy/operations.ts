import type * as sdk from "@aws-sdk/client-codedeploy";
import type { CodeDeployDouble } from "../code-deploy-double";
import type { Operation } from "../json-service";
import { pageOf } from "../page";
import { ServiceError } from "../service-error";
import type { DeploymentRun } from "./deployment-run";
import { configs } from "./group";

const mostOfABatch = 25;

/** What the double can be asked for over HTTP. */
export function operationsOf(theDouble: () => CodeDeployDouble): Readonly<Record<string, Operation>> {
    return {
        CreateDeployment: (input: sdk.CreateDeploymentInput) => createDeployment(theDouble(), input),
        GetDeployment: (input: sdk.GetDeploymentInput) => getDeployment(theDouble(), input),
        BatchGetDeployments: (input: sdk.BatchGetDeploymentsInput) => batchGetDeployments(theDouble(), input),
        ListDeployments: (input: sdk.ListDeploymentsInput) => listDeployments(theDouble(), input),
        ListDeploymentTargets: (input: sdk.ListDeploymentTargetsInput) => listTargets(theDouble(), input),
        BatchGetDeploymentTargets: (input: sdk.BatchGetDeploymentTargetsInput) => batchGetTargets(theDouble(), input),
        GetDeploymentTarget: (input: sdk.GetDeploymentTargetInput) => getTarget(theDouble(), input),
        StopDeployment: (input: sdk.StopDeploymentInput) => stopDeployment(theDouble(), input),
        GetDeploymentGroup: ({ applicationName, deploymentGroupName }: sdk.GetDeploymentGroupInput) =>
            ({ deploymentGroupInfo: theDouble().group(applicationName ?? "", deploymentGroupName ?? "").describe() }),
        GetDeploymentConfig: ({ deploymentConfigName }: sdk.GetDeploymentConfigInput) => getConfig(deploymentConfigName ?? ""),
        UpdateDeploymentGroup: (input: sdk.UpdateDeploymentGroupInput) => updateGroup(theDouble(), input),
        RegisterApplicationRevision: (input: sdk.RegisterApplicationRevisionInput) => registerRevision(theDouble(), input),
        GetApplicationRevision: (input: sdk.GetApplicationRevisionInput) => getRevision(theDouble(), input),
    };
}

async function createDeployment(double: CodeDeployDouble, input: sdk.CreateDeploymentInput): Promise<sdk.CreateDeploymentOutput> {
    const { applicationName = "", deploymentGroupName, revision, description, deploymentConfigName: config } = input;
    if (deploymentGroupName === undefined) throw new ServiceError("DeploymentGroupNameRequiredException", "Deployment Group Name is required");
    if (!revision) throw new ServiceError("RevisionRequiredException", "The revision is required");
    checkRevision(revision);
    if (config !== undefined) getConfig(config);
    await double.group(applicationName, deploymentGroupName).refresh();
    return {
        deploymentId: double.create({ application: applicationName, group: deploymentGroupName, revision, config, ...(description !== undefined && { description }) }),
    };
}

/** Of all that can be changed, the Auto Scaling groups: an empty list takes the hooks away. */
function updateGroup(double: CodeDeployDouble, input: sdk.UpdateDeploymentGroupInput): sdk.UpdateDeploymentGroupOutput {
    const { applicationName, currentDeploymentGroupName, autoScalingGroups, ...others } = input;
    const [other] = Object.keys(others);
    if (other !== undefined) throw new ServiceError("UnknownOperationException", `The double changes no ${other} of a deployment group`);
    const group = double.group(applicationName ?? "", currentDeploymentGroupName ?? "");
    if (autoScalingGroups) group.autoScalingGroups = autoScalingGroups;
    return { hooksNotCleanedUp: [] };
}

function checkRevision({ revisionType, s3Location }: sdk.RevisionLocation): void {
    const whole = revisionType === "S3" && s3Location?.bucket && s3Location.key && s3Location.bundleType;
    if (!whole) throw new ServiceError("InvalidRevisionException", "The revision must be of type S3 and have a bucket, a key and a bundle type.");
}

function getDeployment(double: CodeDeployDouble, { deploymentId = "" }: sdk.GetDeploymentInput): sdk.GetDeploymentOutput {
    const answer = { deploymentInfo: double.deployment(deploymentId).describe() };
    double.advance(deploymentId, double.eventsPerPoll);
    return answer;
}

function batchGetDeployments(double: CodeDeployDouble, { deploymentIds = [] }: sdk.BatchGetDeploymentsInput): sdk.BatchGetDeploymentsOutput {
    if (deploymentIds.length > mostOfABatch) {
        throw new ServiceError("BatchLimitExceededException", `The number of deployment IDs ${deploymentIds.length} exceeds the limit of ${mostOfABatch}`);
    }
    // Unknown ones are left out without a word.
    return { deploymentsInfo: double.deployments.filter(({ args }) => deploymentIds.includes(args.id)).map(deployment => deployment.describe()) };
}

function listDeployments(double: CodeDeployDouble, input: sdk.ListDeploymentsInput): sdk.ListDeploymentsOutput {
    const { applicationName, deploymentGroupName, includeOnlyStatuses = [], createTimeRange, nextToken } = input;
    if (applicationName !== undefined && deploymentGroupName !== undefined) double.group(applicationName, deploymentGroupName);
    const wanted = (deployment: DeploymentRun): boolean =>
        [undefined, deployment.args.group.application].includes(applicationName)
        && [undefined, deployment.args.group.name].includes(deploymentGroupName)
        && (includeOnlyStatuses.length === 0 || includeOnlyStatuses.includes(deployment.status))
        && deployment.createTime >= (createTimeRange?.start ?? new Date(0))
        && deployment.createTime <= (createTimeRange?.end ?? new Date(8.64e15));
    // Newest first.
    const page = pageOf("deployments", double.deployments.filter(wanted).reverse().map(({ args }) => args.id), double.pageSize, nextToken);
    return { deployments: [...page.items], nextToken: page.nextToken };
}

/** The deployment, once it has instances to tell of. */
function started(double: CodeDeployDouble, deploymentId: string): DeploymentRun {
    const deployment = double.deployment(deploymentId);
    if (deployment.status === "Created") throw new ServiceError("DeploymentNotStartedException", `The deployment ${deploymentId} has not started.`);
    return deployment;
}

function listTargets(double: CodeDeployDouble, { deploymentId = "", nextToken, targetFilters = {} }: sdk.ListDeploymentTargetsInput): sdk.ListDeploymentTargetsOutput {
    const { TargetStatus: statuses } = targetFilters as { readonly TargetStatus?: readonly string[] };
    const found = started(double, deploymentId).instances.filter(({ status }) => !statuses || statuses.includes(status));
    const page = pageOf(`targets-of-${deploymentId}`, found.map(({ id }) => id), double.pageSize, nextToken);
    return { targetIds: [...page.items], nextToken: page.nextToken };
}

function batchGetTargets(double: CodeDeployDouble, { deploymentId = "", targetIds = [] }: sdk.BatchGetDeploymentTargetsInput): sdk.BatchGetDeploymentTargetsOutput {
    if (targetIds.length === 0) throw new ServiceError("DeploymentTargetIdRequiredException", "A deployment target ID was not provided.");
    if (targetIds.length > mostOfABatch) {
        throw new ServiceError("DeploymentTargetListSizeExceededException", `The maximum number of targets that can be associated with a request is ${mostOfABatch}, got ${targetIds.length}.`);
    }
    return { deploymentTargets: targetIds.map(id => describeTarget(started(double, deploymentId), id)) };
}

function getTarget(double: CodeDeployDouble, { deploymentId = "", targetId = "" }: sdk.GetDeploymentTargetInput): sdk.GetDeploymentTargetOutput {
    return { deploymentTarget: describeTarget(started(double, deploymentId), targetId) };
}

function describeTarget(deployment: DeploymentRun, id: string): sdk.DeploymentTarget {
    const found = deployment.instances.find(instance => instance.id === id);
    if (!found) throw new ServiceError("DeploymentTargetDoesNotExistException", `The target ${id} is not part of deployment ${deployment.args.id}.`);
    return found.describe(deployment.args.id);
}

function stopDeployment(double: CodeDeployDouble, { deploymentId = "", autoRollbackEnabled = false }: sdk.StopDeploymentInput): sdk.StopDeploymentOutput {
    const deployment = double.deployment(deploymentId);
    if (deployment.ended) throw new ServiceError("DeploymentAlreadyCompletedException", `The deployment ${deploymentId} has already completed.`);
    double.stop(deployment, autoRollbackEnabled);
    return { status: "Pending", statusMessage: "No more instances will be touched" };
}

function getConfig(name: string): sdk.GetDeploymentConfigOutput {
    const rule = Object.entries(configs).find(([known]) => name === `CodeDeployDefault.${known}`)?.[1];
    if (!rule) throw new ServiceError("DeploymentConfigDoesNotExistException", `No Deployment Configuration found for name: ${name}`);
    return { deploymentConfigInfo: { deploymentConfigName: name, computePlatform: "Server", minimumHealthyHosts: rule as sdk.MinimumHealthyHosts } };
}

function registerRevision(double: CodeDeployDouble, { applicationName = "", revision, description }: sdk.RegisterApplicationRevisionInput): object {
    if (!revision) throw new ServiceError("RevisionRequiredException", "The revision is required");
    checkRevision(revision);
    double.registered.push({ application: applicationName, revision, description });
    return {};
}

function getRevision(double: CodeDeployDouble, { applicationName = "", revision }: sdk.GetApplicationRevisionInput): sdk.GetApplicationRevisionOutput {
    if (!revision) throw new ServiceError("RevisionRequiredException", "The revision is required");
    const same = (other: sdk.RevisionLocation): boolean =>
        other.s3Location?.bucket === revision.s3Location?.bucket && other.s3Location?.key === revision.s3Location?.key;
    const used = double.deployments.filter(({ args }) => args.group.application === applicationName && same(args.revision));
    const known = double.registered.find(each => each.application === applicationName && same(each.revision));
    if (used.length === 0 && !known) throw new ServiceError("RevisionDoesNotExistException", "The named revision does not exist with the user or AWS account.");
    return {
        applicationName, revision,
        revisionInfo: { deploymentGroups: [...new Set(used.map(({ args }) => args.group.name))], ...(known?.description !== undefined && { description: known.description }) },
    };
}
