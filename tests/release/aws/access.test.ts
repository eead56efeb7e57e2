import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessOf } from "../../../cli/open-stage";
import { sessionName } from "../../../release/aws/access";
import { testContext } from "../../support/aws/command-context";

const roleArn = "arn:aws:iam::111122223333:role/ci";

/** What the service that gives roles away is asked for credentials of these variables. */
async function asked(variables: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
    const questions: Record<string, string>[] = [];
    const server = createServer((request, response) => {
        let body = "";
        request.on("data", (chunk: Buffer) => (body += chunk.toString()));
        request.on("end", () => {
            const question = Object.fromEntries(new URLSearchParams(body));
            questions.push(question);
            const action = question["Action"] ?? "";
            response.setHeader("Content-Type", "text/xml");
            response.end(`<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><Credentials>
                <AccessKeyId>ASIATAKEN</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
                <Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></${action}Result></${action}Response>`);
        });
    });
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
    const before = { ...process.env };
    try {
        Object.assign(process.env, {
            AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, AWS_ACCESS_KEY_ID: "AKIAOWN", AWS_SECRET_ACCESS_KEY: "own",
        });
        const env = { GAPLESS_PROJECT: "gapless", GAPLESS_STACK: "dev", AWS_REGION: "eu-central-1", BUILD_TAG: "jenkins-web 7", ...variables };
        const { credentials } = await accessOf("dev", testContext({ env }));
        assert.equal((await credentials?.())?.accessKeyId, "ASIATAKEN");
    } finally {
        for (const name of Object.keys(process.env)) if (!(name in before)) Reflect.deleteProperty(process.env, name);
        Object.assign(process.env, before);
        server.closeAllConnections();
        server.close();
    }
    assert.equal(questions.length, 1);
    return questions[0] ?? {};
}

describe("access to AWS", () => {
    it("is in the role that GAPLESS_ROLE_ARN names, under the name of the job", async () => {
        const { Action, RoleArn, RoleSessionName } = await asked({ GAPLESS_ROLE_ARN: roleArn });
        assert.deepEqual({ Action, RoleArn, RoleSessionName }, { Action: "AssumeRole", RoleArn: roleArn, RoleSessionName: "gapless-jenkins-web-7" });
    });

    it("is in that role by the token of the job, for a build and its deployment", async () => {
        const folder = mkdtempSync(join(tmpdir(), "gapless-token-"));
        try {
            const AWS_WEB_IDENTITY_TOKEN_FILE = join(folder, "token");
            writeFileSync(AWS_WEB_IDENTITY_TOKEN_FILE, "a.job.token");
            const { Action, RoleArn, WebIdentityToken, DurationSeconds } = await asked({ GAPLESS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE });
            assert.deepEqual({ Action, RoleArn, WebIdentityToken, DurationSeconds }, {
                Action: "AssumeRoleWithWebIdentity", RoleArn: roleArn, WebIdentityToken: "a.job.token", DurationSeconds: "10800",
            });
        } finally {
            rmSync(folder, { recursive: true, force: true });
        }
    });

    it("takes that role from the one that the token is for, where AWS_ROLE_ARN names it", async () => {
        const { Action } = await asked({ GAPLESS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: "/no/token", AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/agent" });
        assert.equal(Action, "AssumeRole");
    });

    it("is the machine's own where no role is named", async () => {
        const { credentials } = await accessOf("dev", testContext({ env: { GAPLESS_PROJECT: "gapless", GAPLESS_STACK: "dev", AWS_REGION: "eu-central-1", GAPLESS_ROLE_ARN: "" } }));
        assert.equal(credentials, undefined);
    });

    it("names its session as AWS takes it", () => {
        assert.equal(sessionName("ada (run 7)"), "gapless-ada--run-7-");
        assert.equal(sessionName("x".repeat(90)).length, 64);
    });
});
