import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readSettings, type SettingsSource } from "../../stacks/settings";
import { SettingsError } from "../../stacks/settings-error";

function read(given: Readonly<Record<string, unknown>>, source: Partial<SettingsSource> = {}) {
    const own = Object.fromEntries(Object.entries(given).map(([key, value]) => [`gapless:${key}`, value]));
    return readSettings({ project: "gapless", stack: "dev", config: { "aws:region": "eu-central-1", ...own }, ...source });
}

function problemsOf(...given: Parameters<typeof read>): string {
    try {
        read(...given);
    } catch (error) {
        assert.ok(error instanceof SettingsError);
        return error.message;
    }
    throw new assert.AssertionError({ message: "the settings were accepted" });
}

describe("settings that name a path", () => {
    it("name a folder and a Dockerfile that are not there together with all else", () => {
        const there: Readonly<Record<string, "folder" | "file">> = { "services/shop": "folder", "services/shop/Dockerfile": "file" };
        const kindOf = (path: string) => there[path];
        const at = (imageContext: string, dockerfile: string, more = {}) => ({ imageContext, dockerfile, ...more });
        assert.doesNotThrow(() => read(at("services/shop", "services/shop/Dockerfile"), { kindOf }));
        assert.equal(problemsOf(at("shop", "services/shop", { swapGiB: "-1" }), { kindOf }), "3 settings are wrong in Pulumi.dev.yaml:\n"
            + "  gapless:swapGiB must be an integer from 0 to 64; received \"-1\"\n"
            + "      Fix: in Pulumi.dev.yaml write such as gapless:swapGiB: 1\n"
            + "  gapless:imageContext must be a folder that exists, itself and not a link to one; received \"shop\"\n"
            + "      Fix: set imageContext to the folder that Docker builds from, by its path from the folder of Pulumi.yaml\n"
            + "  gapless:dockerfile must be a file that exists; received \"services/shop\"\n"
            + "      Fix: set dockerfile to the Dockerfile, by its path from the folder of Pulumi.yaml");
        assert.match(problemsOf(at("services/shop/Dockerfile", "services/shop/Dockerfile"), { kindOf }), /^1 setting is wrong.*\n {2}gapless:imageContext must be a folder/);
    });

    it("look for the folder and the Dockerfile where the program runs", () => {
        assert.match(problemsOf({ imageContext: "nope", dockerfile: "app/nope" }), /^2 settings are wrong[^]*gapless:imageContext must be a folder[^]*gapless:dockerfile must be a file/);
    });
});
