import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { S3Client } from "@aws-sdk/client-s3";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { deployCommand } from "../../../cli/commands/deploy";
import { publishCommand } from "../../../cli/commands/publish";
import { handOver, makeStackRelease } from "../../../cli/image/stack-release";
import { StageJournal } from "../../../release/aws/stage-journal";
import { StageLock, withLock } from "../../../release/aws/stage-lock";
import { readTriggered } from "../../../release/aws/triggered-release";
import type { CommandContext } from "../../../cli/context";
import { scripts } from "../../support/aws/code-deploy-double";
import type { DemoStage } from "../../support/aws/demo-stage";
import { commit, image, openSite, recipeOf } from "./delivery-site";

const tools = { recipeOf, up: () => Promise.reject(new Error("up is not called")) };
const words = { image, wait: 60 };
const owner = { who: "ada", host: "laptop", pid: 1 };
const journalOf = ({ access, stage }: DemoStage) => new StageJournal(new S3Client(access), stage.releaseBucket).read();

interface Printed {
    readonly version: string;
    readonly objectVersion: string;
    readonly deploymentId: string;
}

describe("deploy", () => {
    it("stores a release, hands it to the pipeline and watches it until it serves", async () => {
        await using site = await openSite();
        const { demo, context } = site;
        const code = await demo.here(() => deployCommand("dev", words, context, tools));
        const [{ result, text } = { result: {}, text: "" }] = context.printed;
        const { version, objectVersion, deploymentId } = result as Printed;
        assert.equal(code, 0, context.told.join("\n"));
        assert.equal(text, `Release ${version} serves in dev: ${demo.stage.url}`);
        const executionId = demo.codePipeline.pipeline(demo.stage.pipeline).executions[0]?.args.id;
        assert.deepEqual(result, { stack: "dev", result: "succeeded", version, image, objectVersion, commit, executionId, deploymentId });
        assert.deepEqual(await readTriggered(new S3Client(demo.access), demo.stage.releaseBucket, objectVersion), { version, image, objectVersion, commit });
        assert.deepEqual(demo.codePipeline.pipeline(demo.stage.pipeline).executions.map(({ args }) => args.revision), [objectVersion]);
        assert.equal(demo.codeDeploy.deployments.length, 1, "the pipeline's, and no other");
        assert.deepEqual((await journalOf(demo)).entries, [], "the pipeline's own last stage writes down what serves");
    });

    it("explains a deployment that failed on one page, and writes it down", async () => {
        await using site = await openSite();
        const { demo, context } = site;
        demo.codeDeploy.next(scripts.fails());
        const code = await demo.here(() => deployCommand("dev", words, context, tools));
        const [{ result, text } = { result: {}, text: "" }] = context.printed;
        const { version, objectVersion, deploymentId } = result as Printed;
        assert.equal(code, 1, context.told.join("\n"));
        assert.match(text, /ValidateService/);
        const [entry, ...more] = (await journalOf(demo)).entries;
        assert.deepEqual([more, entry?.version, entry?.bundleVersion, entry?.deploymentId, entry?.result, entry?.by, entry?.commit, entry?.who, entry?.image],
            [[], version, objectVersion, deploymentId, "failed", "pipeline", commit, "job-7", image]);
    });

    it("ends with 4 when nobody agrees in time", async () => {
        await using site = await openSite({ approval: true });
        const { demo, context } = site;
        const code = await demo.here(() => deployCommand("dev", { ...words, wait: 5 }, context, tools));
        assert.equal(code, 4);
        assert.match(context.printed[0]?.text ?? "", /^Approve still waits for a person after 5 minutes\. Approve or reject it, and the pipeline goes on by itself: https:/);
        assert.equal((context.printed[0]?.result as { result: string }).result, "waiting");
    });

    it("releases nothing while somebody changes the stack, and says who", async () => {
        await using site = await openSite();
        const { demo, context } = site;
        const lock = new StageLock(new S3Client(demo.access), demo.stage.releaseBucket, owner, context.clock);
        const wish = { stack: "dev", command: "up", waitMinutes: 0, clock: context.clock, tell: context.tell, signal: context.signal };
        await withLock(lock, wish, () => assert.rejects(demo.here(() => deployCommand("dev", { ...words, wait: 1 }, context, tools)), {
            name: "DeliveryError", kind: "needsPerson",
            message: /^The stack is locked after 1 minutes: up of ada \(process 1 on laptop\) since .* Nothing was released\. Wait for its end, or see \.\/gapless unlock\.$/,
        }));
        assert.deepEqual(demo.codePipeline.pipeline(demo.stage.pipeline).executions, []);
    });

    it("goes past the pipeline with --direct, and neither writes the trigger nor starts a pipeline", async () => {
        await using site = await openSite();
        const { demo, context } = site;
        const code = await demo.here(() => deployCommand("dev", { ...words, direct: true }, context, tools));
        assert.equal(code, 0, context.told.join("\n"));
        const { version, objectVersion, deploymentId } = context.printed[0]?.result as Printed;
        assert.deepEqual(context.printed, [{ result: { stack: "dev", result: "succeeded", version, image, objectVersion, deploymentId, failedInstances: [] }, text: `Release ${version} serves in dev: ${demo.stage.url}` }]);
        assert.deepEqual([demo.codePipeline.pipeline(demo.stage.pipeline).executions, demo.codePipeline.calls], [[], []]);
        assert.deepEqual((await journalOf(demo)).entries.map(({ by, result }) => [by, result]), [["roll", "succeeded"]]);
    });

    describe("of a stack whose releases are up's", () => {
        for (const [what, about, message] of [
            ["--image", { image }, `The releases of dev are made by up (source: pulumi): set imageDigest to ${image} in Pulumi.dev.yaml instead of --image.`],
            ["--direct", { direct: true }, "The releases of dev are made by up (source: pulumi), which starts the pipeline: there is no --direct. To put a release past the pipeline that is there: ./gapless roll dev VERSION"],
        ] as const) {
            it(`is refused with ${what}`, async () => {
                await using site = await openSite({ source: "pulumi" });
                await assert.rejects(site.demo.here(() => deployCommand("dev", { wait: 60, ...about }, site.context, tools)), { name: "DeliveryError", kind: "usage", message });
            });
        }

        it("follows what up has published, and says so when that serves already", async () => {
            await using site = await openSite({ source: "pulumi" });
            const { demo, context } = site;
            // Is up: puts a release into the bucket, as the program would, the first time alone.
            let objectVersion = "";
            const up = async () => {
                if (objectVersion === "") objectVersion = await publishAs(demo, context);
                return { outputs: { triggerObjectVersion: { value: objectVersion } } };
            };
            const deploy = (): Promise<number> => demo.here(() => deployCommand("dev", { wait: 60 }, context, { ...tools, up }));
            assert.equal(await deploy(), 0, context.told.join("\n"));
            const { version, deploymentId } = context.printed.at(-1)?.result as Printed;
            assert.match(deploymentId, /^d-/);
            await new StageJournal(new S3Client(demo.access), demo.stage.releaseBucket).record({
                version, image, bundleVersion: objectVersion, who: "record", when: "2026-01-01T00:00:00Z", by: "pipeline", deploymentId, result: "succeeded",
            });
            assert.equal(await deploy(), 0);
            assert.deepEqual(context.printed.at(-1), { result: { stack: "dev", result: "alreadyServing", version }, text: `Nothing new: release ${version} serves in dev already: ${demo.stage.url}` });
            assert.equal(demo.codeDeploy.deployments.length, 1);
        });
    });

    it("of source github has the pushed commit built, and follows the release that the build tells", async () => {
        await using site = await openSite({ source: "github" });
        const { demo, context } = site;
        demo.codePipeline.addBuildPipeline({
            name: "build", source: { connectionArn: "arn:c", repository: "acme/web", branch: "main" },
            build: async () => ({ GAPLESS_OBJECT_VERSION: await publishAs(demo, context) }),
        });
        await new SSMClient(demo.access).send(new PutParameterCommand({
            Name: "/gapless/gapless/dev/build", Type: "String",
            Value: JSON.stringify({ pipeline: "build", connectionArn: "arn:c", repository: "acme/web", branch: "main" }),
        }));
        const git = (...args: readonly string[]): string => execFileSync("git", ["-c", "user.name=ada", "-c", "user.email=ada@example.com", ...args], { cwd: demo.folder, encoding: "utf8" }).trim();
        git("init", "--quiet");
        git("commit", "--quiet", "--allow-empty", "--message", "Say hello");
        const head = git("rev-parse", "HEAD");
        const mine = { ...context, env: { PATH: process.env["PATH"] } };
        const deploy = (): Promise<number> => demo.here(() => deployCommand("dev", { wait: 60 }, mine, tools));
        await assert.rejects(deploy(), {
            kind: "usage", message: `Commit ${head.slice(0, 12)} is on no branch of a remote, where the build gets it from. First: git push. Then again: ./gapless deploy dev`,
        });
        git("update-ref", "refs/remotes/origin/main", head);
        assert.equal(await deploy(), 0, context.told.join("\n"));
        assert.deepEqual(demo.codePipeline.pipeline("build").executions.map(({ args }) => args.revision), [head]);
        assert.equal((context.printed[0]?.result as { readonly result: string }).result, "succeeded");
        assert.ok(context.told.includes(`warning: changes that are not committed are not released: commit ${head.slice(0, 12)} is`), context.told.join("\n"));
    });

    it("of source github needs a build pipeline", async () => {
        await using site = await openSite({ source: "github" });
        await assert.rejects(site.demo.here(() => deployCommand("dev", { wait: 60 }, site.context, tools)), {
            kind: "usage", message: "dev has no build pipeline yet: ./gapless up dev makes it.",
        });
    });
});

