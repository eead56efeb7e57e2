import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { callsOf, CiHost, type CiRun } from "./ci-host";

const role = "arn:aws:iam::111122223333:role/teams/web-ci";
const session = "arn:aws:sts::111122223333:assumed-role/web-ci/gapless-7";
const keys = { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "key-secret" };

/** Runs the script on an agent whose AWS CLI acts as this identity. */
function assume(host: CiHost, env: Readonly<Record<string, string>> = {}, identity = session): CiRun {
    host.answer("aws", { "--profile gapless sts assume-role-with-web-identity": "echo the keys", "--profile gapless sts get-caller-identity": `cp "$AWS_CONFIG_FILE" "$HOST/seen"; echo "$HOME" >"$HOST/home"; echo ${identity}` });
    return host.script("assume-role", [], {
        GAPLESS_CI_ROLE: role, AWS_CONFIG_FILE: `${host.folder}/tmp/aws/config`, AWS_REGION: "eu-central-1", BUILD_NUMBER: "7", ...env,
    });
}

describe("role of CI", () => {
    for (const [what, env, identity] of [
        ["the agent's instance profile", {}, "credential_source = Ec2InstanceMetadata"],
        ["the role of the agent's task", { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/credentials/x" }, "credential_source = EcsContainer"],
        ["the role of the agent's pod", { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/v1/credentials" }, "credential_source = EcsContainer"],
        ["keys in the agent's environment", keys, "credential_source = Environment"],
    ] as const) {
        it(`is assumed by the AWS CLI itself, with ${what}`, () => {
            using host = new CiHost();
            const run = assume(host, env);
            assert.deepEqual([run.code, run.output, run.result], [0, `Acting as ${session} in eu-central-1`, ""]);
            assert.equal(host.read("seen"), `[profile gapless]\nregion = eu-central-1\nrole_arn = ${role}\nrole_session_name = gapless-7\n${identity}\n`);
            assert.doesNotMatch(host.read("tmp/aws/config"), /secret|AKIA/);
        });
    }

    it("is assumed once for two hours with a token of the CI system, which may be over by then, and for nobody else to read", () => {
        using host = new CiHost();
        const run = assume(host, { ...keys, AWS_WEB_IDENTITY_TOKEN_FILE: "/run/token", AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/pod" });
        assert.deepEqual([run.code, run.output], [0, `Acting as ${session} in eu-central-1`]);
        assert.equal(host.read("tmp/aws/config"), `[profile gapless]\nregion = eu-central-1\ncredential_process = cat '${host.folder}/tmp/aws/session.json'\n`);
        assert.equal(callsOf(run, "aws")[0], `aws --profile gapless sts assume-role-with-web-identity --role-arn ${role} --role-session-name gapless-7`
            + " --duration-seconds 10800 --web-identity-token file:///run/token --output json --query merge({Version: `1`}, Credentials)");
        assert.equal(statSync(`${host.folder}/tmp/aws/session.json`).mode & 0o777, 0o600);
        assert.equal(host.read("tmp/aws/session.json"), "the keys\n");
    });

    for (const [who, identity] of [
        ["the agent's own user", "arn:aws:iam::111122223333:user/jenkins"],
        ["another role", "arn:aws:sts::111122223333:assumed-role/web-ci-2/gapless-7"],
        ["a role of this name in another account", "arn:aws:sts::444455556666:assumed-role/web-ci/gapless-7"],
    ] as const) {
        it(`is missing when the AWS CLI acts as ${who}, and that fails`, () => {
            using host = new CiHost();
            const { code, output } = assume(host, keys, identity);
            assert.deepEqual([code, output], [1, `The AWS CLI acts as ${identity}, not as ${role}.`]);
        });
    }

    it("is taken by each script's calls with an option, which wins over keys in the environment, and keeps its sessions in the job's folder", () => {
        using host = new CiHost();
        assume(host);
        assert.equal(host.read("home"), `${host.folder}/tmp/aws\n`);
        host.stub("aws", 'echo "$HOME" >"$HOST/home"; printf "v1\\tx\\n"');
        const run = host.script("publish", ["prod", "x"], { AWS_PROFILE: "gapless", AWS_CONFIG_FILE: `${host.folder}/tmp/aws/config`, HOME: "/root", ...keys });
        assert.equal(run.code, 0, run.output);
        assert.ok(callsOf(run, "aws").every(call => call.startsWith("aws --profile gapless s3api ")), run.calls.join("\n"));
        assert.equal(host.read("home"), `${host.folder}/tmp/aws\n`);
    });

    it("leaves a person's own profile its home", () => {
        using host = new CiHost();
        host.stub("aws", 'echo "$HOME" >"$HOST/home"; printf "v1\\tx\\n"');
        const run = host.script("publish", ["prod", "x"], { AWS_PROFILE: "mine", HOME: "/root" });
        assert.ok(callsOf(run, "aws").every(call => call.startsWith("aws --profile mine s3api ")), run.calls.join("\n"));
        assert.equal(host.read("home"), "/root\n");
    });

    it("acts in the region of the stack's outputs, unless the environment names one", () => {
        using host = new CiHost();
        const outputs = host.write("outputs.json", JSON.stringify({ region: "eu-west-1" }));
        for (const [env, region] of [
            [{ AWS_REGION: "" }, "eu-west-1"], [{ AWS_REGION: "", AWS_DEFAULT_REGION: "us-east-1" }, "us-east-1"], [{}, "eu-central-1"],
        ] as const) {
            assert.equal(assume(host, { GAPLESS_OUTPUTS: outputs, ...env }).code, 0);
            assert.match(host.read("seen"), new RegExp(`^region = ${region}$`, "m"));
        }
    });

    it("says where the region comes from when nobody names it", () => {
        using host = new CiHost();
        const run = assume(host, { AWS_REGION: "" });
        assert.deepEqual([run.code, run.output, run.calls], [1, "AWS_REGION is not set. It is the stack's output region: pulumi stack output region", []]);
    });

    it("is refused when it is no role", () => {
        using host = new CiHost();
        const { code, output } = assume(host, { GAPLESS_CI_ROLE: "web-ci" });
        assert.deepEqual([code, output], [1, "GAPLESS_CI_ROLE is no ARN of a role: web-ci"]);
    });

    it("fails when it cannot be assumed", () => {
        using host = new CiHost();
        host.stub("aws", "echo AccessDenied >&2; exit 254");
        const { code, output } = host.script("assume-role", [], { GAPLESS_CI_ROLE: role, AWS_REGION: "eu-central-1", AWS_CONFIG_FILE: `${host.folder}/config` });
        assert.notEqual(code, 0);
        assert.equal(output, "AccessDenied");
    });
});
