import assert from "node:assert/strict";
import { cp, mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { execa } from "execa";
import { Run } from "../../rehearsal/cleanup/run";
import type { Docker } from "../../rehearsal/docker/docker";
import { openDocker } from "../../rehearsal/docker/open-docker";
import { ensureProgram } from "../../rehearsal/docker/packages";
import { rehearse } from "../support/rehearse";

const root = join(import.meta.dirname, "../..");
const source = join(import.meta.dirname, "foreign-apps", "go-service");
const image = "gapless-test/go-service:local";

/** Where the service listens and what it wants, none of which is our sample's. */
const settings = ["containerPort=3000", "healthPath=/status/live", "probePath=/hello", "slowPath=/report"];

describe("the rehearsal of a service that is not ours", () => {
    let run: Run;
    let docker: Docker;
    const hostBefore = process.env["DOCKER_HOST"];
    let context: string;

    // The Docker of these tests is that of a person who has built the service's image, and no registry has it.
    before(async function () {
        this.timeout(180_000);
        run = await Run.open();
        const how = { announce: (line: string) => { console.log(line); }, signal: new AbortController().signal };
        docker = await openDocker({ run: run.name, folder: run.folder, ...how });
        Object.assign(process.env, docker.environment["DOCKER_HOST"] === undefined ? {} : { DOCKER_HOST: docker.environment["DOCKER_HOST"] });
        await ensureProgram({ ...how, program: "go", packages: ["golang-go"], advice: "Install Go." });
        context = join(run.folder, "service");
        await mkdir(context);
        await cp(join(source, "Dockerfile"), join(context, "Dockerfile"));
        const build = { GOCACHE: join(run.folder, "go-cache"), CGO_ENABLED: "0", GO111MODULE: "off" };
        await execa("go", ["build", "-o", join(context, "service"), join(source, "main.go")], { env: build });
        await docker.run(["build", "--tag", image, context], 60_000);
    });

    after(async () => {
        if (hostBefore === undefined) delete process.env["DOCKER_HOST"];
        else process.env["DOCKER_HOST"] = hostBefore;
        await using _closed = run;
        await docker.run(["image", "rm", "--force", image]);
    });

    function rehearseService(environment: Readonly<Record<string, string>>, ...words: readonly string[]) {
        const set = [...settings, `environment=${JSON.stringify(environment)}`].flatMap(setting => ["--set", setting]);
        return rehearse("--instances", "2", ...set, ...words);
    }

    const graceful = { SHOP_GREETING: "hello", SHUTDOWN: "graceful" };

    it("loses nothing of one that finishes its requests on SIGTERM, built from a Dockerfile of its own", async () => {
        const built = ["--set", `imageContext=${relative(root, context)}`, "--set", `dockerfile=${relative(root, join(context, "Dockerfile"))}`];
        const { code, report } = await rehearseService(graceful, ...built);
        assert.equal(report.requests.failed, 0, report.reason);
        assert.equal(report.verdict, "passed", report.reason);
        assert.equal(code, 0);
        // It does not say its release, and nobody makes one up.
        assert.deepEqual(new Set(report.seconds.flatMap(({ answered }) => Object.keys(answered))), new Set(["unknown"]));
        assert.ok(report.requests.slow > report.requests.total * 0.05, `only ${report.requests.slow} slow requests`);
        assert.deepEqual(report.stops.map(({ version, manner, exitCode }) => [version, manner, exitCode]), Array(2).fill([report.versions.before, "graceful", 0]));
        assert.deepEqual(report.advice, []);
    });

    it("does not blame the same service for what is lost without draining", async () => {
        const { code, report } = await rehearseService(graceful, "--without-draining", "--image", image);
        assert.ok(report.requests.failed > 0, "the control lost nothing, so the measurement proves nothing");
        assert.equal(code, 1);
        assert.deepEqual(new Set(report.stops.map(({ manner }) => manner)), new Set(["graceful"]));
        assert.equal(report.advice.find(({ what }) => what.includes("SIGTERM")), undefined);
        assert.match(report.advice[0]?.what ?? "", /replaced while the load balancer still sent them requests/);
        assert.equal(report.advice.reduce((sum, { requests }) => sum + requests, 0), report.requests.failed);
    });

    it("tells of one that exits at once on SIGTERM how many requests that cut, and what to do", async () => {
        const { report } = await rehearseService({ SHOP_GREETING: "hello" }, "--without-draining", "--image", image);
        assert.deepEqual(new Set(report.stops.map(({ manner, exitCode }) => `${manner} ${exitCode}`)), new Set(["atOnce 143"]));
        const advice = report.advice.find(({ what }) => what.includes("SIGTERM")) ?? assert.fail("nobody told of SIGTERM");
        assert.match(advice.what, new RegExp(`^Your process exits at once on SIGTERM .*: ${advice.requests} requests were cut\\.$`));
        assert.match(advice.fix, /Handle SIGTERM: stop accepting, finish the open requests, then exit\./);
        // What is open on one of two instances: a tenth of the requests takes a second.
        const open = (report.ratePerSecond * 0.1) / 2;
        const perStop = advice.requests / report.stops.length;
        assert.ok(perStop > open / 3 && perStop < open * 3, `${advice.requests} requests were cut by ${report.stops.length} stops`);
        assert.equal(report.advice.reduce((sum, { requests }) => sum + requests, 0), report.requests.failed);
    });
});
