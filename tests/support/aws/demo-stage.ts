import { randomInt } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BlueGreen, parameterNames, parameterPath, type Sizes, type Stage, type StageParameter, withColours } from "../../../release/stage";
import { releaseKey, triggerKey } from "../../../release/store-keys";
import { AutoScalingDouble, type RefreshStep } from "./auto-scaling-double";
import { CodeDeployDouble, type CodeDeployDoubleArgs, type OtherDeployment } from "./code-deploy-double";
import { type Build, CodePipelineDouble } from "./code-pipeline-double";
import { addColours, type ColourSettings, Entrance, inService, leaveTargets } from "./demo-colours";
import { FrontDoor } from "./front-door";
import { type DoubleAccess, region } from "./double-access";
import { motoUrl } from "./moto";
import { makeAccount, type StageAccount } from "./stage-account";

export interface DemoStageArgs {
    /** @default gapless */
    readonly project?: string;
    /** @default dev */
    readonly stack?: string;
    /** @default s3 */
    readonly source?: StageParameter["source"];
    /** Whether the pipeline waits for a person. @default false */
    readonly approval?: boolean;
    /** Instances of the fleet. @default 2 */
    readonly instances?: number;
    /** Version of the release that serves when the test begins; CodeDeploy alone knows it. @default none */
    readonly serves?: string;
    readonly codeDeploy?: CodeDeployDoubleArgs;
    /** What an instance refresh goes through once `refreshes.begin()` has begun it. @default none goes on */
    readonly refreshes?: readonly RefreshStep[];
    /** What the pipeline's Record stage does. @default nothing */
    readonly record?: Build;
    /** What the pipeline's Roll stage does, with two colours. @default nothing */
    readonly roll?: Build;
    /** Gives it two colours, of which blue serves. @default one fleet that is rolled */
    readonly blueGreen?: ColourSettings;
}

/**
 * A stack as its program leaves it on AWS: bucket, repository, fleet behind a load balancer, alarms, log group and the
 * parameter that names them, in moto; deployment group and pipeline in the doubles. What is written to the trigger key
 * starts the pipeline. It lies in an account of its own, so a test may count what is there.
 */
export class DemoStage implements AsyncDisposable {
    private constructor(
        readonly stage: Stage,
        readonly accountId: string,
        /** Folder of a Pulumi program, as far as finding the stage needs it. */
        readonly folder: string,
        readonly instanceIds: readonly string[],
        readonly door: FrontDoor,
        readonly codeDeploy: CodeDeployDouble,
        readonly codePipeline: CodePipelineDouble,
        readonly refreshes: AutoScalingDouble,
        /** Where clients, and probes, come in; undefined for a stage that is rolled. */
        readonly entrance: Entrance | undefined,
    ) {}

    static async open(args: DemoStageArgs = {}): Promise<DemoStage> {
        const { project, stack, source, approval, instances, refreshes: steps } = { ...defaults, ...args };
        const codeDeploy = await CodeDeployDouble.start(args.codeDeploy);
        const codePipeline = await CodePipelineDouble.start({ codeDeploy, now: codeDeploy.now });
        const refreshes = await AutoScalingDouble.start({ upstream: await motoUrl(), steps, onResized: group => leaveTargets(door.access, group) });
        const accountId = String(randomInt(100_000_000_000, 999_999_999_999));
        const pipeline = `${project}-${stack}-deploy`;
        const door = await FrontDoor.open({
            moto: await motoUrl(), codeDeploy, codePipeline, autoScaling: refreshes, accountId,
            onPut: ({ key, version }) => {
                if (key === triggerKey) codePipeline.sourceChanged(pipeline, version);
            },
        });
        const made = await makeAccount(door.access, { name: `${project}-${stack}`, accountId, instances });
        const { stage, entrance } = await place(door.access, made, codeDeploy, {
            project, stack, region, schemaVersion: 1, stage: stack, source, approval, pipeline, ...made.parameter,
            codeDeployApplication: `${project}-${stack}`, deploymentGroup: stack,
        }, args.blueGreen);
        if (args.serves !== undefined) codeDeploy.advance(codeDeploy.create(deploymentOf(args.serves, stage)));
        codePipeline.addDeployPipeline({
            name: pipeline, bucket: stage.releaseBucket, application: stage.codeDeployApplication, group: stack, approval,
            ...(args.record && { record: args.record }), ...(args.blueGreen && { roll: args.roll ?? (() => undefined) }),
        });
        const folder = await writeProgram(project, stack);
        return new DemoStage(stage, accountId, folder, made.instanceIds, door, codeDeploy, codePipeline, refreshes, entrance);
    }

    /** For `new XClient(…)` of any service. */
    get access(): DoubleAccess {
        return this.door.access;
    }

