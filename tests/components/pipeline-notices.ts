import assert from "node:assert/strict";
import type { Registered } from "../support/registered";

/** Of the pipeline `web-pipeline`, by nothing that a new account does not have yet. */
export function checkFailuresAreTold(made: Registered, topicArn: string): void {
    const { eventPattern, ...rule } = made.named("web-failures").inputs;
    assert.deepEqual(rule, { description: "Executions that failed or were stopped" });
    assert.deepEqual(JSON.parse(String(eventPattern)), {
        source: ["aws.codepipeline"],
        "detail-type": ["CodePipeline Pipeline Execution State Change"],
        detail: { pipeline: [made.named("web-pipeline").outputs["name"]], state: ["FAILED", "STOPPED", "CANCELED"] },
    });
    const { inputTransformer, ...target } = made.named("web-notice").inputs;
    assert.deepEqual(target, { rule: made.named("web-failures").outputs["name"], arn: topicArn });
    assert.equal(
        told(inputTransformer as Transformer, { region: "eu-central-1", detail: { pipeline: "web-1", "execution-id": "e-1", state: "FAILED" } }),
        "Pipeline web-1 in eu-central-1: execution e-1 is FAILED. What happened: " +
        "aws codepipeline list-action-executions --region eu-central-1 --pipeline-name web-1 --filter pipelineExecutionId=e-1",
    );
    assert.deepEqual(made.all.filter(({ type }) => type.startsWith("aws:codestarnotifications/")), []);
}

interface Transformer {
    readonly inputPaths: Readonly<Record<string, string>>;
    readonly inputTemplate: string;
}

/** What EventBridge makes of an event: the template must be a JSON text, and each name in it a path that leads somewhere. */
function told({ inputPaths, inputTemplate }: Transformer, event: Readonly<Record<string, unknown>>): unknown {
    const valueAt = (path: string) => path.split(".").slice(1).reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], event);
    return JSON.parse(inputTemplate.replace(/<(\w+)>/g, (_, name: string) => String(valueAt(inputPaths[name] ?? ""))));
}
