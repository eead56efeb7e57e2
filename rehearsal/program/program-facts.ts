import { z } from "zod";
import { halfAtATime, type MinimumHealthyHosts, rulesOfAws } from "../../release/minimum-healthy-hosts";
import type { HealthCheck } from "../../release/rollout";
import { blueOf, type ColourFacts, readColourFacts } from "./colour-facts";
import { type ErrorAlarm, findErrorAlarm } from "./error-alarm";
import { ProgramError } from "./program-error";
import { type ProgramImage, readRecipe, type ReleaseRecipe } from "./recipe";

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

/** Everything about a program that a rehearsal needs, read from the resources it registers. */
export interface ProgramFacts {
    readonly stage: string;
    /** Blue/green alone: what the two colours are, which are alike otherwise. */
    readonly colours?: ColourFacts;
    readonly targetGroup: { readonly healthCheck: HealthCheck; readonly drainSeconds: number };
    readonly idleTimeoutSeconds: number;
    readonly minSize: number;
    readonly maxSize: number;
    /** Rolling alone: without waves, half at a time is as good as any. */
    readonly minimumHealthyHosts: MinimumHealthyHosts;
    /** Whether AWS takes one availability zone after the other. */
    readonly zoneByZone: boolean;
    readonly withTrafficControl: boolean;
    readonly rollBackOnFailure: boolean;
    /** Whether a deployment that an alarm has stopped goes back; else it only stops. */
    readonly rollBackOnAlarm: boolean;
    /** Whether clients come in by HTTPS; never so behind a load balancer that the program only joins. */
    readonly https: boolean;
    /** Whether an Auto Scaling group makes the instances, so that they come and go by themselves and CodeDeploy brings each the current release; else they are found by tags. */
    readonly autoscaled: boolean;
    /** Whether CodeDeploy stops the release on instances that Auto Scaling ends. */
    readonly terminationHook: boolean;
    /** Whether instances that are launched during a deployment get its release after it. */
    readonly updatesOutdated: boolean;
    /** Rolling alone: what stops a deployment under way; undefined = the deployment group has no such alarm. */
    readonly errorAlarm?: ErrorAlarm;
    readonly deploymentGroupName: string;
    readonly applicationName: string;
    readonly image: ProgramImage;
    /** What a release is made of; the rehearsal makes its own of its own images. */
    readonly release: ReleaseRecipe;
    /** Path of a slow request; undefined for none. With the next, the only ones that no resource carries. */
    readonly slowPath: string | undefined;
    /** Seconds that the service's slowest request may take. */
    readonly longestRequestSeconds: number;
}

