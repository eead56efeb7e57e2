import { z } from "zod";

/** Where a stack's program writes down what a release needs to know, `/gapless/<project>/<stack>/…` in SSM's Parameter Store. */
export function parameterPath(project: string, stack: string): string {
    return `/gapless/${project}/${stack}`;
}

/** Last part of the names of its parameters. `build` comes later than `stage`: only then there is what it names. */
export const parameterNames = { stage: "stage", build: "build" } as const;

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

/** A stage as the command line knows it. */
export interface Stage extends StageParameter {
    readonly project: string;
    readonly stack: string;
    readonly region: string;
    readonly build?: BuildParameter | undefined;
}
