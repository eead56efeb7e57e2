import assert from "node:assert/strict";
import { parseEcr, splitReference } from "../../release/ecr-repository";

describe("repository of Amazon's registry", () => {
    for (const [url, expected] of [
        ["123456789012.dkr.ecr.eu-central-1.amazonaws.com/web", { registryId: "123456789012", region: "eu-central-1", repositoryName: "web" }],
        ["123456789012.dkr.ecr.us-gov-west-1.amazonaws.com/team/web-1_a.b", { registryId: "123456789012", region: "us-gov-west-1", repositoryName: "team/web-1_a.b" }],
        ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/web", { registryId: "123456789012", region: "cn-north-1", repositoryName: "web" }],
        ["123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/web", { registryId: "123456789012", region: "us-east-1", repositoryName: "web" }],
        ["123456789012.dkr-ecr.us-east-1.on.aws/web", { registryId: "123456789012", region: "us-east-1", repositoryName: "web" }],
        ["docker.io/library/nginx", undefined],
        ["team/web", undefined],
        ["evil.example/123456789012.dkr.ecr.eu-central-1.amazonaws.com/web", undefined],
        ["123456789012.dkr.ecr.eu-central-1.amazonaws.com/", undefined],
        ["public.ecr.aws/nginx/nginx", undefined],
    ] as const) {
        it(`is ${expected ? `${expected.repositoryName} in ${expected.region}` : "none"} for ${url}`, () => {
            assert.deepEqual(parseEcr(url), expected);
        });
    }

    it("is what stands before an image's digest", () => {
        assert.deepEqual(splitReference("host:5000/a/b@sha256:1"), { repository: "host:5000/a/b", digest: "sha256:1" });
    });
});
