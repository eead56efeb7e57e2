import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { RecipeReader } from "../../../cli/commands/publish";
import type { Recipe } from "../../../cli/commands/recipe";
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
