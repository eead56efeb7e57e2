import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { describe, it } from "mocha";
import { tagging } from "../../stacks/tagging";
import { registered } from "../support/registered";

class Parent extends pulumi.ComponentResource {
    constructor() {
        super("test:index:Parent", "parent", {}, { transformations: [tagging({ project: "shop", stage: "dev" })] });
        new aws.s3.Bucket("plain", {}, { parent: this });
        new aws.s3.Bucket("own", { tags: { stage: "mine", more: pulumi.output("1") } }, { parent: this });
        new aws.iam.RolePolicy("untaggable", { role: "r", policy: "{}" }, { parent: this });
        new aws.autoscaling.Group("group", { minSize: 1, maxSize: 1, tags: [{ key: "k", value: "v", propagateAtLaunch: true }] }, { parent: this });
    }
}

describe("tagging", () => {
    it("reaches every resource with a map of tags below the component, and a resource's own tag wins", async () => {
        const all = await registered(() => new Parent());
        assert.deepEqual(all.named("plain").inputs["tags"], { project: "shop", stage: "dev" });
        assert.deepEqual(all.named("own").inputs["tags"], { project: "shop", stage: "mine", more: "1" });
    });

    it("leaves alone what has no tags, or tags of another shape", async () => {
        const all = await registered(() => new Parent());
        assert.equal("tags" in all.named("untaggable").inputs, false);
        assert.deepEqual(all.named("group").inputs["tags"], [{ key: "k", value: "v", propagateAtLaunch: true }]);
    });
});
