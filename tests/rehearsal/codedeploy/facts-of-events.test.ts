import assert from "node:assert/strict";
import { lifecycleEvents, revisionOf } from "../../../release/lifecycle";
import { FakeFleet } from "../rolling/fake-fleet";

const download = ["DownloadBundle", "BeforeInstall", "Install", "AfterInstall", "ApplicationStart"];

/** A fact; the fleet's peculiarity; what happens to a fleet of two on which v1 serves; whom it happens to; all that becomes of that host. */
type Fact = readonly [
    fact: string, about: ConstructorParameters<typeof FakeFleet>[0], happens: (fleet: FakeFleet) => Promise<unknown>, host: string, becomes: readonly string[],
];

const facts: readonly Fact[] = [
    ["in place, with traffic control, there are 13 events, one after the other, of which two are the load balancer's",
        {}, fleet => fleet.deploy("v2"), "i-1",
        ["BeforeBlockTraffic", "is deregistered", "AfterBlockTraffic", "ApplicationStop", ...download, "ValidateService", "BeforeAllowTraffic", "is registered", "AfterAllowTraffic"]],
    ["without traffic control the six of traffic fall away, and the target group follows the container",
        { trafficControl: false }, fleet => fleet.deploy("v2"), "i-1", ["ApplicationStop", ...download, "is readdressed", "ValidateService"]],
    ["an instance that is launched stops nothing, and is registered before it is in service",
        {}, fleet => fleet.resize(3), "i-3", ["begins", ...download, "ValidateService", "BeforeAllowTraffic", "is registered", "AfterAllowTraffic"]],
    ["launched without traffic control it is registered by Auto Scaling",
        { trafficControl: false }, fleet => fleet.resize(3), "i-3", ["begins", ...download, "is readdressed", "ValidateService", "enters"]],
    ["launched into a fleet that is found by tags it gets nothing",
        { launchHook: false }, fleet => fleet.resize(3), "i-3", ["begins", "enters"]],
    ["an instance that ends leaves the target group, drains, and is gone",
        {}, fleet => fleet.resize(1), "i-2", ["leaves", "is removed"]],
    ["with a termination hook it is blocked and stopped before it is gone",
        { terminationHook: true }, fleet => fleet.resize(1), "i-2",
        ["leaves", "BeforeBlockTraffic", "is deregistered", "AfterBlockTraffic", "ApplicationStop", "is removed"]],
    ["a termination hook that fails keeps no instance",
        { terminationHook: true }, fleet => { fleet.fails = ({ event }) => event === "AfterBlockTraffic"; return fleet.resize(1); }, "i-2",
        ["leaves", "BeforeBlockTraffic", "is deregistered", "AfterBlockTraffic", "is removed"]],
    ["an event that fails is the last of its deployment on that host",
        { rollBackOnFailure: false }, fleet => { fleet.fails = ({ event }) => event === "BeforeInstall"; return fleet.deploy("v2"); }, "i-1",
        ["BeforeBlockTraffic", "is deregistered", "AfterBlockTraffic", "ApplicationStop", "DownloadBundle", "BeforeInstall"]],
];

describe("What CodeDeploy is known to do with an instance", () => {
    for (const [fact, about, happens, host, becomes] of facts) {
        it(fact, async () => {
            const fleet = await FakeFleet.serving(2, about);
            await happens(fleet);
            assert.deepEqual(fleet.of(host), becomes);
        });
    }

    it("the scripts of three events come from the revision that was last installed, all others from the new one", () => {
        assert.deepEqual(lifecycleEvents.filter(event => revisionOf(event) === "lastInstalled"), ["BeforeBlockTraffic", "AfterBlockTraffic", "ApplicationStop"]);
    });

    it("an instance that is launched has no termination hook before it was in service", async () => {
        const fleet = await FakeFleet.serving(2, { terminationHook: true });
        fleet.group.resize({ desired: 3 });
        await fleet.resize(2);
        assert.deepEqual(fleet.of("i-3"), ["begins", "leaves", "is removed"]);
    });
});
