import type { Colour } from "./blue-green/colour";
import type { DeploymentEnd, FailedInstance, RollEnd } from "./deployment-end";
import { explainDeploymentError, explainEventError, exitCodeIn } from "./failure-words";
import type { JournalEntry } from "./journal";

/** What a container wrote last. */
export interface ContainerLog {
    /** Release of the container that is there now: after a roll back it is not the one that failed. */
    readonly version?: string;
    readonly lines: readonly string[];
}

/** How the load balancer sees an instance. */
export interface TargetHealth {
    /** The load balancer's word, such as `unhealthy`. */
    readonly state: string;
    readonly reason?: string;
    readonly description?: string;
}

/** A failed instance, and what was found out about it. */
export interface ExplainedInstance extends FailedInstance {
    readonly health?: TargetHealth;
    readonly container?: ContainerLog;
}

/** Requests that a colour gets. */
export interface RequestShare {
    readonly colour: Colour;
    /** Of all requests. */
    readonly percent: number;
    /** Undefined while none is there, or nothing names it. */
    readonly version?: string;
}

/** What could be found out about a deployment that did not succeed. */
export interface Failure {
    readonly deploymentId: string;
    readonly result: Exclude<DeploymentEnd["result"], "succeeded">;
    /** Release that was to be deployed; undefined when nothing names it. */
    readonly version?: string;
    readonly rollbackDeploymentId?: string;
    readonly rollbackResult?: DeploymentEnd["rollbackResult"];
    /** CodeDeploy's own word for why, such as `HEALTH_CONSTRAINTS`. */
    readonly errorCode?: string;
    readonly message?: string;
    /** The first of those that failed. */
    readonly instances: readonly ExplainedInstance[];
    /** Ids of the others. */
    readonly otherInstances: readonly string[];
    /** Alarms of the deployment group that fire now. */
    readonly alarms: readonly string[];
    /** What serves now: a release, or the deployment that brought it when nobody knows which one that was. Null before the first release. */
    readonly serving?: { readonly version?: string; readonly deploymentId?: string | undefined } | null;
    /** What had begun it; undefined when nobody has written that down. */
    readonly by?: JournalEntry["by"];
    /** Blue/green: which colours get requests now. Undefined when it was not told. */
    readonly requests?: readonly RequestShare[];
    /** Blue/green, where `deploymentId` is the roll's. */
    readonly roll?: RollEnd;
    /** What could not be found out, and why: a sentence each. */
    readonly missing: readonly string[];
}

const mostLines = 15;
const mostNames = 10;

/** The one page of a failed deployment: what failed, where, why, what serves now, and what to type next. */
export function renderFailure(failure: Failure, stack: string): string {
    const { instances, otherInstances, alarms, missing } = failure;
    const facts = [
        row("why", why(failure)),
        ...(failure.roll?.problem === undefined ? [] : [row("stuck", failure.roll.problem)]),
        ...instances.flatMap(instance => ["", ...explainInstance(instance, failure, stack)]),
        ...(otherInstances.length > 0 ? ["", `${otherInstances.length} more failed: ${listed(otherInstances)}`] : []),
        "",
        ...alarms.map(alarm => row("alarm", `${alarm} is in ALARM`)),
        ...missing.map(text => row("not known", text)),
        row("serves", serving(failure)),
        ...nextCommands(failure, stack).map((command, n) => row(n === 0 ? "next" : "", command)),
    ];
    return [headline(failure), ...facts].join("\n");
}

function headline(failure: Failure): string {
    const { deploymentId, version, result, rollbackDeploymentId, roll } = failure;
    if (roll) return rollHeadline(failure, roll);
    const what = `Deployment ${deploymentId}${version === undefined ? "" : ` of release ${version}`}`;
    const end = { failed: "failed", stopped: "was stopped", rolledBack: "failed and was rolled back" }[result];
    if (result === "rolledBack" || rollbackDeploymentId === undefined) return `${what} ${end}.`;
    return `${what} ${end}${isBack(failure) ? " and rolled back" : result === "stopped" ? `, and its roll back ${rollbackDeploymentId} failed` : `, and so did its roll back ${rollbackDeploymentId}`}.`;
}

function rollHeadline({ deploymentId, version, result }: Failure, { from, to }: RollEnd): string {
    const what = `Roll ${deploymentId}${version === undefined ? "" : ` of release ${version}`} from ${from} to ${to}`;
    return { rolledBack: `${what} failed and was taken back.`, stopped: `${what} was stopped and taken back.`, failed: `${what} failed, and so did its way back.` }[result];
}

/** Whether the release before serves on all instances again. */
function isBack({ result, rollbackResult, roll }: Failure): boolean {
    return result === "rolledBack" || rollbackResult === "succeeded" || (roll !== undefined && result === "stopped");
}