describe("publish", () => {
    it("hands a release to the pipeline without waiting, and prints the version by which it is followed last", async () => {
        await using site = await openSite();
        const { demo, context } = site;
        assert.equal(await demo.here(() => publishCommand("dev", { image }, context, recipeOf)), 0);
        const [{ result, text } = { result: {}, text: "" }] = context.printed;
        const { version, objectVersion } = result as Printed;
        assert.deepEqual(result, { version, image, objectVersion, key: `releases/${version}.zip` });
        assert.equal(text, `release ${version}\nimage ${image}\nobject version ${objectVersion}`);
        assert.deepEqual(demo.codePipeline.pipeline(demo.stage.pipeline).executions.map(({ args }) => args.revision), [objectVersion]);
    });

    it("is refused where releases are up's", async () => {
        await using site = await openSite({ source: "pulumi" });
        await assert.rejects(site.demo.here(() => publishCommand("dev", { image }, site.context, recipeOf)), {
            kind: "usage", message: "The releases of dev are made by up (source: pulumi), so there is nothing to publish: ./gapless deploy dev",
        });
    });
});

/** Publishes under another source's name. */
async function publishAs(demo: DemoStage, context: CommandContext): Promise<string> {
    return handOver(new S3Client(demo.access), demo.stage.releaseBucket, makeStackRelease(await recipeOf("dev", context.signal), image, undefined, context), context);
}
