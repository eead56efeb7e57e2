import assert from "node:assert/strict";
import { scripts } from "../../support/aws/code-deploy-double";
import { before, openSite as open } from "./site";

describe("./gapless from end to end", function () {
    // The command line reads the program, which takes seconds.
    this.timeout(90_000);

    it("builds, bundles, uploads, follows the pipeline that this starts, and finds it all written down", async () => {
        await using site = await open();
        const { demo, shell } = site;
        const run = await shell.run("deploy", "dev", "--json");
        assert.equal(run.exitCode, 0, run.stderr);

        const [entry, ...more] = await site.journal();
        assert.ok(entry);
        const { version, image, commit, result, by, deploymentId } = entry;
        assert.deepEqual({ result, by, more }, { result: "succeeded", by: "pipeline", more: [] });
        const [execution] = demo.codePipeline.pipeline(demo.stage.pipeline).executions;
        assert.deepEqual(JSON.parse(run.stdout), {
            schemaVersion: 1, stack: "dev", result: "succeeded", version, image, commit, objectVersion: execution?.args.revision, executionId: execution?.args.id, deploymentId,
        });
        assert.deepEqual(demo.codeDeploy.deployments.map(({ args, status }) => [args.id, status]).at(-1), [deploymentId, "Succeeded"]);
        assert.deepEqual(await shell.dockerWords(), ["version", "buildx", "version", "build", "push"]);
        assert.ok((await site.tagsOf(image)).includes(`deployed-${version}`), "the image is kept");
    });

    it("says on one page why a release failed and was rolled back, and writes it down", async () => {
        await using site = await open();
        const { demo, shell } = site;
        const image = await site.pushImage();
        demo.codeDeploy.next(scripts.fails({ event: "ValidateService" }));
        const run = await shell.run("deploy", "dev", "--image", image);
        assert.equal(run.exitCode, 3, run.stderr);

        const [entry] = await site.journal();
        assert.ok(entry);
        const { version, result, deploymentId, rollbackDeploymentId } = entry;
        assert.deepEqual({ result, image: entry.image }, { result: "rolledBack", image });
        assert.match(run.stdout, new RegExp(`^Deployment ${deploymentId} of release ${version} failed and was rolled back\\.$`, "m"));
        for (const told of [demo.instanceIds[0] ?? "", "ValidateService", "scripts/validate_service.sh", "health check answered 503", before]) {
            assert.ok(run.stdout.includes(told), `${told} is not in\n${run.stdout}`);
        }
        const history = await shell.run("history", "dev");
        const command = `history dev --show ${entry.n}`;
        assert.ok(history.stdout.endsWith(`too many instances failed, or too few are healthy\nMore: ./gapless ${command}`), history.stdout);
        assert.equal((await shell.run(...command.split(" "))).stdout.split("\n")[0], run.stdout.split("\n")[0], "the same page again");
        const rollback = demo.codeDeploy.deployment(rollbackDeploymentId ?? "");
        assert.deepEqual([rollback.status, rollback.args.revision.s3Location?.key], ["Succeeded", `releases/${before}.zip`]);
    });

    it("is told the truth by status after a kill in the middle of a deployment", async () => {
        await using site = await open({ codeDeploy: { eventsPerPoll: 0 } });
        const { demo, shell } = site;
        const { version } = await site.store();
        const rolling = shell.start("roll", "dev", version);
        await demo.codeDeploy.called("GetDeployment", 2);
        rolling.kill("SIGKILL");
        await rolling;

        const deploymentId = demo.codeDeploy.deployments.at(-1)?.args.id ?? "";
        const during = await site.status();
        assert.deepEqual(during.onItsWay.map(({ kind, deploymentId: id, version: of }) => ({ kind, id, of })), [{ kind: "deployment", id: deploymentId, of: version }]);
        assert.equal(during.serves?.deploymentId, demo.codeDeploy.deployments[0]?.args.id, "what served still does");

        demo.codeDeploy.advance(deploymentId);
        const after = await site.status();
        assert.deepEqual({ onItsWay: after.onItsWay, serves: after.serves?.version }, { onItsWay: [], serves: version });
    });

    it("is told the truth by status after a kill of whoever followed the pipeline, which goes on", async () => {
        await using site = await open({ codeDeploy: { eventsPerPoll: 0 } });
        const { demo, shell } = site;
        const deploying = shell.start("deploy", "dev", "--image", await site.pushImage());
        await demo.codeDeploy.called("GetDeployment", 2);
        deploying.kill("SIGKILL");
        await deploying;

        const deploymentId = demo.codeDeploy.deployments.at(-1)?.args.id ?? "";
        const during = await site.status();
        assert.ok(during.onItsWay.some(each => each.deploymentId === deploymentId), JSON.stringify(during.onItsWay));
        assert.equal(during.serves?.deploymentId, demo.codeDeploy.deployments[0]?.args.id, "what served still does");

        demo.codeDeploy.advance(deploymentId);
        for (let step = 0; step < 3; step += 1) await demo.codePipeline.advance(demo.stage.pipeline);
        assert.equal((await site.status()).serves?.deploymentId, deploymentId);
    });
});