function why({ errorCode, message, roll }: Failure): string {
    const words = errorCode === undefined ? undefined : `${explainDeploymentError(errorCode)} (${errorCode})`;
    return [words, message].filter(Boolean).join(": ") || (roll ? "nobody has written it down" : "CodeDeploy does not say");
}

function explainInstance(instance: ExplainedInstance, { version }: Failure, stack: string): readonly string[] {
    const { instanceId, health, container, logTail } = instance;
    return [
        `${instanceId}  ${whatFailed(instance)}`,
        ...quoted("last lines", scriptLines(logTail)),
        ...(health ? [`  load balancer now: ${[health.state, health.reason, health.description].filter(Boolean).join(", ")}`] : []),
        ...explainContainer(container, version, `./gapless logs ${stack} --since 1h --instance ${instanceId}`),
    ];
}

function whatFailed({ event = "before its first event", script, errorCode, message }: FailedInstance): string {
    const code = exitCodeIn(message);
    const cause = errorCode === undefined ? undefined : explainEventError(errorCode);
    // The message says no more than script and exit code, when it has one.
    return [event, script, code === undefined ? message : `exit code ${code}`, cause].filter(Boolean).join(", ");
}

function explainContainer(container: ContainerLog | undefined, failed: string | undefined, logs: string): readonly string[] {
    if (container === undefined) return [];
    const { version, lines } = container;
    const isOther = version !== undefined && failed !== undefined && version !== failed;
    return [
        ...quoted(`container now${version === undefined ? "" : `, of release ${version}`}`, lines),
        ...(isOther ? [`  The container of release ${failed} is gone; what it wrote: ${logs}`] : []),
    ];
}

function quoted(title: string, lines: readonly string[]): readonly string[] {
    return lines.length === 0 ? [] : [`  ${title}:`, ...lines.slice(-mostLines).map(line => `    | ${line}`)];
}

/** The agent's log without its frame. */
function scriptLines(logTail: string | undefined): readonly string[] {
    return (logTail ?? "").split("\n").map(line => line.replace(/^\[(stdout|stderr)\]/, "").trimEnd())
        .filter(line => line !== "" && !/^(LifecycleEvent|Script) - /.test(line));
}

function serving(failure: Failure): string {
    const { serving, requests, roll } = failure;
    if (roll && requests && !isBack(failure)) return sharesText(requests);
    if (serving === undefined) return "not known";
    if (serving === null) return roll ? "nothing yet: the load balancer answers every request with 503" : "nothing yet";
    const release = releaseName(serving);
    if (isBack(failure)) return release;
    return roll ? `${release} on ${roll.from}, as far as its way back has come` : `${release}, but not on instances that the failed one has reached`;
}

function releaseName({ version, deploymentId = "unknown" }: NonNullable<Failure["serving"]>): string {
    return version === undefined ? `what deployment ${deploymentId} has brought` : `release ${version}`;
}

function sharesText(requests: readonly RequestShare[]): string {
    const shares = requests.map(({ colour, percent, version }) => `${percent} % of the requests to ${colour}${version === undefined ? "" : `, release ${version}`}`);
    return shares.length === 0 ? "nothing: the load balancer sends no requests to either colour" : `the load balancer sends ${shares.join(", and ")}`;
}

function nextCommands(failure: Failure, stack: string): readonly string[] {
    const { instances, serving, roll } = failure;
    const [first] = instances;
    const look = first ? `./gapless logs ${stack} --since 1h --instance ${first.instanceId}` : `./gapless status ${stack}`;
    if (isBack(failure)) return [nextOfBack(failure, look, stack)];
    if (roll) return [`./gapless abort ${stack}   tries the way back again`];
    const back = serving?.version === undefined ? `./gapless rollback ${stack}` : `./gapless roll ${stack} ${serving.version}`;
    return [`${back}   puts all instances onto one release`, look];
}

/** What was wanted counts: who goes back is in a hurry, and has nothing to mend first. */
function nextOfBack({ result, serving, by, roll }: Failure, look: string, stack: string): string {
    if (result === "stopped") return serving === null ? `./gapless deploy ${stack}` : "nothing to do: requests go where they went before";
    if (by === "rollback") return `./gapless rollback ${stack}   tries it again`;
    if (roll?.kind === "flip" || by === "flip") return `./gapless flip ${stack}   tries it again`;
    return `${look}, mend it, then ./gapless deploy ${stack}`;
}

function listed(names: readonly string[]): string {
    return names.length <= mostNames ? names.join(", ") : `${names.slice(0, mostNames).join(", ")}, …`;
}

function row(title: string, text: string): string {
    return `${title.padEnd(10)} ${text}`.trimEnd();
}
