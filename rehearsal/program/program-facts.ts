import { z } from "zod";
import type { ReleaseInputs } from "../../release/bundle";
import { halfAtATime, type MinimumHealthyHosts } from "../../release/minimum-healthy-hosts";
import type { HealthCheck } from "../../release/rollout";
import { ProgramError } from "./program-error";
import { type RecordedRelease, readRelease } from "./recorded-release";

/** What a program registered with the engine, as far as the rehearsal looks at it. */
export interface RecordedProgram {
    readonly config: Readonly<Record<string, string>>;
    readonly registrations: readonly RecordedResource[];
    readonly outputs: Readonly<Record<string, unknown>>;
}

export interface RecordedResource {
    readonly type: string;
    readonly name: string;
    readonly inputs: Readonly<Record<string, unknown>>;
    readonly outputs: Readonly<Record<string, unknown>>;
}

/** The image of a program: how it is built, or which one it is. */
export type ProgramImage =
    | { readonly context: string; readonly dockerfile: string; readonly args: Readonly<Record<string, string>>; readonly platform: string }
    | { readonly prebuilt: string };

/** Everything about a program that a rehearsal needs, read from the resources it registers. */
export interface ProgramFacts {
    readonly stage: string;
    readonly strategy: "rolling";
    readonly targetGroup: { readonly healthCheck: HealthCheck; readonly drainSeconds: number };
    readonly idleTimeoutSeconds: number;
    readonly minSize: number;
    readonly maxSize: number;
    readonly minimumHealthyHosts: MinimumHealthyHosts;
    readonly withTrafficControl: boolean;
    readonly rollBackOnFailure: boolean;
    readonly deploymentGroupName: string;
    readonly applicationName: string;
    readonly image: ProgramImage;
    readonly releaseVersion: string;
    /** What the release was made of; the rehearsal makes its own of other images. */
    readonly release: ReleaseInputs;
    /** Path of a slow request; undefined for none. With the next, the only ones that no resource carries. */
    readonly slowPath: string | undefined;
    /** Seconds that the service's slowest request may take. */
    readonly longestRequestSeconds: number;
}

/** Derives the facts of a stage's program from what it registered. */
export function readFacts(stage: string, program: RecordedProgram): ProgramFacts {
    const only = (type: string) => onlyResource(program, type);
    const targetGroup = read(only("aws:lb/targetGroup:TargetGroup"), targetGroupInputs);
    const balancer = read(only("aws:lb/loadBalancer:LoadBalancer"), balancerInputs);
    const hosts = read(only("aws:autoscaling/group:Group"), groupInputs);
    const deployment = read(only("aws:codedeploy/deploymentGroup:DeploymentGroup"), deploymentInputs);
    const { version, inputs } = readRecordedRelease(program);
    return {
        stage,
        strategy: strategyOf(deployment.deploymentStyle),
        targetGroup,
        ...balancer,
        ...hosts,
        minimumHealthyHosts: minimumOf(deployment.deploymentConfigName),
        withTrafficControl: deployment.deploymentStyle.deploymentOption === "WITH_TRAFFIC_CONTROL",
        rollBackOnFailure: deployment.autoRollbackConfiguration.enabled
            && deployment.autoRollbackConfiguration.events.includes("DEPLOYMENT_FAILURE"),
        deploymentGroupName: deployment.deploymentGroupName,
        applicationName: deployment.appName,
        image: readImage(program, inputs.image),
        releaseVersion: version,
        release: inputs,
        slowPath: settingOf(program, "slowPath") || undefined,
        longestRequestSeconds: Number(settingOf(program, "longestRequestSeconds")),
    };
}

