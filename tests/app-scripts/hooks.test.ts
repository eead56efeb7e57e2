import assert from "node:assert/strict";
import { ReleaseHost, archive, envFile, values } from "./release-host";

describe("Every hook", () => {
    const needRelease = ["pull", "stop", "run", "validate"];
    for (const name of needRelease) {
        it(`${name}: names the value that release.env lacks, last`, () => {
            using host = new ReleaseHost();
            host.write(`${archive}/release.env`, envFile({ ...values, PROBE_PATH: "" }));
            const { code, lastLine } = host.hook(name);
            assert.deepEqual([code, lastLine], [1, "release.env has no value for PROBE_PATH."]);
        });
    }

    it("takes release.env as data and executes nothing of it", () => {
        using host = new ReleaseHost();
        host.write(`${archive}/release.env`, envFile({ ...values, VERSION: '$(touch "$HOST/executed")`touch $HOST/executed`' }));
        host.hook("stop");
        assert.equal(host.has("executed"), false);
    });
});
