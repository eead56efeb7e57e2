import assert from "node:assert/strict";
import { readinessSeconds } from "../../release/rollout";
import { archive, envFile, ReleaseHost, values } from "./release-host";

describe("validate", () => {
    const alive = { "container inspect": "echo running 0 0", port: "echo 0.0.0.0:8080", logs: "echo last words" };

    /** `curl` answers by path; a body may look at the host's clock. */
    function answers(host: ReleaseHost, health: string, route: string): void {
        host.stub("curl", `case "\${@: -1}" in */health) ${health} ;; *) ${route} ;; esac`);
    }

    it("asks the health path and the real route at the host's published address", () => {
        using host = new ReleaseHost();
        host.docker(alive);
        answers(host, "printf 200", "printf 302");
        const { code, calls, lastLine } = host.hook("validate", { http_proxy: "http://proxy.test" });
        assert.equal(code, 0);
        const requests = calls.filter(call => call.startsWith("curl"));
        assert.deepEqual(requests.map(call => call.split(" ").at(-1)), ["http://127.0.0.1:8080/health", "http://127.0.0.1:8080/shop?a=1"]);
        assert.ok(requests.every(call => call.includes("--noproxy *") && call.includes("--max-time")));
        assert.equal(lastLine, "Release 0123456789ab is healthy: /health and /shop?a=1 answer.");
    });

    for (const [published, asked] of [["127.0.0.1:49160", "127.0.0.1:49160"], ["[::]:8080", "[::1]:8080"], [":::8080", "[::1]:8080"]] as const) {
        it(`finds the container at ${published}`, () => {
            using host = new ReleaseHost();
            host.docker({ ...alive, port: `echo '${published}'` });
            answers(host, "printf 200", "printf 200");
            assert.ok(host.hook("validate").calls.some(call => call.endsWith(` http://${asked}/health`)));
        });
    }

    it("waits for an application that boots slowly", () => {
        using host = new ReleaseHost();
        host.docker(alive);
        answers(host, '[ "$(cat "$HOST/clock")" -ge 40 ] && printf 200 || { echo $(($(cat "$HOST/clock") + 10)) >"$HOST/clock"; printf 000; exit 7; }', "printf 200");
        assert.equal(host.hook("validate").code, 0);
        assert.equal(host.clockSeconds, 40);
    });

    for (const status of ["204", "301", "503", "000"]) {
        it(`accepts ${status} as healthy no more than the load balancer does`, () => {
            using host = new ReleaseHost();
            host.docker(alive);
            answers(host, `echo $(($(cat "$HOST/clock") + 15)) >"$HOST/clock"; printf ${status}`, "printf 200");
            const { code, output } = host.hook("validate");
            assert.equal(code, 1);
            assert.deepEqual(output.split("\n").slice(-2), ["last words", `/health answered ${status} instead of 200 for 60 s (000: no answer).`]);
        });
    }

    it("waits for an answer as long as the load balancer does", () => {
        using host = new ReleaseHost();
        host.docker(alive);
        host.write(`${archive}/release.env`, envFile({ ...values, HEALTH_TIMEOUT_SECONDS: "7" }));
        answers(host, "printf 200", "printf 200");
        const asked = host.hook("validate").calls.find(call => call.endsWith("/health"));
        assert.match(asked ?? "", / --max-time 7 /);
    });

    const takeAll = '[[ "$*" =~ --max-time\\ ([0-9]+) ]]; echo $(($(cat "$HOST/clock") + ${BASH_REMATCH[1]})) >"$HOST/clock"';
    for (const timeout of ["2", "3", "10", "59", "120"]) {
        it(`ends within the event's 90 s when every answer takes all it may, ${timeout} s for health`, () => {
            using host = new ReleaseHost();
            host.docker(alive);
            host.write(`${archive}/release.env`, envFile({ ...values, HEALTH_TIMEOUT_SECONDS: timeout }));
            answers(host, `${takeAll}; [ "$(cat "$HOST/clock")" -ge 58 ] && printf 200 || printf 000`, `${takeAll}; printf 000`);
            const { code, lastLine } = host.hook("validate");
            assert.equal(code, 1);
            assert.match(lastLine, /^\/shop/);
            assert.ok(host.clockSeconds < 85, `${host.clockSeconds} s`);
        });
    }

    it("gives a service as long to get ready as the linter thinks", () => {
        using host = new ReleaseHost();
        host.docker(alive);
        answers(host, "printf 000", "printf 200");
        host.hook("validate");
        assert.equal(host.clockSeconds, readinessSeconds);
    });

    for (const status of ["404", "500"]) {
        it(`refuses a release whose route answers ${status} although it says it is healthy`, () => {
            using host = new ReleaseHost();
            host.docker(alive);
            answers(host, "printf 200", `printf ${status}`);
            const { code, lastLine } = host.hook("validate");
            assert.equal(code, 1);
            assert.equal(lastLine, `/shop?a=1 answered ${status} instead of 2xx or 3xx although /health answers 200 (000: no answer).`);
        });
    }

    it("gives the route a second chance right after the start", () => {
        using host = new ReleaseHost();
        host.docker(alive);
        answers(host, "printf 200", '[ -e "$HOST/warm" ] && printf 200 || { touch "$HOST/warm"; printf 500; }');
        assert.equal(host.hook("validate").code, 0);
    });

    const deaths = [
        { state: "exited 0 3", says: "The container app died: it is exited, exit code 3, after 0 restarts." },
        { state: "restarting 2 1", says: "The container app died: it is restarting, exit code 1, after 2 restarts." },
        { state: "running 1 0", says: "The container app died: Docker had to start it again 1 times." },
    ];
    for (const { state, says } of deaths) {
        it(`ends at once when the container is ${state.split(" ")[0] ?? ""} after a crash`, () => {
            using host = new ReleaseHost();
            host.docker({ ...alive, "container inspect": `echo ${state}` });
            const { code, output } = host.hook("validate");
            assert.equal(code, 1);
            assert.deepEqual(output.split("\n").slice(-2), ["last words", says]);
            assert.equal(host.clockSeconds, 0);
        });
    }

    it("notices a crash while it waits", () => {
        using host = new ReleaseHost();
        host.docker({ ...alive, "container inspect": '[ "$(cat "$HOST/clock")" -ge 3 ] && echo running 1 0 || echo running 0 0' });
        answers(host, "printf 000", "printf 200");
        assert.equal(host.hook("validate").code, 1);
        assert.equal(host.clockSeconds, 3);
    });

    it("prints an application's binary or endless lines so that the agent can report them", () => {
        using host = new ReleaseHost();
        host.docker({ ...alive, "container inspect": "echo exited 0 1", logs: "printf '\\xff\\xfe\\n'; printf 'x%.0s' {1..5000}" });
        const { output } = host.hook("validate");
        assert.ok(output.length < 2048 && /^\?\?$/m.test(output) && !output.includes("\ufffd"), output);
    });

    it("says that a port is not published", () => {
        using host = new ReleaseHost();
        host.docker({ ...alive, port: "exit 1" });
        assert.equal(host.hook("validate").lastLine, "The container app publishes no port 8080.");
    });
});
