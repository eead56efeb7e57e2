import assert from "node:assert/strict";
import { join } from "node:path";
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

    it("prints everything on one stream, since the agent may mix up the order of two", () => {
        using host = new ReleaseHost();
        host.docker({ ps: "echo 'a complaint of Docker' >&2; exit 1" });
        const { output } = host.run(["/bin/bash", "-c", `${join(host.folder, archive, "scripts/stop.sh")} 2>/dev/null`]);
        assert.equal(output, "a complaint of Docker\nDocker does not answer.");
    });

    it("takes release.env as data and executes nothing of it", () => {
        using host = new ReleaseHost();
        host.write(`${archive}/release.env`, envFile({ ...values, VERSION: '$(touch "$HOST/executed")`touch $HOST/executed`' }));
        host.hook("stop");
        assert.equal(host.has("executed"), false);
    });
});
