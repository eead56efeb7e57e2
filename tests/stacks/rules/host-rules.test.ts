import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { findingsOn, said, sample, type Said, type Stack } from "../findings";

// In stg and prod HTTP would be a finding of its own.
const encrypted = { certificateArn: sample.certificateArn, domainName: "shop.example.com" };

describe("the rules of hosts and rollouts", () => {
    const rows: readonly [string, Stack, readonly Said[]][] = [
        ["refuse instance types of another architecture", { given: { alternativeInstanceTypes: ["t4g.small", "t3a.small"] } }, [
            ["error", "gapless:alternativeInstanceTypes", "must have the architecture of instanceType (t3.small, x86_64): an image is built for one", '["t4g.small"]',
                "take types of x86_64"],
        ]],
        ["refuse an instance type twice", { given: { alternativeInstanceTypes: ["t3.small"] } }, [
            ["error", "gapless:alternativeInstanceTypes", "must not name instanceType (t3.small) again", '["t3.small"]',
                "remove t3.small from the list"],
        ]],
        ["refuse spot instances in stg", { stage: "stg", given: { ...encrypted, spot: true } }, [
            ["error", "gapless:spot", "must be false in stg: AWS takes spot instances back within two minutes, many at once, and requests are lost", "true",
                "remove spot, or set it in dev only"],
        ]],
        ["refuse spot instances in prod", { stage: "prod", given: { ...encrypted, spot: true } }, [
            ["error", "gapless:spot", "must be false in prod: AWS takes spot instances back within two minutes, many at once, and requests are lost", "true",
                "remove spot, or set it in dev only"],
        ]],
        ["say what a tagged fleet does not do", { given: { fleet: "tagged", spot: true, alternativeInstanceTypes: ["t3a.small"], cpuPercent: 50, requestsPerTarget: 500, schedules: { day: { recurrence: "0 7 * * *", minSize: 4, maxSize: 8 } } } }, [
            ["error", "gapless:spot", "has no effect on a tagged fleet, which is a fixed number of instances of one type", "true",
                "remove it, or set fleet to autoScaling"],
            ["error", "gapless:alternativeInstanceTypes", "has no effect on a tagged fleet, which is a fixed number of instances of one type", '["t3a.small"]',
                "remove it, or set fleet to autoScaling"],
            ["error", "gapless:cpuPercent", "has no effect on a tagged fleet, which is a fixed number of instances of one type", "50",
                "remove it, or set fleet to autoScaling"],
            ["error", "gapless:requestsPerTarget", "has no effect on a tagged fleet, which is a fixed number of instances of one type", "500",
                "remove it, or set fleet to autoScaling"],
            ["error", "gapless:schedules", "has no effect on a tagged fleet, which is a fixed number of instances of one type", '{"day":{"recurrence":"0 7 * * *","minSize":4,"maxSize":8}}',
                "remove it, or set fleet to autoScaling"],
        ]],
        ["warn that a tagged fleet does not grow", { given: { fleet: "tagged", minSize: 4, maxSize: 12 } }, [
            ["warning", "gapless:maxSize", "has no effect on a tagged fleet, which has minSize (4) instances", "12",
                "set maxSize to 4, or fleet to autoScaling"],
        ]],
        ["warn of a time zone without schedules", { given: { scheduleTimeZone: "Europe/Berlin" } }, [
            ["warning", "gapless:scheduleTimeZone", "has no effect without schedules", '"Europe/Berlin"',
                "remove it, or set schedules"],
        ]],
        ["refuse to turn prod off", { stage: "prod", given: { ...encrypted, schedules: { off: { recurrence: "0 19 * * *", minSize: 0, maxSize: 0 }, on: { recurrence: "0 7 * * *", minSize: 2, maxSize: 4 } } } }, [
            ["error", "gapless:schedules.off", "must not turn the fleet off in prod", "a minSize and maxSize of 0",
                "set its minSize to 2 or more"],
        ]],
        ["refuse to turn a fleet off for ever", { given: { schedules: { off: { recurrence: "0 19 * * *", minSize: 0, maxSize: 0 } } } }, [
            ["error", "gapless:schedules", "must turn the fleet on again when one turns it off", '["off"]',
                "add a schedule with a minSize of 2 or more"],
        ]],
        ["refuse a schedule that leaves fewer than the minimum, or grows to less than it has", { given: { minSize: 4, schedules: { night: { recurrence: "0 19 * * *", minSize: 2, maxSize: 1 } } } }, [
            ["error", "gapless:schedules.night", "must leave at least minSize (4) hosts, for which rollouts are planned and rehearsed", "a minSize of 2",
                "set its minSize to 4 or more, or lower minSize and raise it by a schedule"],
            ["error", "gapless:schedules.night", "must have a maxSize of at least its minSize (2)", "a maxSize of 1",
                "set its maxSize to 2 or more"],
        ]],
        ["refuse a schedule that leaves none without turning the fleet off", { given: { schedules: { night: { recurrence: "0 19 * * *", minSize: 0, maxSize: 2 } } } }, [
            ["error", "gapless:schedules.night", "must leave at least minSize (2) hosts, for which rollouts are planned and rehearsed", "a minSize of 0",
                "set its minSize to 2 or more, or lower minSize and raise it by a schedule"],
        ]],
        ["refuse two schedules of the same time", { given: { schedules: { one: { recurrence: "0 7 * * *", minSize: 2, maxSize: 2 }, two: { recurrence: "0 7 * * *", minSize: 4, maxSize: 4 } } } }, [
            ["error", "gapless:schedules", "must not have two schedules of the same time: Auto Scaling refuses the second", '"0 7 * * *"',
                "give each its own recurrence, or join them"],
        ]],
        ["refuse prod with one host", { stage: "prod", given: { ...encrypted, minSize: 1 } }, [
            ["error", "gapless:minSize", "must exceed the 1 that has to stay healthy, or CodeDeploy refuses every rollout", "1",
                "set minSize to 2 or more"],
        ]],
        ["refuse a tagged fleet that cannot be written down", { given: { fleet: "tagged", minSize: 251, maxSize: 251 } }, [
            ["error", "gapless:minSize", "must be at most 250 on a tagged fleet: the stack writes its instances down in a parameter of SSM, which takes no more", "251",
                "set minSize to 250 or less, or fleet to autoScaling"],
        ]],
        ["refuse a tagged fleet of one host", { given: { fleet: "tagged", minSize: 1 } }, [
            ["error", "gapless:minSize", "must exceed the 1 that has to stay healthy, or CodeDeploy refuses every rollout", "1",
                "set minSize to 2 or more"],
        ]],
        ["refuse a deployment configuration that lets no host go", { given: { deploymentConfig: "100%" } }, [
            ["error", "gapless:minSize", "must exceed the 2 that has to stay healthy, or CodeDeploy refuses every rollout", "2",
                "set deploymentConfig to a lower minimum"],
        ]],
        ["refuse a deployment configuration that wants more hosts than there are", { given: { minSize: 4, maxSize: 4, deploymentConfig: "5" } }, [
            ["error", "gapless:minSize", "must exceed the 5 that has to stay healthy, or CodeDeploy refuses every rollout", "4",
                "set minSize to 6 or more"],
        ]],
        ["refuse a count of hosts zone by zone", { given: { zoneByZone: true, deploymentConfig: "OneAtATime" } }, [
            ["error", "gapless:zoneByZone", "must go with a percentage: a count of hosts in the fleet says nothing of how many stay in a zone", "true",
                "set deploymentConfig to a percentage such as 50%, or zoneByZone to false"],
        ]],
        ["count the zones of a network of the stack's own", { given: { zoneByZone: true, availabilityZones: 4, minSize: 4, maxSize: 4 } }, [
            ["error", "gapless:zoneByZone", "must let an instance of each zone go: 1 of the 1 in a zone have to stay healthy", "true",
                "set minSize to 8 or more, or zoneByZone to false"],
        ]],
        ["refuse a watch between zones that are not told apart", { given: { zoneMonitorSeconds: 60 } }, [
            ["error", "gapless:zoneMonitorSeconds", "has no effect without zoneByZone", "60",
                "set zoneByZone to true, or remove zoneMonitorSeconds"],
        ]],
    ];
    for (const [title, stack, findings] of rows) {
        it(title, () => { assert.deepEqual(said(findingsOn(stack)), findings); });
    }
});
