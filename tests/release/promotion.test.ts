import assert from "node:assert/strict";
import { differences, explainDifferences, type PromotionSide } from "../../release/promotion";

const digest = `sha256:${"d".repeat(64)}`;
const other = `sha256:${"e".repeat(64)}`;
const built = { context: "app", dockerfile: "app/Dockerfile.prod", args: { TIER: "web" }, platform: "linux/amd64" };
const side = (stack: string, image: PromotionSide["image"], architecture: PromotionSide["architecture"] = "x86_64"): PromotionSide => ({ stack, image, architecture });

describe("promotion", () => {
    it("is right between stacks that would build the same image", () => {
        assert.deepEqual(differences(side("stg", built), side("prod", { ...built, args: { TIER: "web" } }), digest), []);
    });

    for (const [setting, image, from, to] of [
        ["dockerfile", { ...built, dockerfile: "app/Dockerfile.stg" }, "app/Dockerfile.prod", "app/Dockerfile.stg"],
        ["imageContext", { ...built, context: "." }, "app", "."],
        ["platform, which follows from instanceType,", { ...built, platform: "linux/arm64" }, "linux/amd64", "linux/arm64"],
        ["buildArgs.TIER", { ...built, args: { TIER: "api" } }, '"web"', '"api"'],
        ["buildArgs.TIER", { ...built, args: {} }, '"web"', "not set"],
        ["buildArgs.DEBUG", { ...built, args: { TIER: "web", DEBUG: "" } }, "not set", '""'],
    ] as const) {
        it(`is wrong when ${setting} is ${from} here and ${to} there`, () => {
            assert.deepEqual(differences(side("stg", built), side("prod", image), digest), [{ setting, from, to }]);
        });
    }

    it("is wrong to hosts of another architecture, whatever the settings say", () => {
        const hosts = { setting: "architecture of the hosts", from: "x86_64", to: "arm64" };
        assert.deepEqual(differences(side("stg", built), side("prod", built, "arm64"), digest), [hosts]);
        assert.deepEqual(differences(side("stg", built), side("prod", { prebuilt: `web@${digest}` }, "arm64"), digest), [hosts]);
    });

    it("is right to a stack whose settings name this very image, from whatever registry", () => {
        for (const image of [built, { prebuilt: `here/web@${digest}` }]) {
            assert.deepEqual(differences(side("stg", image), side("prod", { prebuilt: `there/web@${digest}` }), digest), []);
        }
    });

    it("is wrong to a stack whose settings name another image, or from one that builds none to one that does", () => {
        assert.deepEqual(differences(side("stg", built), side("prod", { prebuilt: `web@${other}` }), digest), [{ setting: "imageDigest", from: digest, to: `web@${other}` }]);
        assert.deepEqual(differences(side("stg", { prebuilt: `web@${digest}` }), side("prod", built), digest), [{ setting: "imageDigest", from: `web@${digest}`, to: "not set" }]);
    });

    it("tells all differences at once, with both values and a way out", () => {
        const found = differences(side("stg", built), side("prod", { ...built, dockerfile: "Dockerfile", context: "." }), digest);
        assert.equal(explainDifferences("stg", "prod", found), [
            "What serves in stg is not what prod's settings would make, so it is not promoted:",
            "  imageContext is app in stg, and . in prod",
            "  dockerfile is app/Dockerfile.prod in stg, and Dockerfile in prod",
            "Make the settings agree, or release to prod a build of its own: ./gapless deploy prod",
        ].join("\n"));
    });
});
