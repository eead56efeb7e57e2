import assert from "node:assert/strict";
import { describeFinding } from "../../../stacks/settings-error";
import { blameOverrides } from "../../../rehearsal/program/wrong-overrides";

function told(fix: string, key = "gapless:minSize"): string {
    return describeFinding({ severity: "error", key, rule: "is wrong", received: "\"x\"", fix });
}

function blamed(given: Readonly<Record<string, string>>, ...problems: readonly string[]): readonly string[] {
    return blameOverrides([`${problems.length} settings are wrong in Pulumi.dev.yaml:`, ...problems].join("\n"), "Pulumi.dev.yaml", given).split("\n");
}

describe("settings that were wrongly given by --set", () => {
    for (const [fix, better] of [
        ["in Pulumi.dev.yaml write such as gapless:minSize: 2", "--set minSize=2"],
        ['in Pulumi.dev.yaml write such as gapless:minSize: "/health"', "--set minSize=/health"],
        ['in Pulumi.dev.yaml write such as gapless:minSize: {"A":"one"}', "--set minSize='{\"A\":\"one\"}'"],
        ["did you mean gapless:maxSize?", "did you mean --set maxSize=x?"],
        ["remove it from Pulumi.dev.yaml; docs/settings.md lists all settings", "leave out --set minSize; docs/settings.md lists all settings"],
        ["raise gapless:maxSize", "raise gapless:maxSize"],
    ] as const) {
        it(`are mended by "${better}"`, () => {
            assert.deepEqual(blamed({ minSize: "x" }, told(fix)), ["1 settings are wrong in --set:", "  minSize is wrong; received \"x\"", `      Fix: ${better}`]);
        });
    }

    it("are told beside those of the stack's file, which stay as they are", () => {
        const ofFile = told("in Pulumi.dev.yaml write such as gapless:maxSize: 2", "gapless:maxSize");
        assert.deepEqual(blamed({ maxSize: "x" }, ofFile, told("one", "gapless:minSize"))[0], "2 settings are wrong in --set and Pulumi.dev.yaml:");
        assert.deepEqual(blamed({}, ofFile), ["1 settings are wrong in Pulumi.dev.yaml:", ...ofFile.split("\n")]);
    });

    it("are none of Pulumi's own keys", () => {
        const region = told("in Pulumi.dev.yaml write such as aws:region: eu-central-1", "aws:region");
        assert.deepEqual(blamed({ region: "x" }, region), ["1 settings are wrong in Pulumi.dev.yaml:", ...region.split("\n")]);
    });

    it("leave what is no finding as it is", () => {
        assert.equal(blameOverrides("There is no stack dev.", "Pulumi.dev.yaml", { minSize: "x" }), "There is no stack dev.");
    });
});
