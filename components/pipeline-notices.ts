import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** How an execution may end that somebody must look at: https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html */
const badEnds = ["FAILED", "STOPPED", "CANCELED"];

/** One line for a person: where to look, as a command, since the console's address differs from partition to partition. */
const notice =
    "Pipeline <pipeline> in <region>: execution <execution> is <state>. What happened: " +
    "aws codepipeline list-action-executions --region <region> --pipeline-name <pipeline> --filter pipelineExecutionId=<execution>";

/**
 * Tells a topic of executions that fail or are stopped, by EventBridge: the notification rules of AWS's developer tools need a
 * service-linked role, whose making takes minutes in a new account and fails the first `up`. A rule needs the pipeline's name, so an
 * execution that fails within seconds of the pipeline's creation may go untold: that of a pipeline that waits for its first release.
 */
export function tellOfFailures(name: string, pipeline: aws.codepipeline.Pipeline, topicArn: pulumi.Input<string>, parent: pulumi.Resource): void {
    const rule = new aws.cloudwatch.EventRule(`${name}-failures`, {
        description: "Executions that failed or were stopped",
        eventPattern: pulumi.jsonStringify({
            source: ["aws.codepipeline"],
            "detail-type": ["CodePipeline Pipeline Execution State Change"],
            detail: { pipeline: [pipeline.name], state: badEnds },
        }),
    }, { parent });
    new aws.cloudwatch.EventTarget(`${name}-notice`, {
        rule: rule.name,
        arn: topicArn,
        inputTransformer: {
            inputPaths: { pipeline: "$.detail.pipeline", state: "$.detail.state", execution: "$.detail.execution-id", region: "$.region" },
            // EventBridge takes a text only as a JSON string.
            inputTemplate: JSON.stringify(notice),
        },
    }, { parent });
}
