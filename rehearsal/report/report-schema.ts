import { z } from "zod";
import { colour } from "../../release/blue-green/colour";

const count = z.int().nonnegative();
const seconds = z.number().nonnegative();
const counts = z.strictObject({ total: count, failed: count });
const percentiles = z.strictObject({ p50: z.number().nullable(), p99: z.number().nullable() });
const phase = z.enum(["before", "during", "rollback", "after"]);

function byPhase<T extends z.ZodType>(value: T) {
    return z.strictObject({ before: value, during: value, rollback: value.exactOptional(), after: value });
}

const forecast = z.strictObject({
    waves: z.array(count),
    secondsPerPhase: z.record(z.string(), seconds),
    waveSeconds: seconds,
    rolloutSeconds: seconds,
    capacityFloor: z.number().min(0).max(1),
    rollbackSeconds: seconds,
    lowerBoundSeconds: seconds,
});

const event = z.strictObject({
    atMs: z.number(),
    instance: z.string().exactOptional(),
    event: z.string(),
    status: z.string().exactOptional(),
    detail: z.string().exactOptional(),
});

const failure = z.strictObject({
    count,
    cause: z.string(),
    phase,
    instance: z.string().exactOptional(),
    version: z.string().exactOptional(),
    running: z.array(z.string()),
    firstMs: z.number(),
    lastMs: z.number(),
});

const stop = z.strictObject({
    instance: z.string(),
    version: z.string().exactOptional(),
    /** When it was told to end. */
    atMs: z.number(),
    seconds,
    exitCode: count,
    /** It finished what it had, dropped it, or took no notice until it was killed. */
    manner: z.enum(["graceful", "atOnce", "killed"]),
});

const coloursForecast = z.strictObject({
    /** Of a step that is repeated, each time. */
    secondsPerStep: z.record(z.string(), seconds),
    rolloutSeconds: seconds,
    capacityFloor: z.number().min(0).max(1),
    lowerBoundSeconds: seconds,
});

const weights = z.record(colour, z.int().min(0).max(100));

/** A change of the weights: how long the calls took, and how many they were. */
const call = z.strictObject({ atMs: z.number(), weights, ms: z.number().nonnegative(), calls: count });

const colours = z.strictObject({
    /** Colour that served before, and the one that the first roll led to. */
    from: colour,
    to: colour,
    rolls: z.array(z.strictObject({
        id: z.string(),
        kind: z.enum(["deploy", "flip"]),
        outcome: z.enum(["succeeded", "rolledBack", "stopped"]),
        reason: z.string().exactOptional(),
        /** What could not be tidied up. */
        left: z.array(z.string()),
    })),
    /** The weights before, which took no call, and every change of them. */
    weights: z.array(call),
    /** The change that gave the new colour all requests; null = it never got them. */
    flip: call.nullable(),
    /** The change that gave all of them back; null = nobody went back. */
    flipBack: call.nullable(),
    /** The steps in their order, those of the way back included. */
    steps: z.array(z.strictObject({
        roll: z.string(),
        phase: z.enum(["forward", "back"]),
        name: z.string(),
        percent: z.int().exactOptional(),
        startMs: z.number(),
        seconds,
        /** Why it could not be carried out. */
        problem: z.string().exactOptional(),
    })),
    /** Fewest targets that took requests of a colour with a share of them, as a share of the instances; null = nobody looked. */
    capacityFloor: z.number().nonnegative().nullable(),
});

const settings = z.strictObject({
    drainSeconds: seconds,
    stopGraceSeconds: seconds,
    idleTimeoutSeconds: seconds,
    longestRequestSeconds: seconds,
    healthCheck: z.strictObject({
        path: z.string(), matcher: z.string(), intervalSeconds: seconds, timeoutSeconds: seconds, healthyThreshold: count, unhealthyThreshold: count,
    }),
    /** As AWS or its user names the rule, such as HalfAtATime or 75%. */
    minimumHealthyHosts: z.string(),
    trafficControl: z.boolean(),
    rollBackOnFailure: z.boolean(),
    /** What became of the waits here, in real milliseconds. */
    here: z.strictObject({ drainMs: seconds, healthIntervalMs: seconds, healthTimeoutMs: seconds, eventGapMs: seconds }),
});

