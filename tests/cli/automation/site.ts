import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Tools } from "../../../cli/automation/tools";
import { testContext, type TestContext } from "../../support/aws/command-context";
import { HandTimer } from "../../support/hand-timer";
import { PulumiCommandDouble } from "../../support/pulumi-command-double";

/** Stage parameter of the stack dev. */
const stage = {
    schemaVersion: 1, stage: "dev", source: "s3", url: "http://a", fleet: { autoScalingGroup: "web-group" }, architecture: "x86_64",
    releaseBucket: "releases-1", repository: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/web", pipeline: "web", approval: false,
    codeDeployApplication: "web", deploymentGroup: "dev", alarms: [], targetGroupArn: "arn:tg", logGroup: "/web", keepReleases: 30,
};

/** As much of AWS as commands on Pulumi ask for, on loopback: a stage's parameter, its lock, deployments, and tags. */
class Cloud {
    stageIsThere = false;
    stageText = JSON.stringify(stage);
    deployments: string[] = [];
    tagged: Readonly<Record<string, readonly string[]>> = {};
    taggingFails = false;
    stageIsSecret = false;
    bucketIsGone = false;
    /** By path: bucket and key. */
    readonly objects = new Map<string, string>();
    readonly #etags = new Map<string, string>();
    #writes = 0;
    readonly server = createServer((request, response) => void this.#serve(request, response));

    async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const body = await text(request);
        const operation = String(request.headers["x-amz-target"] ?? "").split(".").at(-1);
        if (operation) {
            const { code = 200, ...answer } = this.#answer(operation, body, request) as { code?: number };
            response.writeHead(code, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(answer));
        } else this.#object(request, response, body);
    }

    #answer(operation: string, body: string, request: IncomingMessage): object {
        const running = {
            deploymentId: "d-1", status: "InProgress", createTime: 1_767_225_600, description: "release 0123456789ab",
            applicationName: "web", deploymentGroupName: "dev",
        };
        const answers: Readonly<Record<string, () => object>> = {
            GetParametersByPath: () => this.stageIsSecret ? { code: 400, __type: "AccessDeniedException", message: "not allowed" } : ({ Parameters: this.stageIsThere ? [{ Name: "/gapless/gapless/dev/stage", Value: this.stageText }] : [] }),
            ListDeployments: () => ({ deployments: this.deployments }),
            BatchGetDeployments: () => ({ deploymentsInfo: this.deployments.map(() => running) }),
            GetDeployment: () => ({ deploymentInfo: running }),
            GetResources: () => this.#resources(body, request),
        };
        return answers[operation]?.() ?? { code: 400, __type: "UnknownOperationException", message: operation };
    }

    #resources(body: string, { headers }: IncomingMessage): object {
        if (this.taggingFails) return { code: 400, __type: "AccessDeniedException", message: "not allowed" };
        const { TagFilters } = JSON.parse(body) as { TagFilters: readonly object[] };
        assert.deepEqual(TagFilters, [{ Key: "project", Values: ["gapless"] }, { Key: "stack", Values: ["dev"] }]);
        const region = /\/(\w+-\w+-\d)\//.exec(headers.authorization ?? "")?.[1] ?? "";
        return { ResourceTagMappingList: (this.tagged[region] ?? []).map(ResourceARN => ({ ResourceARN })) };
    }

    /** Puts an object there as somebody else would. */
    put(path: string, body: string): void {
        this.#writes += 1;
        this.objects.set(path, body);
        this.#etags.set(path, `"${this.#writes}"`);
    }

    #object(request: IncomingMessage, response: ServerResponse, body: string): void {
        const { pathname, searchParams: query } = new URL(request.url ?? "", "http://a");
        const path = decodeURIComponent(pathname);
        const refused = this.#refusal(request, path);
        if (refused) response.writeHead(refused[0], { "content-type": "application/xml" }).end(`<Error><Code>${refused[1]}</Code><Message>none</Message></Error>`);
        else if (query.has("list-type")) response.setHeader("content-type", "application/xml").end(this.#list(path, query.get("prefix") ?? ""));
        else if (request.method === "DELETE") {
            this.objects.delete(path);
            response.writeHead(204).end();
        } else {
            if (request.method === "PUT") this.put(path, body);
            response.setHeader("etag", this.#etags.get(path) ?? "").end(request.method === "PUT" ? "" : this.objects.get(path));
        }
    }

    #refusal({ method, headers, url = "" }: IncomingMessage, path: string): readonly [number, string] | undefined {
        if (this.bucketIsGone) return [404, "NoSuchBucket"];
        const isRead = method === "GET" && !url.includes("list-type");
        return isRead && !this.objects.has(path) ? [404, "NoSuchKey"] : this.#unmet(headers, path);
    }

    #unmet({ "if-match": match, "if-none-match": noneMatch }: IncomingMessage["headers"], path: string): readonly [number, string] | undefined {
        const there = this.objects.has(path);
        if (match !== undefined && !there) return [404, "NoSuchKey"];
        const met = (match === undefined || match === this.#etags.get(path)) && !(noneMatch === "*" && there);
        return met ? undefined : [412, "PreconditionFailed"];
    }

    #list(bucket: string, prefix: string): string {
        const keys = [...this.objects.keys()].map(key => key.slice(bucket.replace(/\/$/, "").length + 1)).filter(key => key.startsWith(prefix));
        return `<ListBucketResult><IsTruncated>false</IsTruncated>${keys.map(key => `<Contents><Key>${key}</Key></Contents>`).join("")}</ListBucketResult>`;
    }
}

