import { z } from "zod";
import { colour } from "../../release/blue-green/colour";

const count = z.int().nonnegative();
const seconds = z.number().nonnegative();
const timeOfDay = z.number().describe("Milliseconds since 1970.");
const share = z.number().min(0).max(1).describe("Share of the instances, 0 to 1.");
const counts = z.strictObject({ total: count, failed: count });
const percentiles = z.strictObject({ p50: z.number().nullable(), p99: z.number().nullable() });
const phase = z.enum(["before", "during", "rollback", "after"]).describe("Part of the rehearsal, seen from the rollout.");

function byPhase<T extends z.ZodType>(value: T) {
    return z.strictObject({ before: value, during: value, rollback: value.exactOptional(), after: value });
}

const forecast = z.strictObject({
    waves: z.array(count).describe("Instances that each wave takes out."),
    secondsPerPhase: z.record(z.string(), seconds).describe("Of one wave."),
    waveSeconds: seconds,
    rolloutSeconds: seconds.describe("When nothing fails."),
    capacityFloor: share.describe("Share of the instances that serve at any time, 0 to 1."),
    rollbackSeconds: seconds.describe("Until a release that fails at its end is back."),
    lowerBoundSeconds: seconds.describe("What no rollout with these settings can beat."),
});

const event = z.strictObject({
    atMs: timeOfDay,
    instance: z.string().exactOptional().describe("None = the fleet."),
    event: z.string().describe("A lifecycle event of CodeDeploy, or one of the rehearsal, such as WaveStarted."),
    status: z.string().exactOptional().describe("started when a lifecycle event begins; anything else ends it."),
    detail: z.string().exactOptional(),
});

const failure = z.strictObject({
    count,
    cause: z.string().describe("The error's code or the HTTP status."),
    phase,
    instance: z.string().exactOptional().describe("That answered; none = nobody did, or the service does not say."),
    version: z.string().exactOptional().describe("That answered, likewise."),
    running: z.array(z.string()).describe("Lifecycle events that ran when they failed, with their instances."),
    firstMs: timeOfDay,
    lastMs: timeOfDay,
});

const stop = z.strictObject({
    instance: z.string(),
    version: z.string().exactOptional(),
    atMs: timeOfDay.describe("When it was told to end, in milliseconds since 1970."),
    seconds: seconds.describe("Until it had."),
    exitCode: count,
    manner: z.enum(["graceful", "atOnce", "killed"]).describe("It finished what it had, dropped it, or took no notice until it was killed."),
});

const coloursForecast = z.strictObject({
    secondsPerStep: z.record(z.string(), seconds).describe("Of a step that is repeated, each time."),
    rolloutSeconds: seconds.describe("When nothing fails."),
    capacityFloor: share.describe("Share of the instances that serve at any time, 0 to 1."),
    lowerBoundSeconds: seconds.describe("What no roll with these settings can beat."),
});

const weights = z.record(colour, z.int().min(0).max(100)).describe("Percent of the requests.");

const call = z.strictObject({
    atMs: timeOfDay, weights, ms: z.number().nonnegative().describe("Milliseconds that the calls took."), calls: count.describe("Calls of the load balancer's API."),
});

const colours = z.strictObject({
    from: colour.describe("Colour that served before, and the one that the first roll led to."),
    to: colour,
    rolls: z.array(z.strictObject({
        id: z.string(),
        kind: z.enum(["deploy", "flip"]),
        outcome: z.enum(["succeeded", "rolledBack", "stopped"]),
        reason: z.string().exactOptional(),
        left: z.array(z.string()).describe("What could not be tidied up."),
    })),
    weights: z.array(call).describe("The weights before, which took no call, and every change of them."),
    flip: call.nullable().describe("The change that gave the new colour all requests; null = it never got them."),
    flipBack: call.nullable().describe("The change that gave all of them back; null = nobody went back."),
    steps: z.array(z.strictObject({
        roll: z.string(),
        phase: z.enum(["forward", "back"]),
        name: z.string(),
        percent: z.int().exactOptional(),
        startMs: timeOfDay,
        seconds,
        problem: z.string().exactOptional().describe("Why it could not be carried out."),
    })).describe("The steps in their order, those of the way back included."),
    capacityFloor: z.number().nonnegative().nullable().describe("Fewest targets that took requests of a colour with a share of them, as a share of the instances; null = nobody looked."),
});

