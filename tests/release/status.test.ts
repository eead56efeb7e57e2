import assert from "node:assert/strict";
import type { Group, PipelineState } from "../../release/status";
import { renderStatus } from "../../release/status-page";
import { at, entry, instances, now, parts, problems, resources, status, success, version } from "./status-site";

/** The pipeline with its stages as they stand in one execution. */
function pipeline(execution: string, stages: Readonly<Record<string, string>>, about: { readonly approval?: boolean; readonly reason?: string; readonly externalId?: string } = {}): { readonly told: PipelineState } {
    return {
        told: {
            stages: Object.entries(stages).map(([name, state]) => ({
                name, executionId: execution, status: state,
                action: {
                    status: state, at: at(40), approval: false, ...(name === "Source" ? { summary: `Fix - release ${version(3)} of commit c, built by b` } : about),
                },
            })),
        },
    };
}

describe("status", () => {
    it("tells all that is well on one page", () => {
        assert.equal(renderStatus(status(), now), [
            "dev in eu-central-1, https://example.com",
            "",
            "serves      release 000000000002 (number 2), commit 0123456789ab, by ann, since 2026-01-01T00:22:00Z (28 minutes ago)",
            "instances   2 of 2 healthy: 1 of 1 in eu-central-1a, 1 of 1 in eu-central-1b",
            "            i-1 eu-central-1a, healthy",
            "            i-2 eu-central-1b, healthy",
            "on its way  nothing",
            "lock        free",
            "alarms      none fires",
            "way back    ./gapless rollback dev takes 000000000001, unless somebody has deployed past Gapless since",
        ].join("\n"));
    });

    it("tells all that is wrong, each with the command to type", () => {
        const holder = { who: "bob", host: "lap", pid: 7, command: "up", since: at(0), expires: at(5), token: "t" };
        const page = renderStatus(status({
            group: { told: { lastSuccess: success, lastAttempt: { deploymentId: "d-9", status: "Failed", begunAt: at(30), at: at(31) } } },
            lock: { told: { holder, standing: "expired" } },
            targets: { told: [{ id: "i-1", health: "unhealthy", detail: "Health checks failed with these codes: [503]" }, { id: "i-3", health: "draining" }] },
            fleet: { told: { desired: 2, instances: instances.map(instance => ({ ...instance, lifecycle: "Terminating:Wait", outdated: true })) } },
            alarms: { told: [{ name: "errors", state: "ALARM" }, { name: "latency", state: "OK" }] },
            store: { told: { versions: new Set([version(2)]), trigger: { at: at(40), version: version(3) } } },
            images: { refused: "AWS denies it." },
        }), now);
        assert.equal(page, [
            "dev in eu-central-1, https://example.com",
            "",
            "serves      release 000000000002 (number 2), commit 0123456789ab, by ann, since 2026-01-01T00:22:00Z (28 minutes ago)",
            "instances   0 of 2 healthy: 0 of 1 in eu-central-1a, 0 of 1 in eu-central-1b",
            "            i-1 eu-central-1a, unhealthy: Health checks failed with these codes: [503], Terminating:Wait in Auto Scaling, of an older launch template",
            "            i-2 eu-central-1b, not in the load balancer's target group, Terminating:Wait in Auto Scaling, of an older launch template",
            "            i-3, leaving: it answers its open requests",
            "on its way  nothing",
            "lock        up of bob (process 7 on lap) since 2026-01-01T00:00:00Z (50 minutes ago), but it has expired",
            "alarms      errors",
            "way back    unknown",
            "",
            "not as it should be:",
            "    2 instances are not healthy: i-1, i-2",
            "      ./gapless logs dev --instance i-1",
            "    CodeDeploy starts no deployment while an alarm fires: errors",
            "      ./gapless logs dev",
            "    the lock is left over from up of bob: there has been no sign of life of it for 10 minutes",
            "      ./gapless unlock dev",
            "    deployment d-9 failed",
            "      ./gapless history dev",
            "    release 000000000003 was published at 2026-01-01T00:40:00Z and does not serve",
            "      ./gapless deploy dev",
            "    2 instances are not of the newest launch template: i-1, i-2",
            "      ./gapless refresh-instances dev",
            "",
            "unknown:",
            "    which images are there: AWS denies it.",
        ].join("\n"));
    });

    it("hides nothing when nothing is told", () => {
        const refused = { refused: "denied" };
        const untold = status(Object.fromEntries(Object.keys(parts()).map(name => [name, refused])));
        assert.deepEqual(untold.problems, []);
        assert.equal(renderStatus(untold, now), [
            "dev in eu-central-1, https://example.com",
            "",
            "serves      unknown",
            "instances   unknown",
            "on its way  unknown",
            "lock        unknown",
            "alarms      unknown",
            "way back    unknown",
            "",
            "unknown:",
            ...["what serves and what is being deployed", "the journal", "the lock", "the health of instances", "the instances", "the pipeline",
                "which images are there", "which releases are there", "the alarms"].map(part => `    ${part}: denied`),
        ].join("\n"));
    });

    it("knows that nothing has been deployed yet", () => {
        const first = status({ group: { told: {} }, entries: { told: [] }, store: { told: { versions: new Set() } } });
        assert.equal(first.serves, null);
        assert.deepEqual(first.problems, [{ what: "no release has been deployed yet", next: "./gapless deploy dev" }]);
    });

    it("knows a deployment of its own, by whom and of what, while it goes on, and lets instances leave meanwhile", () => {
        const going = { deploymentId: "d-3", status: "InProgress", begunAt: at(30) };
        const told = status({
            group: { told: { lastSuccess: success, lastAttempt: going } },
            entries: { told: [entry(1), entry(2), entry(3, { result: "inProgress" })] },
            targets: { told: [{ id: "i-1", health: "healthy" }, { id: "i-2", health: "initial" }] },
        });
        assert.deepEqual(told.onItsWay, [{ kind: "deployment", deploymentId: "d-3", status: "InProgress", since: at(30), version: version(3), who: "ann" }]);
        assert.deepEqual(told.problems, []);
        assert.match(renderStatus(told, now), /^on its way {2}deployment d-3 of release 000000000003 by ann: goes on, since 2026-01-01T00:30:00Z \(20 minutes ago\)$/m);
    });

    it("knows an execution that waits for an approval, and its change", () => {
        const waiting = status({ pipeline: pipeline("e-1", { Source: "Succeeded", Approve: "InProgress" }, { approval: true }) });
        assert.deepEqual(waiting.onItsWay, [{
            kind: "pipeline", state: "awaitsApproval", stage: "Approve", executionId: "e-1", since: at(40),
            change: `Fix - release ${version(3)} of commit c, built by b`, version: version(3),
        }]);
        assert.deepEqual(waiting.problems, [{ what: `release ${version(3)} waits for an approval`, next: "approve or reject it in CodePipeline's console" }]);
        assert.match(renderStatus(waiting, now), /execution e-1 of the pipeline of release 000000000003: waits for an approval/);
    });

    it("knows the release of a deployment that the pipeline has made and not recorded yet", () => {
        const made = { deploymentId: "d-3", status: "Succeeded", begunAt: at(40), at: at(42) };
        const told = status({
            group: { told: { lastSuccess: made, lastAttempt: made } },
            pipeline: pipeline("e-1", { Source: "Succeeded", Deploy: "Succeeded" }, { externalId: "d-3" }),
            store: { told: { versions: new Set([1, 2, 3].map(version)), trigger: { at: at(39), version: version(3) } } },
        });
        assert.deepEqual([told.serves?.version, told.serves?.n, told.problems], [version(3), undefined, []]);
    });

    it("does not take the change of a newer execution for that of the deployment", () => {
        const made = { deploymentId: "d-3", status: "Succeeded", begunAt: at(40), at: at(42) };
        const { told } = pipeline("e-1", { Deploy: "Succeeded" }, { externalId: "d-3" });
        const newer = pipeline("e-2", { Source: "Succeeded" });
        const read = status({ group: { told: { lastSuccess: made, lastAttempt: made } }, pipeline: { told: { stages: [...newer.told.stages, ...told.stages] } } });
        assert.equal(read.serves?.version, undefined);
    });

    it("names the stage's resources and the last deployment for machines, with CodeDeploy's own words", () => {
        const reason = "The overall deployment failed because too many individual instances failed deployment, or so. And more.";
        const failed = { deploymentId: "d-3", status: "Failed", begunAt: at(30), at: at(31) };
        const told = status({
            group: { told: { lastSuccess: success, lastAttempt: failed } },
            entries: { told: [entry(1), entry(2), entry(3, { result: "failed", reason, rollbackDeploymentId: "d-4" })] },
        });
        assert.deepEqual(told.resources, { ...resources, buildPipeline: undefined });
        assert.deepEqual(told.lastAttempt, { deploymentId: "d-3", result: "failed", begunAt: at(30), endedAt: at(31), n: 3, version: version(3), rollbackDeploymentId: "d-4", reason });
        assert.deepEqual(told.problems.map(({ what }) => what), ["deployment d-3 failed: too many instances failed, or too few are healthy"]);
        assert.equal(status({ group: { told: {} } }).lastAttempt, null);
    });

    it("never guesses what a deployment that nobody wrote down has installed", () => {
        const made = { deploymentId: "d-8", status: "Succeeded", begunAt: at(40), at: at(42) };
        const told = status({ group: { told: { lastSuccess: made, lastAttempt: made } } });
        assert.deepEqual(told.serves, { deploymentId: "d-8", since: at(42), version: undefined, insteadOf: undefined });
        assert.deepEqual(told.problems, [{
            what: "nothing names the release of deployment d-8, which succeeded last: it was made past this command line, or CodeDeploy rolled back unwatched",
            next: "./gapless history dev",
        }]);
    });

    it("knows what serves by the revision, of which the journal has the name, and only when nothing was tried since", () => {
        const made = { deploymentId: "d-8", status: "Succeeded", begunAt: at(40), at: at(42) };
        const entries = { told: [1, 2].map(n => entry(n, { by: "pipeline", revision: `s3://b/web/release/${n}?versionId=${n}` })) };
        const served = (group: Group, later: string = made.deploymentId) =>
            status({ entries, group: { told: { lastSuccess: made, lastAttempt: { ...made, deploymentId: later }, ...group } } }).serves?.n;
        for (const group of [{ version: version(1) }, { revision: "s3://b/web/release/1?versionId=1" }]) {
            assert.deepEqual([served(group), served(group, "d-9")], [1, undefined]);
        }
        assert.equal(served({ revision: "s3://b/web/release/3?versionId=3" }), undefined);
    });

    it("says from which release CodeDeploy went back, and why", () => {
        const back = { deploymentId: "d-3", status: "Succeeded", begunAt: at(32), at: at(33) };
        const told = status({
            group: { told: { lastSuccess: back, lastAttempt: back } },
            entries: { told: [entry(1), entry(2, { result: "rolledBack", rollbackDeploymentId: "d-3", reason: "too many failed" })] },
        });
        assert.deepEqual([told.serves?.n, told.serves?.insteadOf], [1, version(2)]);
        assert.deepEqual(told.problems, [
            { what: `release ${version(2)} failed and was rolled back: too many failed`, next: "./gapless history dev --show 2" },
            { what: `releases/current.zip holds release ${version(2)} and not ${version(1)}, which serves: the pipeline would deploy ${version(2)} next`, next: "./gapless deploy dev" },
        ]);
        assert.match(renderStatus(told, now), /CodeDeploy went back to it from 000000000002$/m);
    });

    for (const [what, trigger, expected] of [
        ["what serves", { at: at(40), version: version(2) }, []],
        ["older than what serves, as after a rollback", { at: at(22), version: version(1) }, [
            `releases/current.zip holds release ${version(1)} and not ${version(2)}, which serves: the pipeline would deploy ${version(1)} next`,
        ]],
        ["older than what serves, and nobody knows what it is", { at: at(22), version: undefined }, []],
        ["newer, and nobody knows what it is", { at: at(40), version: undefined }, ["release of an unknown version was published at 2026-01-01T00:40:00Z and does not serve"]],
    ] as const) {
        it(`has ${expected.length === 0 ? "nothing" : "something"} to say when the published release is ${what}`, () => {
            assert.deepEqual(problems({ store: { told: { versions: new Set([version(1), version(2)]), trigger } } }).map(problem => problem.what), expected);
        });
    }

    it("says in which stage the pipeline failed with what was published", () => {
        const [problem] = problems({
            store: { told: { versions: new Set([version(1), version(2)]), trigger: { at: at(39), version: version(3) } } },
            pipeline: pipeline("e-1", { Source: "Succeeded", Deploy: "Failed" }, { reason: "no instances" }),
        });
        assert.equal(problem?.what, `release ${version(3)} was published at 2026-01-01T00:39:00Z and does not serve: the pipeline failed in Deploy: no instances`);
    });

    it("says that fewer are healthy than there should be when none is ill", () => {
        assert.deepEqual(problems({ fleet: { told: { desired: 3, instances } } }), [
            { what: "2 of 3 instances are healthy; the others start or leave", next: "./gapless status dev" },
        ]);
    });

    it("does not say that a release was rolled back once something else has succeeded", () => {
        const later = { deploymentId: "d-5", status: "Succeeded", begunAt: at(40), at: at(41) };
        const entries = { told: [entry(1), entry(2), entry(3, { result: "rolledBack", rollbackDeploymentId: "d-4" })] };
        const told = problems({ group: { told: { lastSuccess: later, lastAttempt: later } }, entries });
        assert.ok(told.every(({ what }) => !what.includes("was rolled back")), JSON.stringify(told));
    });

    it("says that a command was killed before it wrote down the end", () => {
        assert.deepEqual(problems({ entries: { told: [entry(2), entry(3, { result: "inProgress" })] } }).map(({ what }) => what), [
            `nobody wrote down the end of deployment d-3 of release ${version(3)}, and CodeDeploy has begun a later one`,
        ]);
    });
});
