import { describeToolBuild } from "./tool-build";

describe("buildspec.record.yml", () => {
    describeToolBuild("buildspec.record.yml", "", ["record", "dev-eu", "--execution", "execution-1"]);
});
