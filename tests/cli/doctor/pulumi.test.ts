import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runChecks } from "../../../cli/doctor/check";
import { checkBackend } from "../../../cli/doctor/pulumi";
import { testContext } from "../../support/aws/command-context";

describe("the doctor's look at Pulumi's backend", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "doctor-pulumi-"));
        mkdirSync(join(folder, "states"));
    });
    afterEach(() => { rmSync(folder, { recursive: true }); });

    const key = "secretsprovider: awskms://alias/a\n";
    const noPassphrase = { PULUMI_CONFIG_PASSPHRASE: undefined };
    for (const [what, url, about, verdict, text] of [
        ["a folder below the home that Pulumi takes", "file://~/states", {}, "ok", /^file:\/\/~\/states$/],
        ["a folder beside the program", "file://./states?no_tmp_dir=true", {}, "fail", /states\?no_tmp_dir=true, where the state lies/],
        ["a folder with a query", "file://HOME/states?no_tmp_dir=true", {}, "ok", /states/],
        ["a folder that is not there", "file://~/nothing", {}, "fail", /\/nothing, where the state lies, cannot be read and written$/],
        ["no passphrase", "s3://states", { env: noPassphrase }, "fail", /^The secrets of dev in s3:\/\/states are encrypted by a passphrase, and there is none\.$/],
        ["the name of no file for it", "s3://states", { env: { ...noPassphrase, PULUMI_CONFIG_PASSPHRASE_FILE: "" } }, "fail", /there is none\.$/],
        ["a key of KMS", "s3://states", { env: noPassphrase, file: key }, "ok", /^s3:\/\/states$/],
        ["a service without a login", "https://api.pulumi.com", {}, "fail", /^not logged in to https:\/\/api\.pulumi\.com$/],
        ["a token of the service", "https://api.pulumi.com", { env: { PULUMI_ACCESS_TOKEN: "t" } }, "ok", /^https:/],
        ["nothing that says where", "", {}, "fail", /^nothing says where/],
    ] as const) {
        it(`is ${verdict} with ${what}, as up is`, async () => {
            const { env = {}, file = "" }: { readonly env?: object; readonly file?: string } = about;
            writeFileSync(join(folder, "Pulumi.dev.yaml"), `${file}config: {}\n`);
            const context = { folder, env: { HOME: folder, PULUMI_CONFIG_PASSPHRASE: "", ...env } };
            const look = () => checkBackend({ stack: "dev", backend: url.replace("HOME", folder) }, context);
            const { clock, signal } = testContext();
            const hanging = { now: () => clock.now(), wait: () => new Promise<never>(() => undefined) };
            const [result] = await runChecks([{ name: "backend", look }], hanging, signal);
            assert.equal(result?.verdict, verdict);
            assert.match(result.text, text);
        });
    }
});
