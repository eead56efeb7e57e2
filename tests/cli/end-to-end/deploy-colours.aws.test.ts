import assert from "node:assert/strict";
import { scripts } from "../../support/aws/code-deploy-double";
import { before, openSite } from "./site";

const open = () => openSite({ blueGreen: { warmSeconds: 1800 } });

describe("./gapless from end to end with two colours", function () {
    // The command line reads the program, which takes seconds.
    this.timeout(150_000);

    it("builds, stores and rolls a release to the idle colour, and goes back by one call", async () => {
        await using site = await open();
        const { demo, shell } = site;
        const first = await site.store();
        const rolled = await shell.run("roll", "dev", first.version);
        assert.equal(rolled.exitCode, 0, rolled.stderr);
        const run = await shell.run("deploy", "dev", "--direct", "--shift", "10,100", "--bake", "1s");
        assert.equal(run.exitCode, 0, run.stderr);
        const [, entry = assert.fail("nothing is written down"), ...more] = await site.journal();
        const { version, image, result, by, colour } = entry;
        assert.deepEqual({ result, by, colour, more }, { result: "succeeded", by: "roll", colour: "blue", more: [] });
        const [serves, colours = ""] = run.stdout.split("\n");
        assert.equal(serves, `Release ${version} serves in dev: ${demo.stage.url}`);
        assert.match(colours, /^blue serves; green stays warm until \S+Z, until when \.\/gapless rollback dev goes back by one call\.$/);
        assert.deepEqual(await shell.dockerWords(), ["version", "buildx", "version", "build", "push"]);
        assert.ok((await site.tagsOf(image)).includes(`deployed-${version}`), "the image is kept");

        const back = await shell.run("rollback", "dev");
        assert.equal(back.exitCode, 0, back.stderr);
        assert.match(back.stdout, new RegExp(`^Release ${first.version} serves in dev: \\S+\ngreen serves by one call of \\d+ ms, `));
        const history = await shell.run("history", "dev");
        assert.match(history.stdout, new RegExp(`serves .* ${first.version} .* rollback .* green .* succeeded`), history.stdout);
    });

    it("exits 3 with the page of the failure when what is new goes back", async () => {
        await using site = await open();
        site.demo.codeDeploy.next(scripts.fails({ event: "ValidateService" }));
        const run = await site.shell.run("deploy", "dev", "--direct", "--image", await site.pushImage());
        assert.equal(run.exitCode, 3, run.stderr);
        const [entry] = await site.journal();
        assert.match(run.stdout, new RegExp(`^Roll ${entry?.deploymentId} of release ${entry?.version} from blue to green failed and was taken back\\.$`, "m"));
        assert.deepEqual([entry?.result, (await site.status()).serves?.version], ["rolledBack", before]);
    });
});
