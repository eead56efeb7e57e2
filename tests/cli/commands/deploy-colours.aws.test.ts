import assert from "node:assert/strict";
import { S3Client } from "@aws-sdk/client-s3";
import { deployCommand, type DeployWords } from "../../../cli/commands/deploy";
import { rollCommand } from "../../../cli/commands/roll";
import { keepOrigin } from "../../../release/aws/origin";
import { StageJournal } from "../../../release/aws/stage-journal";
import { readTriggered } from "../../../release/aws/triggered-release";
import { scripts } from "../../support/aws/code-deploy-double";
import type { BuildAbout } from "../../support/aws/code-pipeline-double";
import { testContext, type TestContext } from "../../support/aws/command-context";
import type { DemoStage } from "../../support/aws/demo-stage";
import { commit, image, openSite, type Printed, recipeOf } from "./delivery-site";

const tools = { recipeOf, up: () => Promise.reject(new Error("up is not called")) };
const journalOf = async ({ access, stage }: DemoStage) => (await new StageJournal(new S3Client(access), stage.releaseBucket).read()).entries;

/** A stage of two colours whose pipeline rolls as its build does; what that says is kept. */
async function open(source: "s3" | "github" = "s3") {
    const built: TestContext[] = [];
    const codes: number[] = [];
    const site: Awaited<ReturnType<typeof openSite>> = await openSite({
        source, blueGreen: { warmSeconds: 1800 }, serves: "aaaaaaaaaaaa", codeDeploy: { eventsPerPoll: 4 },
        roll: about => roll(site.demo, about),
    });
    const roll = async (demo: DemoStage, { executionId, revision }: BuildAbout): Promise<undefined> => {
        const context = testContext({ folder: demo.folder, clock: site.context.clock, env: { PATH: process.env["PATH"] } });
        built.push(context);
        const { version } = await readTriggered(new S3Client(demo.access), demo.stage.releaseBucket, revision);
        const code = await rollCommand("dev", version, { wait: 5, execution: executionId }, context);
        codes.push(code);
        if (code !== 0) throw new Error(`exit code ${code}`);
    };
    const deploy = (words: Partial<DeployWords> = {}) => site.demo.here(() => deployCommand("dev", { image, wait: 60, ...words }, site.context, tools));
    return { ...site, built, codes, deploy, [Symbol.asyncDispose]: () => site[Symbol.asyncDispose]() };
}

describe("deploy to a stack with two colours", function () {
    this.timeout(60_000);

    it("hands the release to the pipeline and watches the roll that its build drives", async () => {
        await using site = await open();
        const { demo, context } = site;
        assert.equal(await site.deploy({ shift: [10, 100], bake: 30 }), 0, context.told.join("\n"));
        const [entry = assert.fail("nothing is written down"), ...others] = await journalOf(demo);
        const [execution] = demo.codePipeline.pipeline(demo.stage.pipeline).executions;
        const { version, objectVersion, deploymentId } = context.printed[0]?.result as Printed;
        assert.deepEqual(context.printed, [{
            result: { stack: "dev", version, image, objectVersion, commit, result: "succeeded", executionId: execution?.args.id, deploymentId },
            text: `Release ${version} serves in dev: ${demo.stage.url}`,
        }]);
        assert.deepEqual(others, []);
        const { by, who, result, colour, commit: hash, bundleVersion, deploymentId: id } = entry;
        assert.deepEqual({ by, who, result, colour, hash, bundleVersion, id }, {
            by: "pipeline", who: "job-7", result: "succeeded", colour: "green", hash: commit, bundleVersion: objectVersion, id: deploymentId,
        });
        assert.ok(context.told.some(line => line.startsWith("Roll runs")), context.told.join("\n"));
        assert.ok(context.told.some(line => /^step \d+ of \d+: /.test(line)), "the roll's steps are told by whoever has handed it over");
        const steps = site.built[0]?.told.filter(line => /: sending /.test(line)) ?? [];
        assert.equal(steps.length, 2, `the wishes came with the release: ${site.built[0]?.told.join("\n") ?? ""}`);
    });

    it("shows the page of a roll that failed, which the build has written down", async () => {
        await using site = await open();
        const { demo, context } = site;
        demo.codeDeploy.next(scripts.fails());
        assert.equal(await site.deploy(), 3, context.told.join("\n"));
        const [entry, ...others] = await journalOf(demo);
        assert.deepEqual([others, entry?.result, entry?.by, entry?.who, site.codes], [[], "rolledBack", "pipeline", "job-7", [3]]);
        assert.match(context.printed[0]?.text ?? "", new RegExp(`^Roll ${entry?.deploymentId} of release ${entry?.version} from blue to green failed and was taken back\\.$`, "m"));
    });

    it("hands nothing over that serves already", async () => {
        await using site = await open();
        await site.deploy();
        assert.equal(await site.deploy(), 0);
        assert.match(site.context.printed[1]?.text ?? "", /^Nothing new: release \S+ serves in dev already/);
        assert.equal(site.demo.codePipeline.pipeline(site.demo.stage.pipeline).executions.length, 1);
    });

    it("rolls past the pipeline with --direct, with what is wished of this one time", async () => {
        await using site = await open();
        const { demo, context } = site;
        assert.equal(await site.deploy({ direct: true, shift: [50, 100] }), 0, context.told.join("\n"));
        assert.deepEqual((await journalOf(demo)).map(({ by, result }) => [by, result]), [["roll", "succeeded"]]);
        assert.deepEqual([demo.codePipeline.pipeline(demo.stage.pipeline).executions, context.told.filter(line => /: sending /.test(line)).length], [[], 2]);
    });

    it("refuses wishes that would not reach the build, before anything is built", async () => {
        await using site = await open("github");
        await assert.rejects(site.deploy({ shift: [10, 100] }), { kind: "usage", message: /^--shift cannot go through the pipeline of dev \(source: github\)/ });
        assert.deepEqual(site.demo.door.requests.filter(request => request.startsWith("PUT") && request.includes(".zip")), []);
    });
});

describe("the origin of a pipeline's roll", () => {
    it("is only worth a warning when it cannot be added, and nothing where the roll is not written down", async () => {
        await using site = await openSite({ blueGreen: {} });
        const { demo: { stage, access }, context } = site;
        const keep = (bucket: string) => keepOrigin(new S3Client(access), { ...stage, releaseBucket: bucket }, "bg-1", { objectVersion: "v", commit }, context);
        await keep(stage.releaseBucket);
        assert.deepEqual([context.told, await journalOf(site.demo)], [[], []]);
        await keep("no-such-bucket");
        assert.match(context.told.join("\n"), /^warning: the journal does not name the commit that the pipeline was started with: /);
    });
});
