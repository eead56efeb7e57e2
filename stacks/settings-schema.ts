import { z } from "zod";
import { architectureOf } from "../components/architecture";
import { environmentProblems } from "../release/env-file";
import { defaults, hostPort, longestStopGraceSeconds } from "../release/rollout";

/** What the type of a setting is and which values it takes, in words: for the error and for docs/settings.md. */
interface Rule {
    readonly type: "string" | "integer" | "boolean" | "object";
    readonly rule: string;
}

/** What docs/settings.md says about a setting, beside its rule and its default. */
interface About {
    readonly text: string;
    readonly unit?: string;
    /** What to write, for the fix in an error; a setting with a default shows that. */
    readonly example?: string;
}

const rules = z.registry<Rule>();
const abouts = z.registry<About>();

const whole = (min: number, max: number) =>
    z.int().min(min).max(max).register(rules, { type: "integer", rule: `an integer from ${min} to ${max}` });

const text = (pattern: RegExp, rule: string) => z.string().regex(pattern).register(rules, { type: "string", rule });

const oneOf = <const Choices extends readonly [string, ...string[]]>(...choices: Choices) =>
    z.enum(choices).register(rules, { type: "string", rule: `one of: ${choices.join(", ")}` });

const flag = () => z.boolean().register(rules, { type: "boolean", rule: "true or false" });

// A YAML author writes `PORT: 8080`; environments and build arguments know only text.
const words = (isSound: (name: string, value: string) => boolean, rule: string) =>
    z
        .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
        .superRefine((entries, context) => {
            const wrong = Object.entries(entries).filter(([name, value]) => !isSound(name, value));
            for (const [name] of wrong) context.addIssue({ code: "custom", path: [name] });
        })
        .register(rules, { type: "object", rule });

// Not absolute: that would be a path of one machine.
const relativePath = (what: string) => text(/^(?!\/)\S+$/, `${what}, relative to the project's folder`);

// These paths stand unquoted in release.env, which shells read: no character may mean anything to them.
const urlPath = () => text(/^\/[A-Za-z0-9_./:@%+,=?-]*$/, "a path that begins with / and holds only letters, digits and _./:@%+,=?-");

const logRetentions = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653] as const;