const settings = z.strictObject({
    drainSeconds: seconds,
    stopGraceSeconds: seconds,
    idleTimeoutSeconds: seconds,
    longestRequestSeconds: seconds,
    healthCheck: z.strictObject({
        path: z.string(), matcher: z.string(), intervalSeconds: seconds, timeoutSeconds: seconds, healthyThreshold: count, unhealthyThreshold: count,
    }),
    minimumHealthyHosts: z.string().describe("As AWS or its user names the rule, such as HalfAtATime or 75%."),
    trafficControl: z.boolean(),
    rollBackOnFailure: z.boolean(),
    here: z.strictObject({ drainMs: seconds.describe("0 = nothing was drained."), healthIntervalMs: seconds, healthTimeoutMs: seconds, eventGapMs: seconds })
        .describe("What became of the waits here, in real milliseconds."),
});

const measuredPhase = z.strictObject({
    name: z.string(),
    forecastSeconds: seconds.describe("At this time scale."),
    measuredSeconds: seconds.nullable().describe("Null = it was not seen."),
    onAwsSeconds: seconds.describe("Expected there."),
});

/** The `schemaVersion` of the reports that are made and read. */
export const reportVersion = 2;

const common = {
    schemaVersion: z.literal(reportVersion),
    verdict: z.enum(["passed", "failed", "rolledBack"]),
    reason: z.string().min(1).describe("The verdict for a person."),
    stage: z.string(),
    timeScale: z.number().positive().describe("Factor on what the service waited for; 1 = as long as on AWS."),
    seed: z.int().describe("By which the load chose its slow requests."),
    ratePerSecond: z.number().positive().describe("Requests that were asked for."),
    requests: z.strictObject({
        total: count,
        failed: count.describe("Without a complete answer, or answered with 4xx or 5xx."),
        slow: count.describe("Of the slow route, which shows whether draining waits."),
        byPhase: byPhase(counts).describe("A failed request counts to the phase of the rollout in which it was open."),
        longestGapMs: z.number().nonnegative().describe("The longest time without a good answer while requests were being sent."),
    }),
    latencyMs: byPhase(percentiles).describe("Of the fast requests that did not fail, counted from when each was due; null = there were none."),
    instances: count,
    waves: count.describe("Waves of the rollout that began, those of a rollback left out. None with blue/green, which replaces nothing that serves."),
    rolloutSeconds: seconds.describe("From the start of the rollout to its end, a rollback included."),
    lowerBoundSeconds: seconds.describe("What no rollout with these settings can beat, whose work is done as fast as the fastest instance did it here."),
    settings: settings.describe("What the rehearsal ran with, as it is on AWS."),
    reproduce: z.string().describe("The command line that repeats it."),
    phases: z.array(measuredPhase).describe("Where the time goes: of one wave of a rolling release, the median of its instances, or if none got through, of those that came so far; of each step of a blue/green one, of those that are repeated the median."),
    onAws: z.strictObject({ rolloutSeconds: seconds, rollbackSeconds: seconds, lowerBoundSeconds: seconds, capacityFloor: share }).describe("The forecast for AWS."),
    versions: z.strictObject({ before: z.string(), after: z.string() }).describe("The release that served and the one rolled out, as X-Release says them."),
    loadGenerator: z.strictObject({ lagP50Ms: z.number().nullable(), lagP99Ms: z.number().nullable() }).describe("How much later than due the generator sent its requests."),
    failures: z.array(failure).describe("Failed requests in groups of the same kind, largest first."),
    stops: z.array(stop).describe("How each of the service's containers took its stop, in the order in which they ended."),
    advice: z.array(z.strictObject({ requests: count, what: z.string(), fix: z.string() })).describe("What cost the failed requests, each of which counts once, and what would cost some another time; the most expensive first."),
    seconds: z.array(z.strictObject({
        atMs: timeOfDay,
        answered: z.record(z.string(), count),
        failed: count,
        p50Ms: z.number().nullable().describe("Of the fast requests that were answered within it; null = there were none."),
        p99Ms: z.number().nullable(),
    })).describe("The load second by second, by the release that answered."),
    events: z.array(event).describe("What was done to the fleet."),
};

/**
 * The file report.json of a rehearsal as it is written; docs/report.schema.json is made from it and, as whoever reads one, allows further
 * members. `schemaVersion` grows when a member goes away or changes its meaning.
 */
export const reportSchema = z.discriminatedUnion("strategy", [
    z.strictObject({ ...common, strategy: z.literal("rolling"), forecast: forecast.describe("What was expected at this time scale.") }),
    z.strictObject({ ...common, strategy: z.literal("blueGreen"), forecast: coloursForecast.describe("What was expected at this time scale."), colours }),
]);

/** What report.json holds. */
export type Report = z.infer<typeof reportSchema>;
export type ColoursReport = Extract<Report, { readonly strategy: "blueGreen" }>;
