import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { CiRole, type CiRoleArgs } from "../../components";
import { accountId } from "../../rehearsal/program/stand-ins";
import { awsCalls } from "../support/aws-calls";
import { allows } from "../support/iam";
import { registered } from "../support/registered";
import {
    type About, bucket, buildPipelineArn, callsOf, coloursBy, deployments, pipelineArn, put, putUnchanged, refusedOf, repositoryArn, rollsColours, watchesColours,
} from "./called-requests";
import { listenerArn, ruleArn } from "./deploy-pipeline-sample";

const pastThePipeline = ["codedeploy:CreateDeployment", "codedeploy:StopDeployment"];
const startsBuilds = ["codepipeline:StartPipelineExecution"];
const pushes = ["ecr:BatchGetImage", "ecr:GetAuthorizationToken", "ecr:PutImage"];

const releases = [put("releases/0123456789ab.zip", "s3:if-none-match"), put("releases/current.zip")];
const lock = putUnchanged("lock.json");
const colours = putUnchanged("colours.json");

const byListener = coloursBy({ listenerArn });
const byRule = coloursBy({ ruleArn });
const watching = ["publish", "deploy", "status", "history"];
const rolling = ["publish", "deploy", "roll", "rollback", "abort", "status", "history"];
const rollingColours = [...rolling, "flip"];

const cases: readonly [who: string, args: Partial<CiRoleArgs>, commands: readonly string[], without: readonly string[], writes: readonly About[]][] = [
    ["CI that builds", {}, watching, [...pastThePipeline, ...startsBuilds], releases],
    ["CI that has builds made", { buildPipelineArn }, ["deploy", "status", "history"], [...pastThePipeline, ...pushes], []],
    ["CI that deploys past the pipeline", { mayDeploy: true }, rolling, startsBuilds, [...releases, ...lock]],
    ["CI that does both", { mayDeploy: true, buildPipelineArn }, rolling, [], [...releases, ...lock]],
    ["CI that builds for two colours", { deployments: byListener }, watching, [...pastThePipeline, ...startsBuilds, ...rollsColours], releases],
    [
        "CI that has builds made for two colours", { deployments: byListener, buildPipelineArn }, ["deploy", "status", "history"],
        [...pastThePipeline, ...pushes, ...rollsColours], [],
    ],
    [
        "CI that rolls two colours", { deployments: byListener, mayDeploy: true }, rollingColours,
        [...startsBuilds, "elasticloadbalancing:ModifyRule"], [...releases, ...lock, ...colours],
    ],
    [
        "CI that rolls two colours behind somebody else's listener", { deployments: byRule, mayDeploy: true, buildPipelineArn }, rollingColours,
        ["elasticloadbalancing:ModifyListener"], [...releases, ...lock, ...colours],
    ],
];

describe("CiRole for commands", () => {
    for (const [who, args, commands, without, writes] of cases) {
        it(`lets ${who} call what they call: ${commands.join(", ")}`, async () => {
            const made = await registered(() => {
                const principal = { arn: `arn:aws:iam::${accountId}:role/jenkins` };
                new CiRole("ci", { project: "shop", stack: "dev-eu", principal, releaseBucketArn: bucket, repositoryArn, pipelineArn, deployments, ...args });
            });
            const policy = made.named("ci-policy").inputs["policy"];
            assert.deepEqual(refusedOf(policy, commands, without, args.deployments !== undefined), []);
            for (const request of [...releases, ...lock, ...colours]) {
                assert.equal(allows(policy, { action: "s3:PutObject", ...request }), writes.includes(request), JSON.stringify(request));
            }
        });
    }

    it("is held to every call that there is", () => {
        const files = (folder: string) => readdirSync(join(import.meta.dirname, "../..", folder)).filter(file => file.endsWith(".ts"));
        const calls = ["release/aws", "release/aws/blue-green"].flatMap(folder => files(folder).flatMap(file => awsCalls(`${folder}/${file}`)));
        const commands = files("cli/commands").flatMap(file => callsOf(file.replace(/\.ts$/, "")));
        assert.deepEqual([...new Set(calls)].filter(call => !commands.includes(call)), ["tag:GetResources"], "which destroy asks, by the folder that is not followed");
        assert.ok(callsOf("deploy").length > 20);
    });

    it("is not held to the calls of colours where it need not be: each of them is called", () => {
        const called = rollingColours.flatMap(callsOf);
        assert.deepEqual([...watchesColours, ...rollsColours].filter(call => !called.includes(call)), []);
    });
});
