import assert from "node:assert/strict";
import { registered, type Registered } from "../support/registered";
import { buildAll } from "./sample";

/** The order of the first `up`: what stands on the left is made only when everything on the right is there. */
const order: readonly (readonly [later: string, earlier: readonly string[]])[] = [
    ["web-alb", ["routes"]],
    ["hosts-compose", ["store-versioning", "store-notification"]],
    ["hosts-template", ["hosts-profile", "hosts-compose", "hosts-access"]],
    ["hosts-group", ["routes", "hosts-instance-policy", "hosts-compose", "hosts-template", "web-http", "web-targets"]],
    ["hosts-group", ["hosts-out", "hosts-from-alb", "hosts-alb-out"]],
    ["hosts-scaling", ["hosts-group", "web-http"]],
    ["deploy-group", ["deploy-codedeploy-policy", "hosts-group", "web-http", "deploy-errors", "deploy-latency", "migration"]],
    ["deploy-trigger", ["deploy-release", "deploy-group", "store-versioning", "store-notification"]],
    ["deploy-pipeline", ["deploy-group", "hosts-group", "deploy-release", "deploy-trigger", "deploy-codepipeline-policy", "web-http", "migration"]],
    ["deploy-change", ["deploy-pipeline"]],
    ["deploy-start", ["deploy-change", "deploy-pipeline", "deploy-events-policy"]],
    ["store-policy", ["store-privacy"]],
    ["store-lifecycle", ["store-versioning"]],
];

describe("the first up", () => {
    let made: Registered;
    before(async () => { made = await registered(() => { buildAll(); }); });

    for (const [later, earlier] of order) {
        it(`makes ${later} after ${earlier.join(", ")}`, () => {
            for (const one of earlier) assert.equal(made.comesAfter(later, one), true, `${later} does not wait for ${one}`);
        });
    }
});
