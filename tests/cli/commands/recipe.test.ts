import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCodeOf } from "../../../cli/failure";
import { recipeOf, refuseEncrypted } from "../../../cli/commands/recipe";
import { ProjectCopy } from "../../support/project-copy";

const built = {
    image: { context: "app", dockerfile: "app/Dockerfile.prod", args: { TIER: "web" }, platform: "linux/amd64", tag: "build-abc" },
    release: { containerPort: 8080, healthPath: "/health", probePath: "/", healthTimeoutSeconds: 3, stopGraceSeconds: 30, environment: { GREETING: "hello" } },
};

describe("recipe", () => {
    it("is the stack's output of this name", () => {
        assert.deepEqual(recipeOf({ recipe: built }), built);
        const prebuilt = { ...built, image: { prebuilt: `registry.test/app@sha256:${"a".repeat(64)}` } };
        assert.deepEqual(recipeOf({ recipe: prebuilt }), prebuilt);
    });

    it("has no build arguments when the output has none", () => {
        const image = { ...built.image, args: undefined };
        assert.deepEqual(recipeOf({ recipe: { ...built, image } }).image, { ...built.image, args: {} });
    });

    for (const [what, recipe, message] of [
        ["is missing", undefined, /no output 'recipe'/],
        ["lacks a port", { ...built, release: { ...built.release, containerPort: undefined } }, /containerPort/],
        ["lacks the image's tag", { ...built, image: { ...built.image, tag: undefined } }, /has no tag for the image/],
    ] as const) {
        it(`is a fault of the program when it ${what}`, () => {
            assert.throws(() => recipeOf({ recipe }), (error: Error) => {
                assert.match(error.message, message);
                return exitCodeOf(error, new AbortController().signal) === 1;
            });
        });
    }

    it("is refused when a part of it is encrypted, with the part's name, since only Pulumi can decrypt it", () => {
        for (const key of ["environment", "buildArgs", "imageDigest"]) {
            assert.throws(() => { refuseEncrypted([`gapless:${key}`], "prod"); }, (error: Error) => {
                assert.match(error.message, new RegExp(`^gapless:${key} in Pulumi\\.prod\\.yaml is encrypted, so only pulumi up can make this stack's release\\.`));
                return exitCodeOf(error, new AbortController().signal) === 2;
            });
        }
    });

    it("is not concerned by what does not get into a release", () => {
        refuseEncrypted(["gapless:certificateArn", "aws:secretKey"], "prod");
    });

    for (const command of ["recipe dev", `bundle dev --zip release.zip --image app@sha256:${"a".repeat(64)}`]) {
        it(`is refused so by ./gapless ${command.slice(0, 10)}, in one line and with nothing on standard output`, async () => {
            await using project = await ProjectCopy.make();
            await project.change("Pulumi.dev.yaml", "config:\n", "config:\n  gapless:environment: { TOKEN: { secure: v1:abc } }\n");
            const { status, stdout, stderr } = spawnSync("./gapless", command.split(" "), { cwd: project.folder, encoding: "utf8" });
            assert.deepEqual([status, stdout], [2, ""], stderr);
            assert.match(stderr, /^gapless:environment in Pulumi\.dev\.yaml is encrypted.*\n$/);
        });
    }

    it("is that of any stack that has a file, whatever it is called", async () => {
        await using project = await ProjectCopy.make();
        const prod = await readFile(join(project.folder, "Pulumi.prod.yaml"), "utf8");
        await project.write("Pulumi.prod-eu.yaml", `${prod}  gapless:stage: prod\n  gapless:environment: { REGION: eu }\n`);
        const { status, stdout, stderr } = spawnSync("./gapless", ["recipe", "prod-eu"], { cwd: project.folder, encoding: "utf8" });
        assert.equal(status, 0, stderr);
        assert.deepEqual((JSON.parse(stdout) as typeof built).release.environment, { REGION: "eu" });
    });

    for (const command of ["recipe production", `bundle production --zip release.zip --image app@sha256:${"a".repeat(64)}`]) {
        it(`is refused by ./gapless ${command.slice(0, 17)} with the stacks that there are`, () => {
            const { status, stdout, stderr } = spawnSync("./gapless", command.split(" "), { encoding: "utf8" });
            assert.deepEqual([status, stdout, stderr], [2, "", 'There is no stack production: there are dev, prod, stg. To make it, write Pulumi.production.yaml (docs/settings.md), then see ./gapless preview production.\n']);
        });
    }
});