const measuredPhase = z.strictObject({
    name: z.string(),
    forecastSeconds: seconds,
    /** Null = it was not seen. */
    measuredSeconds: seconds.nullable(),
    onAwsSeconds: seconds,
});

/** The `schemaVersion` of the reports that are made and read. */
export const reportVersion = 2;

const common = {
    schemaVersion: z.literal(reportVersion),
    verdict: z.enum(["passed", "failed", "rolledBack"]),
    /** The verdict in one sentence for a person. */
    reason: z.string().min(1),
    stage: z.string(),
    /** Factor on what the service waited for; 1 = as long as on AWS. */
    timeScale: z.number().positive(),
    seed: z.int(),
    ratePerSecond: z.number().positive(),
    requests: z.strictObject({
        total: count,
        /** Without a complete answer, or answered with 4xx or 5xx. */
        failed: count,
        /** Of the slow route, which shows whether draining waits. */
        slow: count,
        /** A failed request counts to the phase of the rollout in which it was open. */
        byPhase: byPhase(counts),
        /** The longest time without a good answer while requests were being sent. */
        longestGapMs: z.number().nonnegative(),
    }),
    /** Of the fast requests that did not fail, counted from when each was due; null = there were none. */
    latencyMs: byPhase(percentiles),
    instances: count,
    /** Waves of the rollout that began, those of a rollback left out. None with blue/green, which replaces nothing that serves. */
    waves: count,
    /** From the start of the rollout to its end, a rollback included. */
    rolloutSeconds: seconds,
    /** What no rollout with these settings can beat, whose work is done as fast as the fastest instance did it here. */
    lowerBoundSeconds: seconds,
    /** What the rehearsal ran with, as it is on AWS. */
    settings,
    /** The command line that repeats it. */
    reproduce: z.string(),
    /** Where the time goes: of one wave of a rolling release, the median of its instances; of each step of a blue/green one, of those that are repeated the median. */
    phases: z.array(measuredPhase),
    /** The forecast for AWS. */
    onAws: z.strictObject({ rolloutSeconds: seconds, rollbackSeconds: seconds, lowerBoundSeconds: seconds, capacityFloor: z.number().min(0).max(1) }),
    versions: z.strictObject({ before: z.string(), after: z.string() }),
    /** How much later than due the generator sent its requests. */
    loadGenerator: z.strictObject({ lagP50Ms: z.number().nullable(), lagP99Ms: z.number().nullable() }),
    /** Failed requests in groups of the same kind, largest first. */
    failures: z.array(failure),
    /** How each of the service's containers took its stop, in the order in which they ended. */
    stops: z.array(stop),
    /** What cost the failed requests, each of which counts once, and what would cost some another time; the most expensive first. */
    advice: z.array(z.strictObject({ requests: count, what: z.string(), fix: z.string() })),
    /** The load second by second, by the release that answered. */
    seconds: z.array(z.strictObject({
        atMs: z.number(),
        answered: z.record(z.string(), count),
        failed: count,
        /** Of the fast requests that were answered within it; null = there were none. */
        p50Ms: z.number().nullable(),
        p99Ms: z.number().nullable(),
    })),
    events: z.array(event),
};

/**
 * The file report.json of a rehearsal, published as docs/report.schema.json. `schemaVersion` grows with every change that a
 * reader of an older one would stumble over, and with every member that is always there from then on. Times of day are
 * milliseconds since 1970.
 */
export const reportSchema = z.discriminatedUnion("strategy", [
    z.strictObject({ ...common, strategy: z.literal("rolling"), /** What was expected at this time scale. */ forecast }),
    z.strictObject({ ...common, strategy: z.literal("blueGreen"), forecast: coloursForecast, colours }),
]);

/** What report.json holds. */
export type Report = z.infer<typeof reportSchema>;
export type ColoursReport = Extract<Report, { readonly strategy: "blueGreen" }>;
