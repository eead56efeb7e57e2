import assert from "node:assert/strict";
import { lackOfHealth, lackOfService } from "../../../../release/aws/blue-green/capacity";
import type { GroupSizes } from "../../../../release/aws/blue-green/group-sizes";

function group(desired: number, ...lifecycles: readonly string[]): GroupSizes {
    return { name: "shop-green", minSize: 0, maxSize: 4, desired, instances: lifecycles.map((lifecycle, index) => ({ id: `i-${index + 1}`, lifecycle })) };
}

describe("what a colour lacks to serve", () => {
    it("is nothing when all instances that it shall have are in service", () => {
        assert.equal(lackOfService(group(2, "InService", "InService")), undefined);
    });

    it("is an instance that boots, or that leaves", () => {
        assert.equal(lackOfService(group(2, "InService", "Pending:Wait")), "1 of 2 instances of shop-green are in service");
        assert.equal(lackOfService(group(2)), "0 of 2 instances of shop-green are in service");
        // On its way down: one too many is no state to go on from.
        assert.equal(lackOfService(group(1, "InService", "InService")), "2 of 1 instances of shop-green are in service");
    });

    it("is nothing when each instance in service is a healthy target", () => {
        assert.equal(lackOfHealth(group(2, "InService", "Pending"), [{ id: "i-1", health: "healthy", detail: undefined }]), undefined);
    });

    it("is a target that is not healthy, with what the load balancer says", () => {
        assert.equal(
            lackOfHealth(group(2, "InService", "InService"), [{ id: "i-1", health: "unhealthy", detail: "Health checks failed with these codes: [503]" }]),
            "i-1 is unhealthy (Health checks failed with these codes: [503]), i-2 is no target",
        );
    });

    it("is a target of a stranger, unless that leaves", () => {
        const healthy = { id: "i-1", health: "healthy", detail: undefined };
        assert.equal(lackOfHealth(group(1, "InService"), [healthy, { id: "i-9", health: "healthy", detail: undefined }]), "i-9 is a target and no instance of shop-green");
        for (const health of ["draining", "unused"]) assert.equal(lackOfHealth(group(1, "InService"), [healthy, { id: "i-9", health, detail: undefined }]), undefined);
    });
});
