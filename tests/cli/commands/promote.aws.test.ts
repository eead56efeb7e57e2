import assert from "node:assert/strict";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { S3Client } from "@aws-sdk/client-s3";
import { promoteCommand } from "../../../cli/commands/promote";
import type { Recipe } from "../../../cli/commands/recipe";
import { StageJournal } from "../../../release/aws/stage-journal";
import { type StageParameter, stageParameter } from "../../../release/stage";
import { RegistryDouble } from "../../release/registry/registry-double";
import { commit, openSite, recipe } from "./delivery-site";

/** Stack stg, in which an image serves; and stack dev, which gets it. Both lie on one AWS, each with a registry of its own. */
async function openPair({ serves = true, there = () => recipe, shared = false }: {
    readonly serves?: boolean; readonly there?: (digest: string) => Recipe; readonly shared?: boolean;
} = {}) {
    const site = await openSite();
    const { demo, context } = site;
    const [from, to] = [await RegistryDouble.start(), await RegistryDouble.start()];
    const { digest } = from.addImage("web", "layer");
    const image = `${from.host}/web@${digest}`;
    const ssm = new SSMClient(demo.access);
    const parameter = stageParameter.parse(demo.stage);
    const write = (stack: string, about: Partial<StageParameter>) => ssm.send(new PutParameterCommand({
        Name: `/gapless/gapless/${stack}/stage`, Type: "String", Overwrite: true, Value: JSON.stringify({ ...parameter, ...about }),
    }));
    await write("dev", { repository: `${(shared ? from : to).host}/web` });
    demo.codeDeploy.addGroup({ application: "stg", group: "stg", instances: ["i-8", "i-9"] });
    await write("stg", { repository: `${from.host}/web`, releaseBucket: demo.stage.releaseBucket, codeDeployApplication: "stg", deploymentGroup: "stg" });
    await cp(join(demo.folder, "Pulumi.dev.yaml"), join(demo.folder, "Pulumi.stg.yaml"));
    // Whoever calls Docker fails.
    await writeFile(join(demo.folder, "docker"), "#!/bin/sh\nexit 97\n", { mode: 0o755 });
    if (serves) {
        const deploymentId = demo.codeDeploy.create({
            application: "stg", group: "stg",
            revision: { revisionType: "S3", s3Location: { bucket: demo.stage.releaseBucket, key: "copy", bundleType: "zip", version: "v", eTag: "e" } },
        });
        demo.codeDeploy.advance(deploymentId);
        await new StageJournal(new S3Client(demo.access), demo.stage.releaseBucket).record({
            version: "0123456789ab", image, bundleVersion: "v", commit, who: "ada", when: "2026-01-01T00:00:00Z", by: "pipeline", deploymentId, result: "succeeded",
        });
    }
    const promote = (): Promise<number> => demo.here(() => promoteCommand("stg", "dev", { wait: 60 }, { ...context, env: { ...context.env, PATH: demo.folder } },
        stack => Promise.resolve(stack === "stg" ? recipe : there(digest))));
    return {
        demo, context, from, to, digest, promote,
        [Symbol.asyncDispose]: async () => {
            for (const each of [site, from, to]) await each[Symbol.asyncDispose]();
        },
    };
}

describe("promote", () => {
    it("releases the very image that serves in one stack to another, with the settings of that", async () => {
        await using pair = await openPair();
        const { demo, context, to, digest } = pair;
        assert.equal(await pair.promote(), 0, context.told.join("\n"));
        const { result, image } = context.printed[0]?.result as { readonly result: string; readonly image: string };
        assert.deepEqual([result, image], ["succeeded", `${to.host}/web@${digest}`]);
        assert.ok(to.manifests.has(`web@${digest}`));
        assert.ok(to.manifests.has("web@promoted-0123456789ab"), "or a clean-up of untagged images takes it");
        assert.deepEqual(demo.codeDeploy.deployments.map(({ args }) => args.group.application), ["stg", demo.stage.codeDeployApplication]);
    });

    it("is refused between stacks whose settings make different images, naming the setting and both values", async () => {
        await using pair = await openPair({ there: () => ({ ...recipe, image: { ...recipe.image, dockerfile: "app/Dockerfile.prod" } }) });
        await assert.rejects(pair.promote(), {
            name: "DeliveryError", kind: "usage",
            message: [
                "What serves in stg is not what dev's settings would make, so it is not promoted:",
                "  dockerfile is app/Dockerfile.dev in stg, and app/Dockerfile.prod in dev",
                "Make the settings agree, or release to dev a build of its own: ./gapless deploy dev",
            ].join("\n"),
        });
        assert.deepEqual([pair.to.requests, pair.demo.codePipeline.calls], [[], []]);
    });

    it("copies nothing twice, and releases nothing that serves already", async () => {
        await using pair = await openPair();
        const { demo, context, to } = pair;
        assert.equal(await pair.promote(), 0, context.told.join("\n"));
        const { version, image, objectVersion, deploymentId } = context.printed[0]?.result as { readonly [name: string]: string };
        await new StageJournal(new S3Client(demo.access), demo.stage.releaseBucket).record({
            version: version ?? "", image: image ?? "", bundleVersion: objectVersion ?? "", who: "record", when: "2026-01-01T00:00:00Z", by: "pipeline", deploymentId: deploymentId ?? "", result: "succeeded",
        });
        to.requests.length = 0;
        assert.equal(await pair.promote(), 0, context.told.join("\n"));
        assert.deepEqual(to.requests, ["GET /v2/web/manifests/promoted-0123456789ab"]);
        assert.deepEqual(context.printed.at(-1)?.result, { stack: "dev", version, result: "alreadyServing" });
    });

    for (const [what, args] of [
        ["to a stack whose settings name the image", { there: (digest: string) => ({ ...recipe, image: { prebuilt: `mirror.test/web@${digest}` } }) }],
        ["between stacks that share a repository", { shared: true }],
    ] as const) {
        it(`copies nothing ${what}`, async () => {
            await using pair = await openPair(args);
            const { context, from, to, digest } = pair;
            assert.equal(await pair.promote(), 0, context.told.join("\n"));
            assert.equal((context.printed[0]?.result as { readonly image: string }).image, `${"shared" in args ? `${from.host}/web` : "mirror.test/web"}@${digest}`);
            assert.deepEqual([from.requests, to.requests], [[], []]);
        });
    }

    it("needs a person when nobody knows what serves", async () => {
        await using pair = await openPair({ serves: false });
        await assert.rejects(pair.promote(), {
            kind: "needsPerson",
            message: "Nobody has written down which release serves in stg: see ./gapless status stg. ./gapless deploy stg releases one that is known.",
        });
    });

    it("releases nothing when the image cannot be copied", async () => {
        await using pair = await openPair();
        pair.from.blobs.clear();
        await assert.rejects(pair.promote(), { name: "DeliveryError", message: /^127\.0\.0\.1:\d+ refuses GET \/v2\/web\/blobs\/sha256:/ });
        assert.deepEqual(pair.demo.codePipeline.calls, []);
    });

    it("is refused from a stack to itself", async () => {
        await using site = await openSite();
        await assert.rejects(promoteCommand("dev", "dev", { wait: 0 }, site.context), { kind: "usage", message: "A release is promoted from one stack to another, and dev is both." });
    });
});
