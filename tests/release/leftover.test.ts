import assert from "node:assert/strict";
import { leftover } from "../../release/leftover";

const here = "eu-central-1:123456789012";

describe("what is left of a stack", () => {
    for (const [arn, kind, passing, advice] of [
        [`arn:aws:ec2:${here}:instance/i-1`, "EC2 instance", true, "a terminated one is listed for up to an hour"],
        [`arn:aws:ec2:${here}:natgateway/nat-1`, "NAT gateway", true, "a deleted one is listed for up to an hour"],
        [`arn:aws:ec2:${here}:vpc/vpc-1`, "part of the network", false, "is held by something that is still there. Delete it in the console of VPC when that is gone"],
        [`arn:aws:ec2:${here}:elastic-ip/eipalloc-1`, "Elastic IP address", false, "costs money. aws ec2 release-address --allocation-id eipalloc-1"],
        [`arn:aws:logs:${here}:log-group:/web/dev:*`, "log group", false, "written again by whatever ended last. aws logs delete-log-group --log-group-name /web/dev"],
        [`arn:aws:ecr:${here}:repository/web`, "image repository", false, "aws ecr delete-repository --force --repository-name web"],
        [`arn:aws:elasticloadbalancing:${here}:targetgroup/web/1`, "load balancer or target group", true, "a deleted one is listed for minutes"],
        [`arn:aws:sns:${here}:topic`, "sns", false, "look at it in the console, and delete it by hand"],
    ] as const) {
        it(`is told as ${kind}: ${arn}`, () => { assert.deepEqual(leftover(arn), { arn, kind, passing, advice }); });
    }
});
