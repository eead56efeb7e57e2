import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { registered } from "./registered";

describe("registered", () => {
    it("returns every resource of a sound program with its inputs", async () => {
        const made = await registered(() => {
            const role = new aws.iam.Role("reader", { assumeRolePolicy: "{}" });
            new aws.iam.RolePolicy("reading", { role: role.name, policy: "{}" });
        });
        assert.deepEqual(made.names(), ["reader", "reading"]);
        assert.deepEqual(made.named("reading").inputs, { role: made.named("reader").outputs["name"], policy: "{}" });
    });

    it("fails for a child that is lost because its input failed", async () => {
        const lost = registered(() => {
            new aws.s3.Bucket("lost", { bucket: pulumi.output(Promise.reject<string>(new Error("no such thing"))) });
        });
        await assert.rejects(lost, /promises never settled|no such thing/);
    });

    it("fails for a child that is lost because a value in it could not be computed", async () => {
        const lost = registered(() => {
            new aws.s3.Bucket("lost", { tags: pulumi.jsonParse(pulumi.output("{")) });
        });
        await assert.rejects(lost, /promises never settled/);
    });

    it("fails for a look-up that nobody answers, and names it", async () => {
        const asking = registered(() => {
            const key = aws.ec2.getKeyPairOutput({ keyName: "operator" });
            new aws.s3.Bucket("after", { bucket: key.keyType });
        });
        await assert.rejects(asking, { message: "No answer is declared for: aws:ec2/getKeyPair:getKeyPair" });
    });

    it("takes declared answers", async () => {
        const made = await registered(
            () => {
                const zone = aws.route53.getZoneOutput({ name: "example.com" });
                new aws.s3.Bucket("after", { bucket: zone.zoneId });
            },
            { answers: { "aws:route53/getZone:getZone": ({ name }) => ({ name, zoneId: "Z1" }) } },
        );
        assert.equal(made.named("after").inputs["bucket"], "Z1");
    });

    it("fails with the program's own error", async () => {
        await assert.rejects(registered(() => { throw new Error("broken program"); }), { message: "broken program" });
    });

    it("is untouched by an earlier program that failed", async () => {
        await assert.rejects(registered(() => {
            new aws.s3.Bucket("before", {});
            throw new Error("broken program");
        }));
        const made = await registered(() => { new aws.s3.Bucket("alone", {}); });
        assert.deepEqual(made.names(), ["alone"]);
    });

    it("sees resource options and dependencies, which mocks alone are not told", async () => {
        const made = await registered(() => {
            const first = new aws.s3.Bucket("first", {}, { protect: true, retainOnDelete: true, ignoreChanges: ["tags"] });
            const second = new aws.s3.Bucket("second", { bucket: first.bucket });
            new aws.s3.Bucket("third", {}, { dependsOn: second });
        });
        const { protect, retainOnDelete, ignoreChanges, urn } = made.named("first");
        assert.deepEqual({ protect, retainOnDelete, ignoreChanges }, { protect: true, retainOnDelete: true, ignoreChanges: ["tags"] });
        assert.deepEqual(made.named("second").dependencies, [urn]);
        assert.equal(made.comesAfter("third", "first"), true);
        assert.equal(made.comesAfter("first", "third"), false);
    });

    it("gives a resource an id that others can be given", async () => {
        const made = await registered(() => {
            const group = new aws.ec2.SecurityGroup("group", {});
            new aws.lb.LoadBalancer("balancer", { securityGroups: [group.id] });
        });
        assert.match(String(made.named("group").outputs["id"]), /^sg-[0-9a-f]{17}$/);
        assert.deepEqual(made.named("balancer").inputs["securityGroups"], [made.named("group").outputs["id"]]);
    });

    it("knows what a component gives out", async () => {
        const made = await registered(() => {
            const component = new pulumi.ComponentResource("test:index:Component", "outer");
            const bucket = new aws.s3.Bucket("inner", { bucket: "releases" }, { parent: component });
            (component as unknown as { registerOutputs(outputs: object): void }).registerOutputs({ bucketName: bucket.bucket });
        });
        assert.deepEqual(made.named("outer").outputs, { bucketName: "releases" });
        assert.equal(made.named("inner").parent, made.named("outer").urn);
    });

    it("shows secrets in clear and says which inputs they are", async () => {
        const made = await registered(() => {
            new aws.ssm.Parameter("token", { type: "SecureString", value: pulumi.secret("s3cret") });
        });
        const { inputs, secrets } = made.named("token");
        assert.equal(inputs["value"], "s3cret");
        assert.deepEqual(secrets, ["value"]);
    });

    it("gives the program its stack and configuration", async () => {
        const made = await registered(
            () => { new aws.s3.Bucket(pulumi.getStack(), { bucket: new pulumi.Config("gapless").require("name") }); },
            { stack: "prod", config: { "gapless:name": "releases" } },
        );
        assert.equal(made.named("prod").inputs["bucket"], "releases");
    });

    it("tells the program which configuration is secret", async () => {
        // Internal to Pulumi and without a type; Pulumi itself goes by it when a program reads a secret in clear.
        const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };
        const secretIn = async (secretKeys: readonly string[]) => {
            let secret: boolean | undefined;
            await registered(() => { secret = isConfigSecret("gapless:token"); }, { config: { "gapless:token": "1" }, secretKeys });
            return secret;
        };
        assert.equal(await secretIn(["gapless:token"]), true);
        assert.equal(await secretIn([]), false);
    });

    it("refuses a name that no resource or more than one has", async () => {
        const made = await registered(() => {
            new aws.s3.Bucket("twice", {});
            new aws.iam.Role("twice", { assumeRolePolicy: "{}" });
        });
        assert.throws(() => made.named("never"), { message: "No resource is named 'never'. There are: twice, twice" });
        assert.throws(() => made.named("twice"), /^Error: More than one resource is named 'twice'/);
    });
});
