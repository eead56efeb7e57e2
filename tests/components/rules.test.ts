import assert from "node:assert/strict";
import { architectureOf } from "../../components";
import { parseImage } from "../../components/image-reference";
import { userData } from "../../components/user-data";

describe("architectureOf", () => {
    const x86 = ["t3.small", "t3a.nano", "m5.metal", "c7i-flex.large", "g4dn.xlarge", "i3en.large", "x2idn.16xlarge"];
    const arm = ["t4g.small", "c7gn.medium", "a1.large", "g5g.xlarge", "is4gen.large", "im4gn.large", "r8gd.large", "x2gd.medium"];
    for (const type of x86) {
        it(`takes ${type} for x86_64`, () => {
            assert.deepEqual(architectureOf(type), { ami: "x86_64", uname: "x86_64", platform: "linux/amd64" });
        });
    }
    for (const type of arm) {
        it(`takes ${type} for arm64`, () => {
            assert.deepEqual(architectureOf(type), { ami: "arm64", uname: "aarch64", platform: "linux/arm64" });
        });
    }
    for (const type of ["", "small", "t3", "t3.", "T3.small", "t3.small "]) {
        it(`takes '${type}' for no instance type`, () => { assert.equal(architectureOf(type), undefined); });
    }
});

describe("parseImage", () => {
    const digest = `sha256:${"0a".repeat(32)}`;
    it("tells the parts of an image in ECR, also in China", () => {
        assert.deepEqual(parseImage(`111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/team/web@${digest}`), {
            repository: "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/team/web",
            digest,
            ecr: { registry: "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn", accountId: "111122223333", region: "cn-north-1", name: "team/web" },
        });
    });

    it("tells an image elsewhere", () => {
        assert.deepEqual(parseImage(`localhost:5000/web@${digest}`), { repository: "localhost:5000/web", digest, ecr: undefined });
    });

    for (const reference of ["web", "web:latest", `web@${digest}0`, "web@sha256:12", `@${digest}`, `Web@${digest}`]) {
        it(`refuses '${reference}'`, () => { assert.equal(parseImage(reference), undefined); });
    }
});

describe("userData", () => {
    it("quotes what a shell would read otherwise", () => {
        assert.equal(userData({ A: "it's $HOME", B: 3 }, "echo\n"), "#!/bin/bash\nexport A='it'\\''s $HOME'\nexport B='3'\necho\n");
    });
});
