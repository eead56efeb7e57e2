import assert from "node:assert/strict";
import { doneBy, eventsWithoutLoadBalancer, lifecycleEvents, revisionOf } from "../../release/lifecycle";

describe("the lifecycle of a deployment on one instance", () => {
    it("has 13 events, in the order of the CodeDeploy guide", () => {
        assert.deepEqual(lifecycleEvents, [
            "BeforeBlockTraffic",
            "BlockTraffic",
            "AfterBlockTraffic",
            "ApplicationStop",
            "DownloadBundle",
            "BeforeInstall",
            "Install",
            "AfterInstall",
            "ApplicationStart",
            "ValidateService",
            "BeforeAllowTraffic",
            "AllowTraffic",
            "AfterAllowTraffic",
        ]);
    });

    it("leaves two events to the load balancer and two to the agent, and the others to scripts", () => {
        const done = (by: ReturnType<typeof doneBy>) => lifecycleEvents.filter(event => doneBy(event) === by);
        assert.deepEqual(done("loadBalancer"), ["BlockTraffic", "AllowTraffic"]);
        assert.deepEqual(done("agent"), ["DownloadBundle", "Install"]);
        assert.equal(done("script").length, 9);
    });

    it("takes the scripts of exactly three events from the revision that was last installed", () => {
        assert.deepEqual(
            lifecycleEvents.filter(event => revisionOf(event) === "lastInstalled"),
            ["BeforeBlockTraffic", "AfterBlockTraffic", "ApplicationStop"],
        );
    });

    it("has 7 events without a load balancer", () => {
        assert.deepEqual(eventsWithoutLoadBalancer, [
            "ApplicationStop",
            "DownloadBundle",
            "BeforeInstall",
            "Install",
            "AfterInstall",
            "ApplicationStart",
            "ValidateService",
        ]);
    });
});
