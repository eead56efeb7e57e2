import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { neededEndpoints, reached, reachedWith, type ReachSettings, serviceName, unreachable } from "../../stacks/reach";

const scripts = join(import.meta.dirname, "../../app-scripts");
const hooks = readdirSync(join(scripts, "scripts")).map(name => join(scripts, "scripts", name));
const text = [join(scripts, "instance-boot.sh"), ...hooks].map(file => readFileSync(file, "utf8").replace(/^\s*#.*$/gm, "").replace(/\\\n/g, " ")).join("\n");

const throughEndpoints: ReachSettings = { region: "eu-central-1", natGateways: "none", interfaceEndpoints: true, registry: "ecr" };
const digest = `sha256:${"a".repeat(64)}`;
const inEcr = (region: string) => `111122223333.dkr.ecr.${region}.amazonaws.com/shop@${digest}`;

/** Every match of the first group, each once. */
function found(pattern: RegExp): readonly string[] {
    return [...new Set([...text.matchAll(pattern)].map(([, group = ""]) => group))];
}

describe("what hosts reach", () => {
    const askers = new Set(reached.map(({ by }) => by));

    it("has every call of the AWS CLI that the boot script and the hooks make", () => {
        const services = found(/(?:\baws|:-aws\}") ([a-z0-9]+) [a-z]/g);
        assert.ok(services.includes("s3api") && services.includes("autoscaling"), `found only ${services.join(", ")}`);
        for (const service of services) assert.ok(askers.has(`aws ${service}`), `aws ${service} is not in the table`);
    });

    it("has every address that they ask", () => {
        const addresses = found(/\bcurl\b.*?(https:\/\/[^\s"'`]+)/g);
        assert.ok(addresses.length > 0, "no address found");
        for (const address of addresses) {
            assert.ok([...askers].some(by => by.startsWith("curl https://") && address.startsWith(by.slice("curl ".length))), `${address} is not in the table`);
        }
    });

    it("has every program of theirs that reaches out by itself", () => {
        for (const program of ["dnf", "docker pull", "awslogs", "amazon-cloudwatch-agent"]) {
            if (text.includes(program)) assert.ok(askers.has(program), `${program} is not in the table`);
        }
        assert.deepEqual(found(/\b(yum|wget|pip3? install|npm|git clone|docker login|docker push|gem install)\b/g), [], "not in the table");
    });

    it("has nothing that they do not call", () => {
        const commands = [...askers].filter(by => /^(aws |curl |dnf|docker )/.test(by));
        for (const by of commands) {
            const called = by.replace(/^curl /, "").replace(/^aws /, "");
            assert.ok(text.includes(called), `nobody calls ${by}`);
        }
    });

    it("leads through as many endpoints as it has to and no more", () => {
        const sorted = [
            "autoscaling", "codedeploy", "codedeploy-commands-secure", "ecr.api", "ecr.dkr", "logs", "monitoring", "ssm", "ssmmessages",
        ];
        assert.deepEqual(neededEndpoints(throughEndpoints), sorted);
        assert.deepEqual(
            neededEndpoints({ ...throughEndpoints, registry: "dockerHub" }),
            [...sorted.filter(endpoint => !endpoint.startsWith("ecr.")), "secretsmanager"].sort(),
        );
    });

    it("takes packages, agent, releases and image layers from S3", () => {
        const fromS3 = reachedWith(throughEndpoints).filter(({ way }) => way === "s3").map(({ what }) => what);
        assert.deepEqual(fromS3, [
            "packages of Amazon Linux", "the compose plugin", "the CodeDeploy agent's package", "releases",
            "the release to pull the image of ahead", "image layers in ECR",
        ]);
    });

    it("is called as AWS calls it in the region", () => {
        assert.equal(serviceName("ap-southeast-2", "ecr.api"), "com.amazonaws.ap-southeast-2.ecr.api");
    });
});

describe("what endpoints do not lead to", () => {
    const keysOf = (settings: Partial<ReachSettings>) =>
        unreachable({ ...throughEndpoints, ...settings }).map(({ severity, key }) => `${severity} ${key}`);

    it("is nothing with an image of the stack's own registry, or of another in the region", () => {
        assert.deepEqual(keysOf({}), []);
        assert.deepEqual(keysOf({ imageDigest: inEcr("eu-central-1") }), []);
    });

    it("is Docker Hub", () => {
        assert.deepEqual(unreachable({ ...throughEndpoints, registry: "dockerHub" }), [{
            severity: "error",
            key: "registry",
            rule: "must not be dockerHub where hosts reach AWS alone (interfaceEndpoints without natGateways): no endpoint leads to images in Docker Hub",
            received: "dockerHub",
            fix: "set registry to ecr, or set natGateways to single or onePerAz",
        }]);
    });

    for (const imageDigest of [inEcr("eu-west-1"), `public.ecr.aws/shop/web@${digest}`, `shop/web@${digest}`]) {
        it(`is the image ${imageDigest.replace(/@.*/, "")}`, () => {
            assert.deepEqual(unreachable({ ...throughEndpoints, imageDigest }), [{
                severity: "error",
                key: "imageDigest",
                rule: "must lie in Amazon ECR of eu-central-1 where hosts reach AWS alone (interfaceEndpoints without natGateways): no endpoint leads elsewhere",
                received: imageDigest,
                fix: "copy the image to a private ECR repository in eu-central-1, or set natGateways to single or onePerAz",
            }]);
        });
    }

    it("is worded for an existing network, whose ways out are its owner's", () => {
        const texts = unreachable({ ...throughEndpoints, vpcId: "vpc-1", registry: "dockerHub", imageDigest: inEcr("eu-west-1") }).map(({ rule, fix }) => [rule, fix]);
        assert.deepEqual(texts, [
            ["should not be dockerHub where hosts reach AWS alone (interfaceEndpoints): no endpoint leads to images in Docker Hub",
                "set registry to ecr, unless hosts have a further way out of that network"],
            ["should lie in Amazon ECR of eu-central-1 where hosts reach AWS alone (interfaceEndpoints): no endpoint leads elsewhere",
                "copy the image to a private ECR repository in eu-central-1, unless hosts have a further way out of that network"],
        ]);
    });

    it("is told all at once", () => {
        assert.deepEqual(keysOf({ registry: "dockerHub", imageDigest: inEcr("eu-west-1") }), ["error registry", "error imageDigest"]);
    });

    it("matters only where there is no other way out", () => {
        const wanting = { registry: "dockerHub", imageDigest: inEcr("eu-west-1") } as const;
        assert.deepEqual(keysOf({ ...wanting, interfaceEndpoints: false }), []);
        assert.deepEqual(keysOf({ ...wanting, natGateways: "single" }), []);
    });

    it("is but a warning in an existing network, which may have a way out that nobody told us of", () => {
        assert.deepEqual(keysOf({ registry: "dockerHub", vpcId: "vpc-1" }), ["warning registry"]);
        assert.deepEqual(keysOf({ registry: "dockerHub", vpcId: "vpc-1", natGateways: "single" }), ["warning registry"]);
    });
});