const targetGroupInputs = z
    .object({
        deregistrationDelay: z.number(),
        healthCheck: z.object({
            path: z.string(), matcher: z.string(), interval: z.number(), timeout: z.number(),
            healthyThreshold: z.number(), unhealthyThreshold: z.number(),
        }),
    })
    .transform(({ deregistrationDelay: drainSeconds, healthCheck: { interval, timeout, ...check } }) => ({
        drainSeconds, healthCheck: { ...check, intervalSeconds: interval, timeoutSeconds: timeout },
    }));

const balancerInputs = z.object({ idleTimeout: z.number() }).transform(({ idleTimeout: idleTimeoutSeconds }) => ({ idleTimeoutSeconds }));

const groupInputs = z.object({ minSize: z.number(), maxSize: z.number() });

const deploymentInputs = z.object({
    appName: z.string(),
    deploymentGroupName: z.string(),
    deploymentConfigName: z.string(),
    // Without a style CodeDeploy replaces in place and leaves the traffic alone.
    deploymentStyle: z
        .object({ deploymentType: z.string().default("IN_PLACE"), deploymentOption: z.string().default("WITHOUT_TRAFFIC_CONTROL") })
        .prefault({}),
    autoRollbackConfiguration: z.object({ enabled: z.boolean().default(false), events: z.array(z.string()).default([]) }).prefault({}),
});

const imageInputs = z.object({
    build: z.object({
        context: z.string(), dockerfile: z.string(), platform: z.string(), args: z.record(z.string(), z.string()).default({}),
    }),
});

const releaseInputs = z.object({ contentBase64: z.string() });

function strategyOf({ deploymentType }: { readonly deploymentType: string }): "rolling" {
    if (deploymentType === "IN_PLACE") return "rolling";
    throw new ProgramError(`A deployment of type ${deploymentType} cannot be rehearsed; IN_PLACE can.`);
}

function minimumOf(configuration: string): MinimumHealthyHosts {
    if (configuration === "CodeDeployDefault.HalfAtATime") return halfAtATime;
    throw new ProgramError(`The deployment configuration '${configuration}' cannot be rehearsed; CodeDeployDefault.HalfAtATime can.`);
}

function readImage(program: RecordedProgram, prebuilt: string): ProgramImage {
    const images = program.registrations.filter(({ type }) => type === "docker:index/image:Image");
    return images.length === 0 ? { prebuilt } : read(onlyResource(program, "docker:index/image:Image"), imageInputs).build;
}

function readRecordedRelease({ registrations }: RecordedProgram): RecordedRelease {
    const object = registrations.find(({ inputs }) => /^releases\/[0-9a-f]{12}\.zip$/.test(String(inputs["key"])));
    if (!object) throw new ProgramError("The program registers no release: no S3 object 'releases/<version>.zip'.");
    const { contentBase64 } = read(object, releaseInputs);
    try {
        return readRelease(contentBase64);
    } catch (cause) {
        throw new ProgramError(`The S3 object '${object.name}' is no release: ${(cause as Error).message}`, 1, { cause });
    }
}

function settingOf({ config }: RecordedProgram, name: string): string {
    const found = Object.entries(config).find(([key]) => key.endsWith(`:${name}`));
    if (found) return found[1];
    throw new ProgramError(`The program has no setting ${name}, and a rehearsal needs it.`);
}

function onlyResource({ registrations }: RecordedProgram, type: string): RecordedResource {
    const [found, ...more] = registrations.filter(resource => resource.type === type);
    if (found && more.length === 0) return found;
    const names = [found, ...more].flatMap(resource => resource?.name ?? []);
    throw new ProgramError(found
        ? `The program registers more than one ${type} (${names.join(", ")}); one can be rehearsed.`
        : `The program registers no ${type}, and a rehearsal needs it.`);
}

function read<Schema extends z.ZodType>({ type, name, inputs }: RecordedResource, schema: Schema): z.output<Schema> {
    const result = schema.safeParse(inputs);
    if (result.success) return result.data;
    throw new ProgramError(`${type} '${name}' cannot be rehearsed:\n${z.prettifyError(result.error)}`, 1, { cause: result.error });
}
