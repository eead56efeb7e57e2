import assert from "node:assert/strict";
import type { Deployments } from "../../components";
import { accountId, region } from "../../rehearsal/program/stand-ins";
import { awsCalls } from "../support/aws-calls";
import { allows, type Request } from "../support/iam";
import { listenerArn, ruleArn, scalingGroupArn } from "./deploy-pipeline-sample";

/** What is done, apart from what that is called. */
export type About = Omit<Request, "action">;

export const bucket = "arn:aws:s3:::releases-1";
export const repositoryArn = `arn:aws:ecr:${region}:${accountId}:repository/shop`;
export const distributionArn = `arn:aws:cloudfront::${accountId}:distribution/E1`;
export const pipelineArn = `arn:aws:codepipeline:${region}:${accountId}:web-deploy-pipeline-1`;
export const buildPipelineArn = `arn:aws:codepipeline:${region}:${accountId}:web-build-pipeline-1`;
export const deployments = { applicationName: "shop-1", deploymentGroupName: "dev", deploymentConfigName: "CodeDeployDefault.HalfAtATime" };

/** The same of two colours whose weights are in a listener, or in a rule. */
export function coloursBy(weights: NonNullable<Deployments["blueGreen"]>["weights"]): Deployments {
    return {
        ...deployments, deploymentConfigName: "CodeDeployDefault.AllAtOnce",
        blueGreen: {
            weights, distributionArn,
            deploymentGroupNames: { blue: "dev", green: "dev-green" },
            autoScalingGroupArns: { blue: scalingGroupArn("hosts-1"), green: scalingGroupArn("hosts-green-1") },
        },
    };
}

/** A write that overwrites nothing that the writer has not seen. */
export function put(key: string, header?: string): About {
    return { ...object(key), ...(header && { context: { [header]: "1" } }) };
}

/** Both ways of such a write. */
export function putUnchanged(key: string): readonly About[] {
    return [put(key, "s3:if-match"), put(key, "s3:if-none-match")];
}

function object(key: string): About {
    return { resource: `${bucket}/${key}` };
}

function deploymentGroup(name: string): About {
    return { resource: `arn:aws:codedeploy:${region}:${accountId}:deploymentgroup:shop-1/${name}` };
}

function parameter(path: string): About {
    return { resource: `arn:aws:ssm:${region}:${accountId}:parameter/gapless/shop/dev-eu${path}` };
}

type RequestsOfCalls = Readonly<Record<string, readonly About[]>>;

/** What commands call these for: of a service, or of the one call where that is for something else. */
const requestsOfFleet = {
    "autoscaling": [{}],
    "cloudwatch": [{ resource: `arn:aws:cloudwatch:${region}:${accountId}:alarm:errors` }],
    // AWS looks at no resource of these.
    "codedeploy:BatchGetDeploymentTargets": [{}],
    "codedeploy:ListDeploymentTargets": [{}],
    "codedeploy:StopDeployment": [{}],
    "codedeploy": [deploymentGroup("dev")],
    "codepipeline": [{ resource: pipelineArn }],
    "codepipeline:StartPipelineExecution": [{ resource: buildPipelineArn }],
    "ecr": [{ resource: repositoryArn }],
    "ecr:GetAuthorizationToken": [{}],
    "elasticloadbalancing": [{}],
    "s3:GetObject": ["releases/0123456789ab.zip", "releases/current.zip", "journal.json", "lock.json"].map(object),
    "s3:ListBucket": [{ resource: bucket }],
    "s3:PutObject": putUnchanged("journal.json"),
    "ssm:GetParametersByPath": [parameter("")],
} as const satisfies RequestsOfCalls;

const fleets = ["hosts-1", "hosts-green-1"].map(name => ({ resource: scalingGroupArn(name) }));

/** The same with two colours. */
const requestsOfColours: RequestsOfCalls = {
    ...requestsOfFleet,
    "autoscaling:DeleteScheduledAction": fleets,
    "autoscaling:PutScheduledUpdateGroupAction": fleets,
    "autoscaling:UpdateAutoScalingGroup": fleets,
    "cloudfront:CreateInvalidation": [{ resource: distributionArn }],
    "codedeploy": ["dev", "dev-green"].map(deploymentGroup),
    "elasticloadbalancing:ModifyListener": [{ resource: listenerArn }],
    "elasticloadbalancing:ModifyRule": [{ resource: ruleArn }],
    "s3:GetObject": [...requestsOfFleet["s3:GetObject"], object("colours.json")],
    "ssm:GetParameter": [parameter("/activeColour")],
    "ssm:PutParameter": [parameter("/activeColour")],
};

/** Calls that only a stack with two colours is asked by, and those that change it. */
export const watchesColours = ["autoscaling:DescribeScheduledActions", "elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeRules"];
export const rollsColours = [
    "autoscaling:DeleteScheduledAction", "autoscaling:PutScheduledUpdateGroupAction", "autoscaling:UpdateAutoScalingGroup", "cloudfront:CreateInvalidation",
    "codedeploy:UpdateDeploymentGroup", "elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyRule", "ssm:GetParameter", "ssm:PutParameter",
];
// The failure page does without the container's log: who may send commands to instances may do anything there.
const neverGiven = ["ssm:GetCommandInvocation", "ssm:SendCommand"];
// Of what these import to see whether instances are being replaced, `refresh-instances` alone calls this.
const replacesInstances = ["autoscaling:DescribeScalingActivities", "autoscaling:StartInstanceRefresh"];

/** Calls that stand in a command or in whatever it imports. `pulumi up` is nobody's who has one of these roles. */
export function callsOf(command: string): readonly string[] {
    return awsCalls(`cli/commands/${command}.ts`, ["cli/automation/"]);
}

/** What commands call, and a policy does not allow. */
export function refusedOf(policy: unknown, commands: readonly string[], without: readonly string[], colours: boolean): readonly string[] {
    const requests: RequestsOfCalls = colours ? requestsOfColours : requestsOfFleet;
    const left = [...without, ...neverGiven, ...replacesInstances, ...(colours ? [] : [...watchesColours, ...rollsColours])];
    return commands.flatMap(command => callsOf(command).filter(call => !left.includes(call)).flatMap(action => {
        const about = requests[action] ?? requests[action.split(":")[0] ?? ""] ?? assert.fail(`nobody has said what ${command} calls ${action} for`);
        return about.map(request => ({ action, ...request })).filter(request => !allows(policy, request)).map(({ resource = "*" }) => `${command}: ${action} on ${resource}`);
    }));
}