/** Derives the facts of a stage's program from what it registered. */
export function readFacts(stage: string, program: RecordedProgram): ProgramFacts {
    const colours = readColourFacts(program);
    const targetGroup = read(onlyResource(program, "aws:lb/targetGroup:TargetGroup", ["deregistrationDelay", "healthCheck"]), targetGroupInputs);
    const deployment = read(
        onlyResource(program, "aws:codedeploy/deploymentGroup:DeploymentGroup", ["deploymentStyle", "deploymentConfigName"]), deploymentInputs,
    );
    checkStyle(deployment.deploymentStyle);
    const { image, release } = readRecipe(program.outputs);
    return {
        stage,
        ...(colours && { colours }),
        targetGroup,
        idleTimeoutSeconds: idleTimeoutOf(program),
        ...(colours?.sizes ?? fleetOf(program, deployment.ec2TagSets)),
        ...(colours ? withoutWaves : configurationOf(program, deployment.deploymentConfigName)),
        withTrafficControl: deployment.deploymentStyle.deploymentOption === "WITH_TRAFFIC_CONTROL",
        rollBackOnFailure: rollsBackOn("DEPLOYMENT_FAILURE", deployment),
        rollBackOnAlarm: rollsBackOn("DEPLOYMENT_STOP_ON_ALARM", deployment),
        https: program.registrations.some(({ type, inputs }) => type === "aws:lb/listener:Listener" && inputs["protocol"] === "HTTPS"),
        autoscaled: deployment.ec2TagSets === undefined,
        terminationHook: deployment.terminationHookEnabled,
        updatesOutdated: deployment.outdatedInstancesStrategy === "UPDATE",
        ...(!colours && alarmOf(program, deployment)),
        deploymentGroupName: deployment.deploymentGroupName,
        applicationName: deployment.appName,
        image,
        release,
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

const balancerInputs = z.object({ idleTimeout: z.number() });

const groupInputs = z.object({ minSize: z.number(), maxSize: z.number() });

const instanceInputs = z.object({ tags: z.record(z.string(), z.string()).default({}) });

const tagSets = z.array(z.object({ ec2TagFilters: z.array(z.object({ type: z.literal("KEY_AND_VALUE"), key: z.string(), value: z.string() })) }));

type TagSets = z.output<typeof tagSets>;

const configurationInputs = z.object({
    minimumHealthyHosts: z.object({ type: z.enum(["HOST_COUNT", "FLEET_PERCENT"]), value: z.number() }),
    zonalConfig: z.object({}).optional(),
});

const deploymentInputs = z.object({
    appName: z.string(),
    deploymentGroupName: z.string(),
    deploymentConfigName: z.string(),
    ec2TagSets: tagSets.optional(),
    terminationHookEnabled: z.boolean().default(false),
    outdatedInstancesStrategy: z.enum(["UPDATE", "IGNORE"]).default("UPDATE"),
    // Without a style CodeDeploy replaces in place and leaves the traffic alone.
    deploymentStyle: z
        .object({ deploymentType: z.string().default("IN_PLACE"), deploymentOption: z.string().default("WITHOUT_TRAFFIC_CONTROL") })
        .prefault({}),
    alarmConfiguration: z.object({ enabled: z.boolean().default(false), alarms: z.array(z.string()).default([]) }).prefault({}),
    autoRollbackConfiguration: z.object({ enabled: z.boolean().default(false), events: z.array(z.string()).default([]) }).prefault({}),
});

const withoutWaves = { minimumHealthyHosts: halfAtATime, zoneByZone: false };

function alarmOf(program: RecordedProgram, { alarmConfiguration: { enabled, alarms } }: z.output<typeof deploymentInputs>): Pick<ProgramFacts, "errorAlarm"> {
    const errorAlarm = enabled ? findErrorAlarm(program, alarms) : undefined;
    return errorAlarm === undefined ? {} : { errorAlarm };
}

function rollsBackOn(event: string, { autoRollbackConfiguration: { enabled, events } }: z.output<typeof deploymentInputs>): boolean {
    return enabled && events.includes(event);
}

function checkStyle({ deploymentType }: { readonly deploymentType: string }): void {
    if (deploymentType !== "IN_PLACE") throw new ProgramError(`A deployment of type ${deploymentType} cannot be rehearsed; IN_PLACE can.`);
}

/** Of the program's own load balancer; another's is as the settings describe it. */
function idleTimeoutOf(program: RecordedProgram): number {
    const type = "aws:lb/loadBalancer:LoadBalancer";
    if (!program.registrations.some(resource => resource.type === type)) return Number(settingOf(program, "idleTimeoutSeconds"));
    return read(onlyResource(program, type), balancerInputs).idleTimeout;
}

/** Size of the Auto Scaling group, or the number of instances that the deployment group finds by their tags. */
function fleetOf(program: RecordedProgram, sets: TagSets | undefined): { readonly minSize: number; readonly maxSize: number } {
    if (!sets) return read(onlyResource(program, "aws:autoscaling/group:Group"), groupInputs);
    const size = program.registrations
        .filter(({ type }) => type === "aws:ec2/instance:Instance")
        .map(instance => read(instance, instanceInputs).tags)
        .filter(tags => sets.every(({ ec2TagFilters }) => ec2TagFilters.some(({ key, value }) => tags[key] === value)))
        .length;
    if (size === 0) throw new ProgramError("The program registers no instance with the tags by which its deployment group looks for some.");
    return { minSize: size, maxSize: size };
}

function configurationOf({ registrations }: RecordedProgram, name: string): Pick<ProgramFacts, "minimumHealthyHosts" | "zoneByZone"> {
    const [, ofAws] = Object.entries(rulesOfAws).find(([end]) => name === `CodeDeployDefault.${end}`) ?? [];
    if (ofAws) return { minimumHealthyHosts: ofAws, zoneByZone: false };
    const own = registrations.find(({ type, outputs }) => type === "aws:codedeploy/deploymentConfig:DeploymentConfig" && outputs["deploymentConfigName"] === name);
    if (own) {
        const { minimumHealthyHosts, zonalConfig } = read(own, configurationInputs);
        return { minimumHealthyHosts, zoneByZone: zonalConfig !== undefined };
    }
    const known = Object.keys(rulesOfAws).map(end => `CodeDeployDefault.${end}`).join(", ");
    throw new ProgramError(`The deployment configuration '${name}' cannot be rehearsed; ${known} and those of the program can.`);
}

function settingOf({ config }: RecordedProgram, name: string): string {
    const found = Object.entries(config).find(([key]) => key.endsWith(`:${name}`));
    if (found) return found[1];
    throw new ProgramError(`The program has no setting ${name}, and a rehearsal needs it.`);
}

/** @param alike inputs that must be the same for both colours, where there are two */
function onlyResource({ registrations }: RecordedProgram, type: string, alike: readonly string[] = []): RecordedResource {
    const [found, ...more] = blueOf(registrations.filter(resource => resource.type === type), alike);
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
