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
import { type OtherDeployment, scripts } from "../../support/aws/code-deploy-double";
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
        assert.deepEqual(await readTriggered(new S3Client(demo.access), demo.stage.releaseBucket, objectVersion), { version, image, objectVersion, commit, builder: "job-7" });
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

    it("hands nothing over that serves already, and does so again when it does not", async () => {
        await using site = await openSite();
        const { demo, context } = site;
        const deploy = (): Promise<number> => demo.here(() => deployCommand("dev", words, context, tools));
        const executions = () => demo.codePipeline.pipeline(demo.stage.pipeline).executions.length;
        assert.equal(await deploy(), 0);
        const { version, ...rest } = context.printed[0]?.result as Printed;
        await writeDown(demo, { version, ...rest });
        assert.equal(await deploy(), 0);
        assert.deepEqual(context.printed[1], { result: { stack: "dev", version, result: "alreadyServing" }, text: `Nothing new: release ${version} serves in dev already: ${demo.stage.url}` });
        assert.equal(executions(), 1);

        // It still is what succeeded last, and some instances may run what failed.
        demo.codeDeploy.next(scripts.fails(), scripts.fails());
        demo.codeDeploy.advance(demo.codeDeploy.create(another(demo)));
        demo.codeDeploy.advance(demo.codeDeploy.deployments.at(-1)?.args.id ?? "");
        assert.equal(await deploy(), 0, context.told.join("\n"));
        assert.equal(executions(), 2);
    });

    it("hands over again what serves when the pipeline was handed something else since", async () => {
        await using site = await openSite();
        const { demo, context } = site;
        const deploy = (of: string): Promise<number> => demo.here(() => deployCommand("dev", { ...words, image: of }, context, tools));
        assert.equal(await deploy(image), 0);
        await writeDown(demo, context.printed[0]?.result as Printed);
        demo.codeDeploy.next(scripts.fails());
        assert.equal(await deploy(`registry.test/web@sha256:${"e".repeat(64)}`), 3, "rolled back to the first");
        assert.equal(await deploy(image), 0);
        assert.equal(demo.codePipeline.pipeline(demo.stage.pipeline).executions.length, 3);
    });

    it("writes down and keeps what serves when the pipeline's last stage fails, and still ends with 1", async () => {
        await using site = await openSite({ record: () => { throw new Error("no permission"); } });
        const { demo, context } = site;
        assert.equal(await demo.here(() => deployCommand("dev", words, context, tools)), 1);
        const [{ result, text } = { result: {}, text: "" }] = context.printed;
        const { version, deploymentId } = result as Printed;
        assert.match(text, new RegExp(`^Release ${version} serves in dev: .*\nRecord failed: `));
        assert.deepEqual((await journalOf(demo)).entries.map(({ version: of, deploymentId: id, result: what, who, commit: hash }) => [of, id, what, who, hash]), [[version, deploymentId, "succeeded", "job-7", commit]]);
    });

    it("ends with 4 when the time is over and the pipeline goes on, and counts the time of the lock", async () => {
        await using site = await openSite({ approval: true });
        const { demo, context } = site;
        const lock = new StageLock(new S3Client(demo.access), demo.stage.releaseBucket, owner, context.clock);
        const free = new AbortController();
        const wish = { stack: "dev", command: "up", waitMinutes: 0, clock: context.clock, tell: context.tell, signal: context.signal };
        let held: Promise<void> | undefined;
        const taken = new Promise<void>(resolve => {
            held = withLock(lock, wish, () => { resolve(); return new Promise<void>(done => { free.signal.addEventListener("abort", () => { done(); }); }); });
        });
        await taken;
        context.clock.meanwhile(async () => {
            if (context.clock.waited < 180 || free.signal.aborted) return;
            free.abort();
            await held;
        });
        assert.equal(await demo.here(() => deployCommand("dev", { ...words, wait: 5 }, context, tools)), 4);
        assert.match(context.printed[0]?.text ?? "", /^Approve still waits for a person after 5 minutes/);
        assert.ok(context.clock.waited < 320, String(context.clock.waited));
    });

    it("releases nothing while somebody changes the stack, and says who", async () => {
        await using site = await openSite();
        const { demo, context } = site;
        const lock = new StageLock(new S3Client(demo.access), demo.stage.releaseBucket, owner, context.clock);
        const wish = { stack: "dev", command: "up", waitMinutes: 0, clock: context.clock, tell: context.tell, signal: context.signal };
        await withLock(lock, wish, () => assert.rejects(demo.here(() => deployCommand("dev", { ...words, wait: 1 }, context, tools)), {
            name: "DeliveryError", kind: "needsPerson",
            message: /^dev is locked after 1 minutes: up of ada \(process 1 on laptop\) since .* Nothing was released\. /,
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
            await writeDown(demo, { version, objectVersion, deploymentId });
            assert.equal(await deploy(), 0);
            assert.deepEqual(context.printed.at(-1), { result: { stack: "dev", result: "alreadyServing", version }, text: `Nothing new: release ${version} serves in dev already: ${demo.stage.url}` });
            assert.equal(demo.codeDeploy.deployments.length, 1);
        });

        for (const [what, script, others] of [
            ["was rolled back since", scripts.succeeds(), ["rolled back to"]],
            ["failed", scripts.fails(), []],
        ] as const) {
            it(`starts the pipeline again when up has nothing new and the release ${what}, and tells what comes of that`, async () => {
                await using site = await openSite({ source: "pulumi" });
                const { demo, context } = site;
                let objectVersion = "";
                const up = async () => {
                    if (objectVersion === "") objectVersion = await publishAs(demo, context);
                    return { outputs: { triggerObjectVersion: { value: objectVersion } } };
                };
                const deploy = (): Promise<number> => demo.here(() => deployCommand("dev", { wait: 60 }, context, { ...tools, up }));
                demo.codeDeploy.next(script);
                assert.equal(await deploy(), others.length > 0 ? 0 : 1);
                const { version } = context.printed[0]?.result as Printed;
                for (const _ of others) demo.codeDeploy.advance(demo.codeDeploy.create(another(demo)));
                assert.equal(await deploy(), 0, context.told.join("\n"));
                const { executions } = demo.codePipeline.pipeline(demo.stage.pipeline);
                const [, again] = executions;
                assert.deepEqual(executions.map(({ args }) => [args.revision, args.trigger.triggerType]), [[objectVersion, "CloudWatchEvent"], [objectVersion, "StartPipelineExecution"]]);
                const { executionId, deploymentId } = context.printed[1]?.result as Printed & { readonly executionId: string };
                assert.deepEqual([executionId, deploymentId], [again?.args.id, demo.codeDeploy.deployments.at(-1)?.args.id]);
                assert.ok(context.told.includes(`up has published nothing new, and release ${version} does not serve: starting pipeline ${demo.stage.pipeline}`), context.told.join("\n"));
            });
        }

        it("follows what is on its way when up has nothing new", async () => {
            await using site = await openSite({ source: "pulumi", approval: true });
            const { demo, context } = site;
            let objectVersion = "";
            const up = async () => {
                if (objectVersion === "") objectVersion = await publishAs(demo, context);
                return { outputs: { triggerObjectVersion: { value: objectVersion } } };
            };
            const deploy = (): Promise<number> => demo.here(() => deployCommand("dev", { wait: 5 }, context, { ...tools, up }));
            assert.deepEqual([await deploy(), await deploy()], [4, 4]);
            assert.equal(demo.codePipeline.pipeline(demo.stage.pipeline).executions.length, 1);
        });

        it("starts the pipeline for the program's release when the pipeline was handed another since", async () => {
            await using site = await openSite({ source: "pulumi" });
            const { demo, context } = site;
            const objectVersion = await publishAs(demo, context);
            const other = await publishAs(demo, context, `registry.test/web@sha256:${"e".repeat(64)}`);
            const up = () => Promise.resolve({ outputs: { triggerObjectVersion: { value: objectVersion } } });
            await demo.here(() => deployCommand("dev", { wait: 60 }, context, { ...tools, up }));
            const { executions } = demo.codePipeline.pipeline(demo.stage.pipeline);
            assert.deepEqual(executions.map(({ args }) => args.revision), [objectVersion, other, objectVersion]);
            assert.equal((context.printed[0]?.result as { readonly executionId: string }).executionId, executions[2]?.args.id);
        });

        it("follows a release that up has published anew, whatever serves", async () => {
            await using site = await openSite({ source: "pulumi" });
            const { demo, context } = site;
            const up = async () => ({ outputs: { triggerObjectVersion: { value: await publishAs(demo, context) } } });
            for (const told of ["succeeded", "succeeded"]) {
                assert.equal(await demo.here(() => deployCommand("dev", { wait: 60 }, context, { ...tools, up })), 0);
                const { result, ...released } = context.printed.at(-1)?.result as Printed & { readonly result: string };
                assert.equal(result, told);
                await writeDown(demo, released);
            }
            assert.equal(demo.codeDeploy.deployments.length, 2);
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
            kind: "usage", message: "dev gets its releases from branch main of acme/web, and no remote of this repository leads there. First: git remote add, and git fetch. Then again: ./gapless deploy dev",
        });
        git("remote", "add", "origin", "git@github.com:acme/web.git");
        git("update-ref", "refs/remotes/origin/feature", head);
        await assert.rejects(deploy(), {
            kind: "usage", message: `Commit ${head.slice(0, 12)} is not on branch main of acme/web, as far as git knows here, and dev gets its releases from there. First: git push, or git fetch when somebody else has pushed it. Then again: ./gapless deploy dev`,
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
async function publishAs(demo: DemoStage, context: CommandContext, of = image): Promise<string> {
    return handOver(new S3Client(demo.access), demo.stage.releaseBucket, makeStackRelease(await recipeOf("dev", context.signal), of, undefined, context), context);
}

/** Is the pipeline's last stage. */
function writeDown(demo: DemoStage, { version, objectVersion, deploymentId }: Printed): Promise<void> {
    return new StageJournal(new S3Client(demo.access), demo.stage.releaseBucket).record({
        version, image, bundleVersion: objectVersion, who: "record", when: "2026-01-01T00:00:00Z", by: "pipeline", deploymentId, result: "succeeded",
    });
}

/** A deployment of some other release. */
function another({ stage: { codeDeployApplication: application, deploymentGroup: group, releaseBucket: bucket } }: DemoStage): OtherDeployment {
    return { application, group, revision: { revisionType: "S3", s3Location: { bucket, key: "releases/aaaaaaaaaaaa.zip", bundleType: "zip", version: "v0", eTag: "e0" } } };
}
