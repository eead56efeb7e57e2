import assert from "node:assert/strict";
import { mixRules } from "../../components/instance-mix";

const broken = (instanceType: string, ...alternativeInstanceTypes: string[]) =>
    mixRules({ instanceType, alternativeInstanceTypes }).filter(rule => rule !== false);

describe("mixRules", () => {
    it("takes types of one architecture", () => {
        assert.deepEqual(broken("t3.small", "t3a.small", "m5.large"), []);
        assert.deepEqual(broken("t4g.small", "c7g.medium"), []);
        assert.deepEqual(broken("t3.small"), []);
    });

    it("refuses another architecture, whose instances could not run the image", () => {
        assert.deepEqual(broken("t3.small", "t4g.small"), ["alternativeInstanceTypes must have the architecture of t3.small (x86_64), got 't4g.small' (arm64)"]);
        assert.deepEqual(broken("t4g.small", "t3.small"), ["alternativeInstanceTypes must have the architecture of t4g.small (arm64), got 't3.small' (x86_64)"]);
    });

    it("refuses what is no type, and a type that is named again", () => {
        assert.deepEqual(broken("t3.small", "small", "t3a.small", "t3a.small", "t3.small"), [
            "alternativeInstanceTypes must be EC2's such as t3a.small, got 'small'",
            "alternativeInstanceTypes names 't3a.small' once more",
            "alternativeInstanceTypes names 't3.small' once more",
        ]);
    });
});
