import assert from "node:assert/strict";
import { lifecycleEvents } from "../../release/lifecycle";
import { lintPlan } from "../../release/lint";
import {
    bootTimeoutSeconds,
    defaults,
    eventStartSeconds,
    hooks,
    hookTimeoutSeconds,
    keepAliveSeconds,
    longestStopGraceSeconds,
    prePullSeconds,
    stopMarginSeconds,
    stopTimeoutSeconds,
} from "../../release/rollout";

describe("the numbers of a rollout", () => {
    it("are sound by default", () => {
        assert.deepEqual(lintPlan(defaults), []);
    });

    it("give the events of the hooks their scripts' seconds together", () => {
        assert.deepEqual(hookTimeoutSeconds, {
            BeforeBlockTraffic: 75,
            BeforeInstall: 300,
            ApplicationStart: 180,
            ValidateService: 90,
        });
        assert.ok(Object.keys(hooks).every(event => (lifecycleEvents as readonly string[]).includes(event)));
    });

    it("stay below the 3600 s that CodeDeploy gives all scripts of an event", () => {
        assert.ok(Object.values(hookTimeoutSeconds).every(seconds => seconds <= 3600));
    });

    it("let the pull ahead give up before the agent ends it", () => {
        assert.ok(prePullSeconds < hookTimeoutSeconds.BeforeBlockTraffic);
    });

    it("let the container stop before the agent ends the stop script", () => {
        assert.ok(defaults.stopGraceSeconds <= longestStopGraceSeconds);
        assert.equal(longestStopGraceSeconds + stopMarginSeconds, stopTimeoutSeconds);
    });

    it("let the load balancer be the first to close an idle connection", () => {
        assert.ok(defaults.idleTimeoutSeconds < keepAliveSeconds);
    });

    it("let CodeDeploy's own launch hook, which begins with the boot, find an agent before it gives up", () => {
        assert.equal(eventStartSeconds, 300);
        assert.ok(bootTimeoutSeconds <= eventStartSeconds - 30);
    });

    it("spare a new instance until it has booted and got its first release", () => {
        assert.ok(bootTimeoutSeconds < defaults.healthCheckGraceSeconds);
    });
});
