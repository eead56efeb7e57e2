import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { describe, it } from "mocha";
import { recordCommand } from "../../../cli/commands/record";
import { stageParameter } from "../../../release/stage";
import { testContext } from "../../support/aws/command-context";
import { motoAccess, motoUrl, uniqueName } from "../../support/aws/moto";
import { deployed, version } from "../../release/aws/deployed-site";

/** What the SDK reads, set for the time of some work, in a folder with some release.env. */
async function within<T>(releaseEnv: string | undefined, env: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
    const before = { env: { ...process.env }, folder: process.cwd() };
    const folder = await mkdtemp(join(tmpdir(), "gapless-record-"));
    try {
        if (releaseEnv !== undefined) await writeFile(join(folder, "release.env"), releaseEnv);
        process.chdir(folder);
        Object.assign(process.env, env);
        return await work();
    } finally {
        process.chdir(before.folder);
        process.env = before.env;
        await rm(folder, { recursive: true });
    }
}

describe("record", () => {
    async function site() {
        const made = await deployed();
        const [project, stack] = [uniqueName("shop"), "dev-eu"];
        const ssm = new SSMClient(await motoAccess());
        const note = async (distribution: string | undefined) => {
            const stage = stageParameter.parse({ ...made.stage, distribution });
            await ssm.send(new PutParameterCommand({ Name: `/gapless/${project}/${stack}/stage`, Type: "String", Overwrite: true, Value: JSON.stringify(stage) }));
        };
        await note(made.stage.distribution);
        const aws = {
            AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_ENDPOINT_URL: await motoUrl(), AWS_ENDPOINT_URL_CODEPIPELINE: made.codePipeline.access.endpoint,
            AWS_ENDPOINT_URL_CODEDEPLOY: made.codeDeploy.access.endpoint,
        };
        const context = testContext({ folder: "/nowhere", env: { GAPLESS_PROJECT: project, GAPLESS_STACK: stack, AWS_REGION: "eu-central-1" } });
        const run = () => within(`IMAGE=${made.image}\nVERSION=${version}\n`, aws, () => recordCommand(stack, made.executionId, context));
        return { made, note, context, run, [Symbol.asyncDispose]: () => made[Symbol.asyncDispose]() };
    }

    it("finds the stage by the environment alone and does all that is left to do", async () => {
        await using here = await site();
        assert.equal(await here.run(), 0);
        assert.equal(here.context.told.at(-1), `written down: release ${version}, deployment ${here.made.deploymentId}`);
        assert.deepEqual((await here.made.journal()).map(({ revision }) => revision), [here.made.revision]);
    });

    it("fails when a part of it has failed, and names each", async () => {
        await using here = await site();
        await here.note("E0NOTTHERE");
        await here.made.loseImage();
        await assert.rejects(here.run(), (error: Error & { kind?: string }) => {
            assert.deepEqual([error.name, error.kind], ["DeliveryError", "failed"]);
            const [image = "", ...rest] = error.message.split("\n");
            assert.match(image, / has no image sha256:/);
            assert.match(rest.join("\n"), /NoSuchDistribution|distribution/i);
            return true;
        });
        assert.equal((await here.made.journal()).length, 1);
    });

    for (const [what, releaseEnv, message] of [
        ["no release", undefined, /^release\.env cannot be read \(ENOENT.*\)\. Run this in the folder of a release\.$/],
        ["a release without a version", "IMAGE=web@sha256:1\n", /^This folder holds no release: its release\.env names no version\.$/],
        ["a release without an image", "VERSION=0123456789ab\n", /^This folder holds no release: its release\.env names no image\.$/],
    ] as const) {
        it(`refuses a folder with ${what}, before it asks AWS`, async () => {
            await assert.rejects(within(releaseEnv, {}, () => recordCommand("dev", "1", testContext({ folder: "/nowhere" }))), { name: "DeliveryError", kind: "usage", message });
        });
    }
});
