import assert from "node:assert/strict";
import { describeRefresh, type GroupInstance, type GroupLaunch, planRefresh, resultOf, warmupFor } from "../../release/instance-refresh";

const launch: GroupLaunch = { templateId: "lt-1", version: "7", imageId: "ami-new", imageAtLaunch: true, types: undefined };
const current: GroupInstance = { id: "i-1", type: "t3.small", template: { id: "lt-1", version: "7" }, imageId: "ami-new" };
const older: GroupInstance = { ...current, id: "i-2", template: { id: "lt-1", version: "6" } };
const otherImage: GroupInstance = { ...current, id: "i-3", imageId: "ami-old" };

describe("what an instance refresh replaces", () => {
    it("is nothing in an empty group", () => {
        assert.deepEqual(planRefresh([], launch), { replace: "none", because: "The group has no instance. Those that come are launched from its newest template." });
    });

    it("is nothing when all instances are as one launched now", () => {
        assert.deepEqual(planRefresh([current, current], launch), { replace: "none", because: "All 2 instances are as version 7 of the template has them, of machine image ami-new." });
    });

    it("are the outdated ones where the template names its image", () => {
        const named = { ...launch, imageAtLaunch: false };
        assert.deepEqual(planRefresh([current, older], named), { replace: "outdated", because: "1 of 2 instances is not as version 7 of the template has it." });
    });

    it("are all where EC2 looks the image up, for then Auto Scaling refuses to tell them apart", () => {
        assert.deepEqual(planRefresh([current, older], launch), {
            replace: "all",
            because: "1 of 2 instances is not as version 7 of the template has it. Auto Scaling cannot tell them from the others, so all 2 are replaced.",
        });
        assert.deepEqual(planRefresh([older, older], launch), { replace: "all", because: "2 of 2 instances are not as version 7 of the template has it." });
    });

    it("are those of an older machine image, too, of the same template", () => {
        assert.deepEqual(planRefresh([current, otherImage, older], launch), {
            replace: "all",
            because: "1 of 3 instances is not as version 7 of the template has it, 1 of 3 instances is not of machine image ami-new. "
                + "Auto Scaling cannot tell them from the others, so all 3 are replaced.",
        });
    });

    it("is nothing for an image of one's own that the template's version names: the version says it already", () => {
        assert.equal(planRefresh([otherImage], { ...launch, imageAtLaunch: false }).replace, "none");
    });

    it("are all when AWS does not tell which image a launch would take", () => {
        assert.deepEqual(planRefresh([current], { ...launch, imageId: undefined }), {
            replace: "all",
            because: "The one instance is as version 7 of the template has it. AWS does not tell which machine image a launch takes today, so all are replaced.",
        });
        // Where the template names its image, nobody has to look it up.
        assert.equal(planRefresh([current], { ...launch, imageAtLaunch: false, imageId: undefined }).replace, "none");
        // Of an instance that has just gone, nobody knows the image: that alone replaces nothing.
        assert.equal(planRefresh([{ ...current, imageId: undefined }], launch).replace, "none");
    });

    it("are instances of a type that the group no longer takes, of another template, or of none", () => {
        const mixed = { ...launch, imageAtLaunch: false, types: ["t3.small", "t3a.small"] };
        assert.equal(planRefresh([{ ...current, type: "t3a.small" }], mixed).replace, "none");
        assert.equal(planRefresh([{ ...current, type: "t2.small" }], mixed).replace, "outdated");
        assert.equal(planRefresh([{ ...current, template: { id: "lt-2", version: "7" } }], mixed).replace, "outdated");
        assert.equal(planRefresh([{ ...current, template: undefined }], mixed).replace, "outdated");
    });
});

describe("the warm-up of a new instance", () => {
    it("is a minute, or as long as the load balancer needs for its first check", () => {
        assert.equal(warmupFor({ intervalSeconds: 5, timeoutSeconds: 3 }), 60);
        assert.equal(warmupFor({ intervalSeconds: 120, timeoutSeconds: 30 }), 150);
    });
});

describe("an instance refresh", () => {
    it("has ended with each of AWS's last words, and with no other", () => {
        const all = ["Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress", "Successful", "Failed", "Cancelled", "RollbackSuccessful", "RollbackFailed"];
        assert.deepEqual(all.map(status => resultOf({ status })), [
            undefined, undefined, undefined, undefined, undefined, "succeeded", "failed", "cancelled", "rolledBack", "failed",
        ]);
    });

    it("is told in one line", () => {
        assert.equal(describeRefresh({ id: "r", status: "Pending", percentage: 0 }), "waiting to begin: 0 %");
        assert.equal(describeRefresh({ id: "r", status: "InProgress", percentage: 50, toUpdate: 1, reason: "Waiting for instances to warm up." }),
            "replacing: 50 %, 1 instance to go: Waiting for instances to warm up.");
        assert.equal(describeRefresh({ id: "r", status: "Novel", percentage: 50, toUpdate: 2 }), "Novel: 50 %, 2 instances to go");
    });
});
