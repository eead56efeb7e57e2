import assert from "node:assert/strict";
import { deployCommand } from "../../../cli/commands/deploy";
import { scripts } from "../../support/aws/code-deploy-double";
import { another, image, openSite, type Printed, publishAs, recipeOf, writeDown } from "./delivery-site";

const tools = { recipeOf, up: () => Promise.reject(new Error("up is not called")) };

describe("deploy of a stack whose releases are up's", () => {
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

    for (const [what, script, replaced] of [
        ["was rolled back since", scripts.succeeds(), true],
        ["failed", scripts.fails(), false],
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
            assert.equal(await deploy(), replaced ? 0 : 1);
            const { version } = context.printed[0]?.result as Printed;
            if (replaced) demo.codeDeploy.advance(demo.codeDeploy.create(another(demo)));
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
