import { cp } from "node:fs/promises";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import type { RecipeReader } from "../../../cli/commands/publish";
import type { Recipe } from "../../../cli/commands/recipe";
import type { CommandContext } from "../../../cli/context";
import { handOver, makeStackRelease } from "../../../cli/image/stack-release";
import { StageJournal } from "../../../release/aws/stage-journal";
import type { OtherDeployment } from "../../support/aws/code-deploy-double";
import { DemoStage, type DemoStageArgs } from "../../support/aws/demo-stage";
import { testContext, type TestContext } from "../../support/aws/command-context";
import { FakeClock } from "../../support/aws/fake-clock";

export const digest = `sha256:${"d".repeat(64)}`;
export const image = `registry.test/web@${digest}`;
export const commit = "c".repeat(40);

export const recipe: Recipe = {
    image: { context: "app", dockerfile: "app/Dockerfile.dev", args: {}, platform: "linux/amd64", tag: "build-abc" },
    release: { containerPort: 8080, healthPath: "/health", probePath: "/", healthTimeoutSeconds: 3, stopGraceSeconds: 30, environment: { GREETING: "hello" } },
};
export const recipeOf: RecipeReader = () => Promise.resolve(recipe);

/** A stage on the doubles of AWS, with the project's own release scripts, and a command's surroundings at it. */
export async function openSite(args: DemoStageArgs = {}): Promise<{ readonly demo: DemoStage; readonly context: TestContext } & AsyncDisposable> {
    const clock = new FakeClock();
    const demo = await DemoStage.open({ ...args, codeDeploy: { now: () => clock.now(), ...args.codeDeploy } });
    await cp(join(import.meta.dirname, "../../../app-scripts"), join(demo.folder, "app-scripts"), { recursive: true });
    const context = testContext({ folder: demo.folder, clock, env: { PATH: process.env["PATH"], GIT_COMMIT: commit, BUILD_TAG: "job-7" } });
    return { demo, context, [Symbol.asyncDispose]: () => demo[Symbol.asyncDispose]() };
}

/** What is read of a printed result. */
export interface Printed {
    readonly version: string;
    readonly objectVersion: string;
    readonly deploymentId: string;
}

/** Publishes under another source's name. */
export async function publishAs(demo: DemoStage, context: CommandContext, of = image): Promise<string> {
    return handOver(new S3Client(demo.access), demo.stage.releaseBucket, makeStackRelease(await recipeOf("dev", context.signal), of, undefined, context), context);
}

/** Is the pipeline's last stage. */
export function writeDown(demo: DemoStage, { version, objectVersion, deploymentId }: Printed): Promise<void> {
    return new StageJournal(new S3Client(demo.access), demo.stage.releaseBucket).record({
        version, image, bundleVersion: objectVersion, who: "record", when: "2026-01-01T00:00:00Z", by: "pipeline", deploymentId, result: "succeeded",
    });
}

/** A deployment of some other release. */
export function another({ stage: { codeDeployApplication: application, deploymentGroup: group, releaseBucket: bucket } }: DemoStage): OtherDeployment {
    return { application, group, revision: { revisionType: "S3", s3Location: { bucket, key: "releases/aaaaaaaaaaaa.zip", bundleType: "zip", version: "v0", eTag: "e0" } } };
}
