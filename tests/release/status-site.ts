import type { SettledEntry } from "../../release/history";
import { readStatus } from "../../release/read-status";
import type { Problem, Status, StatusParts } from "../../release/status";

export const at = (minute: number): string => `2026-01-01T00:${String(minute).padStart(2, "0")}:00.000Z`;
export const now = new Date(at(50));
export const resources = {
    codeDeployApplication: "web", deploymentGroup: "dev", pipeline: "web-deploy", alarms: ["errors"], releaseBucket: "releases-1", logGroup: "web",
    targetGroupArn: "arn:aws:tg", repository: "r", fleet: { autoScalingGroup: "web" },
};
const stage = { project: "gapless", stack: "dev", region: "eu-central-1", url: "https://example.com", build: undefined, ...resources };
export const version = (n: number): string => `00000000000${n}`;
export const digest = (n: number): string => `sha256:${n}`;

export function entry(n: number, about: Partial<SettledEntry> = {}): SettledEntry {
    return {
        n, version: version(n), image: `r@${digest(n)}`, bundleVersion: "v", commit: "0123456789abcdef", who: "ann", when: at(n * 10), by: "roll",
        deploymentId: `d-${n}`, result: "succeeded", ...about,
    };
}

export const success = { deploymentId: "d-2", status: "Succeeded", begunAt: at(20), at: at(22) };
export const instances = [
    { id: "i-1", zone: "eu-central-1a", lifecycle: "InService", outdated: false },
    { id: "i-2", zone: "eu-central-1b", lifecycle: "InService", outdated: false },
];

/** Everything as it should be, but for what a test says. */
export function parts(about: Partial<StatusParts> = {}): StatusParts {
    return {
        group: { told: { lastSuccess: success, lastAttempt: success } },
        entries: { told: [entry(1), entry(2)] },
        lock: { told: { holder: null, standing: "free" } },
        targets: { told: [{ id: "i-1", health: "healthy" }, { id: "i-2", health: "healthy" }] },
        fleet: { told: { desired: 2, instances } },
        pipeline: { told: { stages: [] } },
        images: { told: new Set([digest(1), digest(2)]) },
        store: { told: { versions: new Set([version(1), version(2)]), trigger: { at: at(19), version: version(2) } } },
        alarms: { told: [{ name: "errors", state: "OK" }] },
        ...about,
    };
}

export const status = (about: Partial<StatusParts> = {}): Status => readStatus(stage, parts(about), now);
export const problems = (about: Partial<StatusParts>): readonly Problem[] => status(about).problems;
