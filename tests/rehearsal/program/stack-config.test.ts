import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { madeUp, readStackConfig, StackFileError } from "../../../rehearsal/program/stack-config";
import { settings } from "../../../stacks/settings-schema";

// Text without a default is names, addresses and ARNs, which some teams keep to themselves.
const encryptable = [...settings].filter(([name, setting]) => setting.type === "string" && setting.default === undefined && name !== "stage").map(([name]) => name);

describe("the config of a stack", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "gapless-stack-"));
        write("Pulumi.yaml", "name: shop\nruntime: nodejs\nconfig:\n  minSize:\n    type: integer\n    default: 2\n  path:\n    type: string\n    default: /\n");
    });
    afterEach(() => {
        rmSync(folder, { recursive: true });
    });

    function write(file: string, text: string): void {
        writeFileSync(join(folder, file), text);
    }

    function problem(stack = "dev"): string {
        try {
            readStackConfig(folder, stack);
        } catch (error) {
            assert.ok(error instanceof StackFileError);
            return error.message.replaceAll(folder, "");
        }
        throw new assert.AssertionError({ message: "it was read" });
    }

    it("is the stack's file over the project's defaults, as text", () => {
        write("Pulumi.dev.yaml", "config:\n  aws:region: eu-west-1\n  shop:minSize: 4\n  shop:protect: true\n  shop:environment:\n    PORT: 1\n");
        assert.deepEqual(readStackConfig(folder, "dev"), {
            project: "shop",
            config: { "shop:minSize": "4", "shop:path": "/", "aws:region": "eu-west-1", "shop:protect": "true", "shop:environment": '{"PORT":1}' },
            secretKeys: [],
        });
    });

    it("is what somebody wants otherwise, over both", () => {
        write("Pulumi.dev.yaml", "config:\n  shop:minSize: 4\n");
        const { config, secretKeys } = readStackConfig(folder, "dev", { minSize: 6, shiftPercents: [10, 100], strategy: "rolling" });
        assert.deepEqual(config, { "shop:minSize": "6", "shop:path": "/", "shop:shiftPercents": "[10,100]", "shop:strategy": "rolling" });
        assert.deepEqual(secretKeys, []);
    });

    it("has a value of its kind for what is made up, in the stack's region", () => {
        write("Pulumi.dev.yaml", "config:\n  aws:region: eu-west-1\n  shop:imageDigest: registry.example.com/shop@sha256:1\n");
        const { config, secretKeys } = readStackConfig(folder, "dev", { imageDigest: madeUp });
        assert.match(config["shop:imageDigest"] ?? "", /^111122223333\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/stand-in@sha256:0{64}$/);
        assert.deepEqual(secretKeys, []);
    });

    it("has a secret for two colours that are rehearsed without one, and takes the stack's own", () => {
        write("Pulumi.dev.yaml", "config: {}\n");
        const { config, secretKeys } = readStackConfig(folder, "dev", { strategy: "blueGreen" });
        assert.match(config["shop:colourSecret"] ?? "", /^[A-Za-z0-9]{16,64}$/);
        assert.deepEqual(secretKeys, ["shop:colourSecret"]);
        write("Pulumi.dev.yaml", "config:\n  shop:colourSecret: 0123456789abcdefghij\n");
        assert.equal(readStackConfig(folder, "dev", { strategy: "blueGreen" }).config["shop:colourSecret"], "0123456789abcdefghij");
    });

    it("is the defaults when the stack's file says nothing", () => {
        for (const empty of ["", "config:\n", "config: {}\n"]) {
            write("Pulumi.dev.yaml", empty);
            assert.deepEqual(readStackConfig(folder, "dev").config, { "shop:minSize": "2", "shop:path": "/" });
        }
    });

    it("has stand-ins for encrypted values, which it names", () => {
        write("Pulumi.dev.yaml", "config:\n  shop:token:\n    secure: v1:abc\n  shop:certificateArn:\n    secure: v1:def\n  shop:environment:\n    A: a\n    B:\n      secure: v1:ghi\n");
        const { config, secretKeys } = readStackConfig(folder, "dev");
        assert.deepEqual(secretKeys, ["shop:token", "shop:certificateArn", "shop:environment"]);
        assert.equal(config["shop:token"], "stand-in");
        assert.match(config["shop:certificateArn"] ?? "", /^arn:aws:acm:/);
        assert.equal(config["shop:environment"], '{"A":"a","B":"stand-in"}');
        assert.doesNotMatch(JSON.stringify(config), /v1:/);
    });

    it("has stand-ins that pass for what they stand for, whole or in lists, in the stack's region", () => {
        write("Pulumi.dev.yaml", [
            "config:", "  aws:region: eu-west-1", "  aws:allowedAccountIds:", "    secure: v1:a", "  shop:publicSubnetIds:", "    secure: v1:b",
            "  shop:hostSubnetIds:", "    - secure: v1:c", "    - secure: v1:d",
            ...encryptable.map(name => `  shop:${name}:\n    secure: v1:e`), "",
        ].join("\n"));
        const { config } = readStackConfig(folder, "dev");
        for (const name of [...encryptable, "publicSubnetIds", "hostSubnetIds"]) {
            const setting = settings.get(name);
            const text = config[`shop:${name}`] ?? "";
            assert.equal(setting?.schema.safeParse(setting.type === "array" ? JSON.parse(text) : text).success, true, `${name}: ${text}`);
        }
        assert.equal(config["aws:allowedAccountIds"], '["111122223333"]');
        assert.match(config["shop:certificateArn"] ?? "", /:acm:eu-west-1:/);
        assert.match(config["shop:cloudFrontCertificateArn"] ?? "", /:acm:us-east-1:/);
        assert.equal((JSON.parse(config["shop:publicSubnetIds"] ?? "") as unknown[]).length, 2);
    });

    it("tells which stages there are when it is asked for another", () => {
        write("Pulumi.stg.yaml", "");
        write("Pulumi.dev.yaml", "");
        assert.equal(problem("production"), 'There is no stack production: there are dev, stg. To make it, write Pulumi.production.yaml (docs/settings.md), then see ./gapless preview production.');
    });

    it("names the file and the place of what is no YAML", () => {
        write("Pulumi.dev.yaml", "config:\n  a: [1,\n");
        assert.match(problem(), /^\/Pulumi\.dev\.yaml is not valid YAML: .*line 3/s);
    });

    it("refuses YAML that is no stack file or no project file", () => {
        write("Pulumi.dev.yaml", "config: 5\n");
        assert.match(problem(), /^\/Pulumi\.dev\.yaml is no Pulumi file:\n.*config/s);
        write("Pulumi.dev.yaml", "");
        write("Pulumi.yaml", "runtime: nodejs\n");
        assert.match(problem(), /^\/Pulumi\.yaml is no Pulumi file:\n.*name/s);
    });

    it("names a file that cannot be read", () => {
        rmSync(join(folder, "Pulumi.yaml"));
        assert.match(problem(), /^\/Pulumi\.yaml cannot be read: ENOENT/);
    });
});
