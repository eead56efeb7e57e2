import assert from "node:assert/strict";
import { ReleaseHost } from "./release-host";

describe("stop", () => {
    it("is content when nothing runs", () => {
        using host = new ReleaseHost();
        const { code, calls, lastLine } = host.hook("stop");
        assert.equal(code, 0);
        assert.deepEqual(calls, ["docker ps --all --quiet --filter name=^/?app$"]);
        assert.equal(lastLine, "Nothing to stop: there is no container app.");
    });

    it("does not take a silent Docker for a stopped container", () => {
        using host = new ReleaseHost();
        host.docker({ ps: "exit 1" });
        const { code, lastLine } = host.hook("stop");
        assert.deepEqual([code, lastLine], [1, "Docker does not answer."]);
    });

    const container = (exitCode: number, running = "true") => ({
        ps: "echo c0ffee",
        "container inspect --format {{.State.Running}}": `echo ${running}`,
        "container inspect --format {{.State.ExitCode}}": `echo ${exitCode}`,
    });

    it("stops with the release's grace, then removes", () => {
        using host = new ReleaseHost();
        host.docker(container(0));
        const { code, calls, lastLine } = host.hook("stop", { GAPLESS_CONTAINER: "app-2" });
        assert.equal(code, 0);
        assert.deepEqual(calls.filter(call => /docker (ps|stop|rm)/.test(call)), [
            "docker ps --all --quiet --filter name=^/?app-2$",
            "docker stop -t 30 c0ffee",
            "docker rm --force c0ffee",
        ]);
        assert.equal(lastLine, "Stopped app-2 (exit code 0).");
    });

    it("warns when the application had to be killed", () => {
        using host = new ReleaseHost();
        host.docker(container(137));
        assert.match(host.hook("stop").output, /^Warning: app did not end within 30 s of SIGTERM and was killed/m);
    });

    it("does not blame the grace when the container was dead before", () => {
        using host = new ReleaseHost();
        host.docker(container(137, "false"));
        assert.doesNotMatch(host.hook("stop").output, /Warning/);
    });
});
