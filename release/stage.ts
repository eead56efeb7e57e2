import { z } from "zod";
import { type Colour, colour } from "./blue-green/colour";

/** Where a stack's program writes down what a release needs to know, `/gapless/<project>/<stack>/…` in SSM's Parameter Store. */
export function parameterPath(project: string, stack: string): string {
    return `/gapless/${project}/${stack}`;
}

/**
 * Last part of the names of its parameters. `build` comes later than `stage`: only then there is what it names. Blue/green alone: `activeColour`, the
 * colour that serves, which the program makes and deployments change; and `sizes`, which the program keeps and deployments apply.
 */
export const parameterNames = { stage: "stage", build: "build", activeColour: "activeColour", sizes: "sizes" } as const;

/** What belongs to one colour. */
const colourResources = z.object({
    autoScalingGroup: z.string(),
    deploymentGroup: z.string(),
    targetGroupArn: z.string(),
    /** Listener rule that leads requests with the colour's header to it. */
    headerRuleArn: z.string(),
    /** Alarms that speak against a release that serves there. */
    alarms: z.array(z.string()),
});
export type ColourResources = Readonly<z.output<typeof colourResources>>;

const blueGreen = z.object({
    blue: colourResources,
    green: colourResources,
    /** What holds the weights: a listener's default action, or a rule of somebody else's listener. */
    weights: z.union([z.object({ listenerArn: z.string() }), z.object({ ruleArn: z.string() })]),
    /** What `roll.ts` says of them, unless a command says otherwise. */
    shiftPercents: z.array(z.number().int()),
    bakeSeconds: z.number().int(),
    warmSeconds: z.number().int(),
    /** Real route by which a colour is tried before it gets requests. */
    probePath: z.string(),
    /** Where the service's name leads to, which a probe asks directly: perhaps the name leads nowhere yet. */
    dnsTarget: z.string(),
});
export type BlueGreen = Readonly<z.output<typeof blueGreen>>;

/** What the program writes under `stage`, as JSON: the stack as deployments and whoever watches them see it. */
export const stageParameter = z.object({
    schemaVersion: z.literal(1),
    /** dev, stg or prod; the stack's name may be another. */
    stage: z.string(),
    source: z.enum(["pulumi", "github", "s3"]),
    url: z.string(),
    /** Fleet that scales, by name; or the ids of tagged instances. */
    fleet: z.union([z.object({ autoScalingGroup: z.string() }), z.object({ instanceIds: z.array(z.string()) })]),
    /** `x86_64` or `arm64`, of the hosts. */
    architecture: z.enum(["x86_64", "arm64"]),
    releaseBucket: z.string(),
    /** URL of the image repository, `<registry>/<name>`. */
    repository: z.string(),
    /** Pipeline that deploys what is published. */
    pipeline: z.string(),
    /** Whether a person has to agree in that pipeline. */
    approval: z.boolean(),
    codeDeployApplication: z.string(),
    deploymentGroup: z.string(),
    /** Alarms that stop a deployment, and that keep one from starting. */
    alarms: z.array(z.string()),
    targetGroupArn: z.string(),
    /** Log group of the containers. */
    logGroup: z.string(),
    /** How many releases one can go back. */
    keepReleases: z.number().int(),
    /** CloudFront distribution before the load balancer. */
    distribution: z.string().optional(),
    /** Strategy blueGreen alone. What stands above for fleet, deployment group, target group and alarms is then blue's. */
    blueGreen: blueGreen.optional(),
});
export type StageParameter = z.output<typeof stageParameter>;

/** What the program writes under `build`, source github alone. */
export const buildParameter = z.object({
    pipeline: z.string(),
    connectionArn: z.string(),
    /** `owner/name` and branch whose pushes are built. */
    repository: z.string(),
    branch: z.string(),
});
export type BuildParameter = z.output<typeof buildParameter>;

/** What the program writes under `sizes`: the instances of the colour that serves. */
export const sizesParameter = z.object({ minSize: z.number().int(), maxSize: z.number().int() });
export type Sizes = Readonly<z.output<typeof sizesParameter>>;

/** What stands under `activeColour`. */
export const activeColourParameter = colour;

/** A stage as the command line knows it. With blue/green its fleet, deployment group, target group and alarms are those of the colour that serves. */
export interface Stage extends Omit<StageParameter, "blueGreen"> {
    readonly project: string;
    readonly stack: string;
    readonly region: string;
    readonly build?: BuildParameter | undefined;
    readonly blueGreen?: BlueGreen & { readonly active: Colour; readonly sizes: Sizes } | undefined;
}

/** A blue/green stage: what serves is the active colour's. */
export function withColours(stage: Omit<Stage, "blueGreen">, blueGreen: BlueGreen, active: Colour, sizes: Sizes): Stage {
    const { autoScalingGroup, deploymentGroup, targetGroupArn, alarms } = blueGreen[active];
    return { ...stage, fleet: { autoScalingGroup }, deploymentGroup, targetGroupArn, alarms, blueGreen: { ...blueGreen, active, sizes } };
}
