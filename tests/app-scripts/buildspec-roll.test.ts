import { describeToolBuild } from "./tool-build";

describe("buildspec.roll.yml", () => {
    describeToolBuild("buildspec.roll.yml", "GAPLESS_VERSION=2\nIMAGE=shop@sha256:0\nVERSION=0123456789ab\n", ["roll", "dev-eu", "0123456789ab", "--execution", "execution-1", "--wait", "60"]);
});