export interface Site extends AsyncDisposable {
    readonly folder: string;
    readonly pulumi: PulumiCommandDouble;
    readonly context: TestContext;
    readonly cloud: Cloud;
    readonly timer: HandTimer;
    /** Nobody at the terminal. */
    readonly tools: Tools;
    /** Somebody at the terminal who answers that. */
    answering(answer: string): Tools & { readonly questions: readonly string[] };
}

export interface SiteAbout {
    readonly live?: boolean;
    /** Lines of Pulumi.dev.yaml below `config:`. */
    readonly config?: string;
    /** Lines beside `config:`. */
    readonly file?: string;
    readonly env?: Readonly<Record<string, string>>;
}

/** A program's folder with the stack dev, Pulumi's double, and AWS on loopback. */
export async function openSite({ live = false, config = "", file = "", env = { PULUMI_CONFIG_PASSPHRASE: "" } }: SiteAbout = {}): Promise<Site> {
    const folder = mkdtempSync(join(tmpdir(), "automation-"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: gapless\nruntime: nodejs\n");
    writeFileSync(join(folder, "Pulumi.dev.yaml"), `${file}config:\n  aws:region: eu-central-1\n${config}`);
    const cloud = new Cloud();
    await new Promise<void>(resolve => cloud.server.listen(0, "127.0.0.1", resolve));
    const aws = {
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(cloud.server.address() as AddressInfo).port}`,
        AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: "eu-central-1",
    };
    const before = Object.keys(aws).map(name => [name, process.env[name]] as const);
    Object.assign(process.env, aws);
    const timer = new HandTimer();
    const pulumi = new PulumiCommandDouble();
    const tools: Tools = {
        timer,
        pulumi: ({ signal }) => {
            pulumi.signal = signal;
            return Promise.resolve(pulumi);
        },
    };
    return {
        folder, pulumi, cloud, timer, tools, context: testContext({ folder, env, live }),
        answering: answer => {
            const questions: string[] = [];
            return { ...tools, questions, ask: question => { questions.push(question); return Promise.resolve(answer); } };
        },
        [Symbol.asyncDispose]: async () => {
            for (const [name, value] of before) {
                if (value === undefined) Reflect.deleteProperty(process.env, name);
                else process.env[name] = value;
            }
            rmSync(folder, { recursive: true });
            cloud.server.closeAllConnections();
            await new Promise(resolve => cloud.server.close(resolve));
            pulumi[Symbol.dispose]();
        },
    };
}
