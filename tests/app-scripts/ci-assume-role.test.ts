import assert from "node:assert/strict";
import { CiHost } from "./ci-host";

const role = "arn:aws:iam::111122223333:role/web-ci";

describe("role of CI", () => {
    for (const [what, env, identity] of [
        ["the agent's instance profile", {}, "credential_source = Ec2InstanceMetadata"],
        ["keys in the agent's environment", { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "key-secret" }, "credential_source = Environment"],
        ["a token of the CI system", { AWS_WEB_IDENTITY_TOKEN_FILE: "/run/token" }, "web_identity_token_file = /run/token"],
    ] as const) {
        it(`is assumed by the AWS CLI itself, with ${what}`, () => {
            using host = new CiHost();
            host.answer("aws", { "sts get-caller-identity": 'cp "$AWS_CONFIG_FILE" "$HOST/seen"; echo "$AWS_PROFILE"' });
            const run = host.script("assume-role", [], { GAPLESS_CI_ROLE: role, AWS_CONFIG_FILE: `${host.folder}/tmp/config`, BUILD_NUMBER: "7", ...env });
            assert.deepEqual([run.code, run.output, run.result], [0, "Acting as gapless", ""]);
            assert.equal(host.read("seen"), `[profile gapless]\nrole_arn = ${role}\nrole_session_name = gapless-7\n${identity}\n`);
            assert.doesNotMatch(host.read("tmp/config"), /secret|AKIA/);
        });
    }

    it("fails when it cannot be assumed", () => {
        using host = new CiHost();
        host.stub("aws", "echo AccessDenied >&2; exit 254");
        const { code } = host.script("assume-role", [], { GAPLESS_CI_ROLE: role, AWS_CONFIG_FILE: `${host.folder}/config` });
        assert.notEqual(code, 0);
    });
});
