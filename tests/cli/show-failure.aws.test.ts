import assert from "node:assert/strict";
import { openStage } from "../../cli/open-stage";
import { showFailure } from "../../cli/show-failure";
import { rollCommand } from "../../cli/commands/roll";
import { scripts } from "../support/aws/code-deploy-double";
import { openStored, versions } from "../support/aws/stored-releases";

type Stored = Awaited<ReturnType<typeof openStored>>;

async function show(site: Stored, n: number) {
    const context = site.context();
    const code = await site.demo.here(async () => showFailure(await openStage("dev", context), n, context));
    return { code, text: context.printed[0]?.text ?? "" };
}

describe("the failure of a number in the history", () => {
    it("is explained by the page that whoever watched has seen", async () => {
        await using site = await openStored();
        await site.demo.here(() => rollCommand("dev", versions.a, { wait: 5 }, site.context()));
        site.demo.codeDeploy.next(scripts.fails());
        const watched = site.context();
        await site.demo.here(() => rollCommand("dev", versions.b, { wait: 5 }, watched));
        const { code, text } = await show(site, 2);
        assert.equal(code, 0);
        assert.ok(text.includes("health check answered 503"), text);
        assert.equal(text, watched.printed[0]?.text);
    });

    it("is none where nothing failed, or nothing is", async () => {
        await using site = await openStored();
        await site.demo.here(() => rollCommand("dev", versions.a, { wait: 5 }, site.context()));
        const [id] = site.demo.codeDeploy.deployments.map(({ args }) => args.id);
        await assert.rejects(show(site, 1), {
            name: "DeliveryError", kind: "usage", message: `Number 1 has no failure to show: release ${versions.a} succeeded by deployment ${id}. See ./gapless history dev.`,
        });
        await assert.rejects(show(site, 99), { name: "DeliveryError", kind: "usage", message: "The history of dev has no number 99. See ./gapless history dev." });
    });
});
