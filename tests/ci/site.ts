import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { execa } from "execa";
import { Run } from "../../rehearsal/cleanup/run";
import { baseImage, canHave, nodeImage, registryImage, standIn } from "../../rehearsal/docker/base-images";
import { openDocker } from "../../rehearsal/docker/open-docker";
import { startRegistry } from "../../rehearsal/release/registry";
import { parameterNames, parameterPath, type StageParameter } from "../../release/stage";
import { CodeDeployDouble } from "../support/aws/code-deploy-double";
import { CodePipelineDouble } from "../support/aws/code-pipeline-double";
import { motoAccess, motoUrl, uniqueName } from "../support/aws/moto";
import { EventBridge } from "./event-bridge";

export interface CiJob {
    /** Folder of the project. */
    readonly project: string;
    readonly shell: readonly [string, ...string[]];
    readonly text: string;
    readonly env: Readonly<Record<string, string>>;
}

/** An agent of a CI system, with real Docker and a registry that it pushes to; and an account of AWS where stacks lie. */
export class CiSite implements AsyncDisposable {
    readonly #buckets = new Map<string, string>();

    private constructor(
        private readonly run: Run,
        private readonly dockerEnvironment: Readonly<Record<string, string>>,
        /** Where the registry answers. */
        readonly registry: string,
        /** A base for the sample service's Dockerfiles that this machine has. */
        readonly base: string,
        private readonly aws: Account,
    ) {}

    static async open(): Promise<CiSite> {
        const run = await Run.open();
        try {
            const signal = AbortSignal.timeout(120_000);
            const announce = () => undefined;
            const docker = await openDocker({ run: run.name, folder: run.folder, announce, signal });
            const images = { docker, folder: run.folder, announce, signal };
            await docker.run(["network", "create", run.name]);
            const image = await baseImage(registryImage, images);
            const { host, port } = await startRegistry(docker, { image, name: `${run.name}-registry`, network: run.name }, signal);
            const base = (await canHave(nodeImage.published, images)) ? nodeImage.published : await standIn(nodeImage, nodeImage.published, images);
            await addDocker(run, docker.buildNetwork);
            return new CiSite(run, docker.environment, `${host}:${port}`, base, await openAccount());
        } catch (error) {
            await run[Symbol.asyncDispose]();
            throw error;
        }
    }

    /** Makes what a release needs of a stack, with source s3. Its images lie in the registry, below the stack's name. */
    async addStack(project: string, stack: string): Promise<void> {
        const { s3, ssm, pipelines, codeDeploy } = this.aws;
        const releaseBucket = uniqueName(`${stack}-releases`);
        this.#buckets.set(stack, releaseBucket);
        await s3.send(new CreateBucketCommand({ Bucket: releaseBucket, CreateBucketConfiguration: { LocationConstraint: "eu-central-1" } }));
        await s3.send(new PutBucketVersioningCommand({ Bucket: releaseBucket, VersioningConfiguration: { Status: "Enabled" } }));
        codeDeploy.addGroup({ application: releaseBucket, group: stack, instances: ["i-1", "i-2"] });
        pipelines.addDeployPipeline({ name: releaseBucket, bucket: releaseBucket, application: releaseBucket, group: stack });
        const stage: StageParameter = {
            schemaVersion: 1, stage: stack, source: "s3", url: "http://web.test", fleet: { instanceIds: ["i-1", "i-2"] }, architecture: "x86_64",
            releaseBucket, repository: `${this.registry}/${stack}`, pipeline: releaseBucket, approval: false, codeDeployApplication: releaseBucket,
            deploymentGroup: stack, alarms: [], targetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/1",
            logGroup: "web", keepReleases: 10,
        };
        const Name = `${parameterPath(project, stack)}/${parameterNames.stage}`;
        await ssm.send(new PutParameterCommand({ Name, Value: JSON.stringify(stage), Type: "String", Overwrite: true }));
    }

