import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { S3Client } from "@aws-sdk/client-s3";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { deployCommand } from "../../../cli/commands/deploy";
import { publishCommand } from "../../../cli/commands/publish";
import { StageJournal } from "../../../release/aws/stage-journal";
import { StageLock, withLock } from "../../../release/aws/stage-lock";
import { readTriggered } from "../../../release/aws/triggered-release";
import { scripts } from "../../support/aws/code-deploy-double";
import type { DemoStage } from "../../support/aws/demo-stage";
import { another, commit, image, openSite, type Printed, publishAs, recipeOf, writeDown } from "./delivery-site";

const tools = { recipeOf, up: () => Promise.reject(new Error("up is not called")) };
const words = { image, wait: 60 };
const owner = { who: "ada", host: "laptop", pid: 1 };
const journalOf = ({ access, stage }: DemoStage) => new StageJournal(new S3Client(access), stage.releaseBucket).read();

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
        const when = demo.codeDeploy.deployment(deploymentId).createTime.toISOString();
        const expected = { version, bundleVersion: objectVersion, deploymentId, result: "failed", by: "pipeline", commit, who: "job-7", image, when };
        const { entries } = await journalOf(demo);
        assert.equal(entries.length, 1);
        assert.deepEqual(entries[0], { ...entries[0], ...expected });
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

    it("releases nothing while instances are being replaced, also when the command that began it is gone", async () => {
        await using site = await openSite({ refreshes: [{ Status: "InProgress", PercentageComplete: 50 }] });
        const { demo, context } = site;
        demo.refreshes.begin();
        await assert.rejects(demo.here(() => deployCommand("dev", { ...words, wait: 1 }, context, tools)), {
            name: "DeliveryError", kind: "needsPerson", message: /^There is instance refresh .* nothing else may change its instances meanwhile\. /,
        });
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