    /** What a child process needs to find this AWS and no other. */
    get env(): Readonly<Record<string, string>> {
        return {
            AWS_ENDPOINT_URL: this.door.url,
            AWS_ACCESS_KEY_ID: "test",
            AWS_SECRET_ACCESS_KEY: "test",
            // Nothing of the machine's own.
            AWS_CONFIG_FILE: "/dev/null",
            AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
            AWS_EC2_METADATA_DISABLED: "true",
            AWS_REGION: region,
        };
    }

    /** Does something in this process as if it had been started with {@link env}: the SDK reads the process's own variables. */
    async here<Result>(work: () => Promise<Result>): Promise<Result> {
        const before = Object.keys(this.env).map(name => [name, process.env[name]] as const);
        Object.assign(process.env, this.env);
        try {
            return await work();
        } finally {
            for (const [name, value] of before) {
                if (value === undefined) Reflect.deleteProperty(process.env, name);
                else process.env[name] = value;
            }
        }
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.entrance?.[Symbol.asyncDispose]();
        await this.door[Symbol.asyncDispose]();
        await this.refreshes[Symbol.asyncDispose]();
        await this.codePipeline[Symbol.asyncDispose]();
        await this.codeDeploy[Symbol.asyncDispose]();
        await rm(this.folder, { recursive: true });
    }
}

const defaults = { project: "gapless", stack: "dev", source: "s3", approval: false, instances: 2, refreshes: [] } satisfies DemoStageArgs;

type RollingStage = Omit<Stage, "blueGreen">;

/** Writes down what the program does of a stage, and gives CodeDeploy what it deploys to. */
async function place(
    access: DoubleAccess, made: StageAccount, codeDeploy: CodeDeployDouble, rolling: RollingStage, settings: ColourSettings | undefined,
): Promise<{ readonly stage: Stage; readonly entrance?: Entrance }> {
    if (settings) return placeColours(access, made, codeDeploy, rolling, settings);
    const { codeDeployApplication: application, deploymentGroup: group, alarms } = rolling;
    await write(made, rolling, parameterNames.stage, JSON.stringify(parameterOf(rolling)));
    codeDeploy.addGroup({ application, group, instances: made.instanceIds, autoScalingGroup: made.autoScalingGroup, targetGroup: made.targetGroup, alarms });
    return { stage: rolling };
}

/** The second colour too, its deployment group, and where clients come in. */
async function placeColours(access: DoubleAccess, made: StageAccount, codeDeploy: CodeDeployDouble, rolling: RollingStage, settings: ColourSettings) {
    const { codeDeployApplication: application, deploymentGroup, alarms, targetGroupArn } = rolling;
    const entrance = await Entrance.open();
    const colours = await addColours(access, made.autoScalingGroup, { targetGroupArn, alarms }, settings);
    const blueGreen: BlueGreen = {
        ...colours, blue: { ...colours.blue, deploymentGroup }, green: { ...colours.green, deploymentGroup: `${deploymentGroup}-green` },
    };
    const stage = { ...rolling, url: entrance.url };
    const sizes: Sizes = { minSize: made.instanceIds.length, maxSize: 2 * made.instanceIds.length };
    await write(made, stage, parameterNames.stage, JSON.stringify({ ...parameterOf(stage), blueGreen }));
    await write(made, stage, parameterNames.activeColour, "blue");
    await write(made, stage, parameterNames.sizes, JSON.stringify(sizes));
    for (const { autoScalingGroup, deploymentGroup: group } of [blueGreen.blue, blueGreen.green]) {
        codeDeploy.addGroup({
            application, group, instances: autoScalingGroup === made.autoScalingGroup ? made.instanceIds : [], autoScalingGroup, targetGroup: autoScalingGroup,
            config: "AllAtOnce", trafficControl: false, autoRollback: false, inService: name => inService(access, name),
        });
    }
    return { entrance, stage: withColours(stage, blueGreen, "blue", sizes) };
}

/** Without what its place says already. */
function parameterOf({ project: _project, stack: _stack, region: _region, ...parameter }: RollingStage): StageParameter {
    return parameter;
}

function write(made: StageAccount, { project, stack }: RollingStage, name: string, value: string): Promise<void> {
    return made.putParameter(`${parameterPath(project, stack)}/${name}`, value);
}

function deploymentOf(version: string, { codeDeployApplication: application, deploymentGroup: group, releaseBucket: bucket }: RollingStage): OtherDeployment {
    return { application, group, revision: { revisionType: "S3", s3Location: { bucket, key: releaseKey(version), bundleType: "zip", version: "v0", eTag: "e0" } } };
}

async function writeProgram(project: string, stack: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "demo-stage-"));
    await writeFile(join(folder, "Pulumi.yaml"), `name: ${project}\nruntime: nodejs\n`);
    await writeFile(join(folder, `Pulumi.${stack}.yaml`), `config:\n  aws:region: ${region}\n`);
    return folder;
}