    /** Lets time pass until a stack's pipeline has nothing more to do. It moves by itself only while somebody looks. */
    async settle(stack: string): Promise<void> {
        const { pipelines, codeDeploy } = this.aws;
        await pipelines.advance(this.bucketOf(stack), 2);
        for (const { args, ended } of codeDeploy.deployments) if (!ended) codeDeploy.advance(args.id);
        await pipelines.advance(this.bucketOf(stack), 5);
    }

    /** Keys of what lies below `releases/` in a stack's bucket. */
    async keysOf(stack: string): Promise<readonly string[]> {
        const { Contents = [] } = await this.aws.s3.send(new ListObjectsV2Command({ Bucket: this.bucketOf(stack), Prefix: "releases/" }));
        return Contents.flatMap(({ Key }) => Key ?? []);
    }

    async object(stack: string, Key: string): Promise<{ readonly content: Buffer; readonly version: string | undefined }> {
        const { Body, VersionId: version } = await this.aws.s3.send(new GetObjectCommand({ Bucket: this.bucketOf(stack), Key }));
        if (!Body) throw new Error(`${Key} has no content`);
        return { content: Buffer.from(await Body.transformToByteArray()), version };
    }

    /** A folder for what a test unpacks. */
    folder(name: string): string {
        return join(this.run.folder, name);
    }

    /** Runs a job's text and returns what it printed; throws when it fails. */
    async execute({ project, shell: [program, ...args], text, env }: CiJob): Promise<string> {
        const { all } = await execa(program, [...args, "-c", text], {
            cwd: project, all: true, extendEnv: false,
            env: { PATH: `${join(this.run.folder, "bin")}:${process.env["PATH"] ?? ""}`, HOME: this.run.folder, ...this.dockerEnvironment, ...this.aws.env, ...env },
        });
        return all;
    }

    private bucketOf(stack: string): string {
        return this.#buckets.get(stack) ?? stack;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        const { bridge, pipelines, codeDeploy, s3, ssm } = this.aws;
        s3.destroy();
        ssm.destroy();
        for (const service of [bridge, pipelines, codeDeploy]) await service[Symbol.asyncDispose]();
        await this.run[Symbol.asyncDispose]();
    }
}

type Account = Awaited<ReturnType<typeof openAccount>>;

async function openAccount() {
    const access = await motoAccess();
    const codeDeploy = await CodeDeployDouble.start({ eventsPerPoll: 50 });
    const pipelines = await CodePipelineDouble.start({ codeDeploy, actionsPerPoll: 5 });
    // A pipeline is called like its bucket.
    const bridge = await EventBridge.before(access.endpoint, (bucket, version) => { pipelines.sourceChanged(bucket, version); });
    return {
        codeDeploy, pipelines, bridge, s3: new S3Client(access), ssm: new SSMClient(access),
        env: {
            AWS_ENDPOINT_URL: await motoUrl(), AWS_ENDPOINT_URL_S3: bridge.url, AWS_ENDPOINT_URL_CODEDEPLOY: codeDeploy.url,
            AWS_ENDPOINT_URL_CODEPIPELINE: pipelines.url, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test",
        },
    };
}

// A private daemon has no bridge of its own, so build steps need to be told a network; images carry the run for its clean-up.
async function addDocker({ name, folder }: Run, buildNetwork: string | undefined): Promise<void> {
    const bin = join(folder, "bin");
    await mkdir(bin, { recursive: true });
    const docker = (await execa("sh", ["-c", "command -v docker"])).stdout;
    const more = [...(buildNetwork ? ["--network", buildNetwork] : []), "--label", `gapless.run=${name}`].join(" ");
    await writeFile(join(bin, "docker"), [
        "#!/bin/bash", '[ "$1" != buildx ] || exit 1', `if [ "$1" = build ]; then set -- build ${more} "\${@:2}"; fi`, `exec ${docker} "$@"`, "",
    ].join("\n"));
    await chmod(join(bin, "docker"), 0o755);
}