/** The settings of the namespace `gapless:` in the order and under the headings of docs/settings.md. */
export const settingGroups = {
    "Stage and strategy": {
        stage: oneOf("dev", "stg", "prod").register(abouts, {
            text: "Which compose file the hosts use and what the deployment group is called. Without it the stack's name is taken.",
            example: "dev",
        }),
        strategy: oneOf("rolling").default("rolling").register(abouts, {
            text: "How a release reaches the hosts: `rolling` replaces half of them at a time, each taken out of the load balancer first.",
        }),
        source: oneOf("pulumi").default("pulumi").register(abouts, {
            text: "Where releases come from: `pulumi` builds and publishes one in `pulumi up`.",
        }),
    },
    "Your service": {
        imageContext: relativePath("a folder").default("app").register(abouts, {
            text: "Folder that Docker builds the image from, after its `.dockerignore`.",
        }),
        dockerfile: relativePath("a file").default("app/Dockerfile.prod").register(abouts, {
            text: "Dockerfile of the image. stg takes prod's, so that the release tried there is the one promoted.",
        }),
        buildArgs: words(name => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name), "an object of build argument names (letters, digits and _) and values").default({}).register(abouts, {
            text: "Docker build arguments. They end up in the image's history: no secrets.",
        }),
        imageDigest: text(/^[a-z0-9][a-z0-9._:/-]*@sha256:[0-9a-f]{64}$/, "repository@sha256: and 64 hexadecimal digits").optional().register(abouts, {
            text: "A prebuilt image. With it nothing is built, and context, Dockerfile and build arguments have no effect. Hosts log in to one ECR registry: "
                + "that of this image when it lies in ECR. In another account it must let this one pull, and outside of the stack's own registry "
                + "new hosts can no longer pull earlier releases from the stack's repository.",
            example: `registry.example.com/shop@sha256:${"0".repeat(64)}`,
        }),
        containerPort: whole(1, 65535).default(8080).register(abouts, {
            text: `Port that the container listens on. Hosts publish it as ${hostPort} whatever it is, so another one is only a release.`,
        }),
        healthPath: urlPath().default(defaults.healthCheck.path).register(abouts, {
            text: "Answers 200 as soon as the container may take traffic. The load balancer and the hosts ask it. The load balancer asks a new path at once, "
                + "before the release that comes with it. A change takes two releases: first one that answers both paths, then the change.",
        }),
        probePath: urlPath().default("/").register(abouts, {
            text: "A real route that each host tries before it takes traffic: what is healthy may still answer 500.",
        }),
        slowPath: text(/^(?:\/\S*)?$/, "a path that begins with /, or nothing").default("/slow?ms=1200").register(abouts, {
            text: "The slowest kind of request, sent by the rehearsal to prove that draining waits for it; empty for none. No AWS resource uses it.",
        }),
        environment: words(
            (name, value) => environmentProblems({ [name]: value }).length === 0,
            "an object of names (letters, digits and _; not VERSION or INSTANCE_ID) and one-line values without control characters",
        ).default({}).register(abouts, {
            text: "Environment of the container, which also gets VERSION, INSTANCE_ID and, unless set here, PORT and HEALTH_PATH. It travels in the release bundle: rather than a secret, name where the service finds it.",
        }),
    },
    "Hosts": {
        instanceType: z
            .string()
            .refine(type => architectureOf(type) !== undefined)
            .register(rules, { type: "string", rule: "an EC2 instance type such as t3.small" })
            .default("t3.small").register(abouts, {
            text: "EC2 instance type. It also decides the processor architecture that the image is built for.",
        }),
        amiId: text(/^ami-[0-9a-f]{8,17}$/, "ami- and 8 to 17 hexadecimal digits").optional().register(abouts, {
            text: "A machine image of your own, based on Amazon Linux 2023. Without it hosts boot the latest Amazon Linux 2023.",
            example: "ami-0123456789abcdef0",
        }),
        minSize: whole(1, 1000).default(defaults.minSize).register(abouts, {
            unit: "hosts", text: "Least number of hosts. Even numbers make even halves.",
        }),
        maxSize: whole(1, 1000).default(defaults.maxSize).register(abouts, {
            unit: "hosts", text: "Largest number of hosts that load may grow the fleet to.",
        }),
        rootVolumeGiB: whole(8, 16384).default(20).register(abouts, {
            unit: "GiB", text: "Size of a host's encrypted root volume: two images, their layers and the logs.",
        }),
        swapGiB: whole(0, 64).default(1).register(abouts, {
            unit: "GiB", text: "Swap file of a host; 0 for none.",
        }),
        containersUseInstanceRole: flag().default(false).register(abouts, {
            text: "Lets the container call AWS with the instance's role (metadata hop limit 2 instead of 1). It then has all that the role may do.",
        }),
        requestsPerTarget: whole(1, 1_000_000).default(1000).register(abouts, {
            unit: "requests per minute", text: "Load per host that scaling holds. A rollout serves with half of the hosts, so stay below half of what one can do. "
                + "Each wave doubles the load of the hosts that serve: a group near this number grows during a slow rollout.",
        }),
    },
    "Network": {
        vpcCidr: text(
            /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\/(?:1[6-9]|2[0-2])$/,
            "an IPv4 range of size /16 to /22, such as 10.0.0.0/16",
        ).default("10.0.0.0/16").register(abouts, { text: "Address range of the network. Changing it replaces the network." }),
        availabilityZones: whole(2, 4).default(2).register(abouts, {
            unit: "zones", text: "Zones that hosts and load balancer are spread over; the load balancer needs two.",
        }),
        natGateways: oneOf("none", "single", "onePerAz").default("none").register(abouts, {
            text: "How hosts reach the internet: `none` puts them into public subnets with public addresses and a closed security group, "
                + "the others into private subnets behind one NAT gateway, or one in each zone.",
        }),
        certificateArn: text(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/, "the ARN of an ACM certificate").optional().register(abouts, {
            text: "Certificate of the load balancer: HTTPS on 443, and 80 redirects there. Without it the service is HTTP only.",
            example: "arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012",
        }),
        domainName: text(
            /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
            "a host name such as shop.example.com",
        ).optional().register(abouts, {
            text: "Name that clients use and the certificate is for. Its DNS record must lead to the output `loadBalancerDnsName`. "
                + "Without it the service goes by the load balancer's own name.",
            example: "shop.example.com",
        }),
    },
    "Rollout": {
        drainSeconds: whole(0, 3600).default(defaults.drainSeconds).register(abouts, {
            unit: "seconds", text: "How long a host that leaves the load balancer keeps serving its open requests. Every wave waits for it.",
        }),
        stopGraceSeconds: whole(1, longestStopGraceSeconds).default(defaults.stopGraceSeconds).register(abouts, {
            unit: "seconds", text: "How long a container has between SIGTERM and SIGKILL.",
        }),
        longestRequestSeconds: whole(1, 3600).default(defaults.longestRequestSeconds).register(abouts, {
            unit: "seconds", text: "The longest request that must survive a release. Draining and stopping are checked against it.",
        }),
        healthIntervalSeconds: whole(5, 300).default(defaults.healthCheck.intervalSeconds).register(abouts, {
            unit: "seconds", text: "Time between two health checks of the load balancer; 5 is the least that AWS takes.",
        }),
        healthTimeoutSeconds: whole(2, 120).default(defaults.healthCheck.timeoutSeconds).register(abouts, {
            unit: "seconds", text: "When an unanswered health check counts as failed.",
        }),
        idleTimeoutSeconds: whole(1, 4000).default(defaults.idleTimeoutSeconds).register(abouts, {
            unit: "seconds", text: "When the load balancer closes an idle connection. The service must keep its own open for longer.",
        }),
    },
    "Retention and protection": {
        keepReleases: whole(2, 1000).default(30).register(abouts, {
            unit: "images", text: "Images kept for rolling back and for new hosts; those whose tag has moved to a newer build are counted apart. "
                + "The count knows nothing of what runs, so leave room for builds that were never released. Release bundles never expire.",
        }),
        logRetentionDays: z.literal(logRetentions).register(rules, { type: "integer", rule: `one of: ${logRetentions.join(", ")}` }).default(30).register(abouts, {
            unit: "days", text: "How long CloudWatch keeps logs.",
        }),
        deletionProtection: flag().default(false).register(abouts, {
            text: "Protects load balancer, hosts and stores from being deleted, by AWS where it can and by Pulumi.",
        }),
    },
} as const;

/** All settings, flat, as Pulumi config gives them. */
export const settingsSchema = z.object({
    ...settingGroups["Stage and strategy"],
    ...settingGroups["Your service"],
    ...settingGroups.Hosts,
    ...settingGroups.Network,
    ...settingGroups.Rollout,
    ...settingGroups["Retention and protection"],
});

/** One setting: what it takes, what it means, what holds without it. */
export interface Setting extends Rule, About {
    readonly schema: z.ZodType;
    /** Undefined when the setting has none. */
    readonly default: unknown;
}

/** All settings by key, without `gapless:`. */
export const settings: ReadonlyMap<string, Setting> = new Map(
    Object.entries<z.ZodType>(settingsSchema.shape).map(([key, schema]) => [key, settingOf(schema)]),
);

function settingOf(schema: z.ZodType): Setting {
    const about = abouts.get(schema);
    const rule = rules.get(schema instanceof z.ZodDefault || schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema);
    if (!about || !rule) throw new Error("A setting of the schema has no text or no rule.");
    return { ...about, ...rule, schema, default: schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined };
}
