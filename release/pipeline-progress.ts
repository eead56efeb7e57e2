import { rollAction } from "./pipeline-names";

/** One action of a pipeline's execution, as CodePipeline tells it. */
export interface ActionState {
    readonly stage: string;
    readonly action: string;
    /** CodePipeline's word: Source, Build, Approval, Deploy … */
    readonly category: string;
    /** Who does it, such as CodeBuild. */
    readonly provider: string;
    readonly status: "InProgress" | "Succeeded" | "Failed" | "Abandoned";
    /** Undefined where CodePipeline does not say. */
    readonly startedAt?: Date;
    /** What the provider calls it: of CodeDeploy, the deployment's id. */
    readonly externalId?: string;
    /** Where a person looks at it; of CodeBuild, the log. */
    readonly url?: string;
    /** Why it failed. */
    readonly message?: string;
    /** What it has handed on, such as the variables that a build exports. */
    readonly variables: Readonly<Record<string, string>>;
}

/** How far an execution of a pipeline is. */
export interface PipelineState {
    readonly executionId: string;
    /** CodePipeline's word: InProgress, Stopping, Stopped, Succeeded, Superseded, Failed, Cancelled. */
    readonly status: string;
    /** In the order in which they began; of one that was tried again, the newest try. */
    readonly actions: readonly ActionState[];
}

/** How an execution ended; undefined while it goes on. */
export function outcomeOf({ status }: PipelineState): "succeeded" | "failed" | "stopped" | undefined {
    switch (status) {
        case "Succeeded": return "succeeded";
        case "Failed": return "failed";
        // A release that was overtaken is not released, whatever the reason.
        case "Stopped": case "Superseded": case "Cancelled": return "stopped";
        default: return undefined;
    }
}

/**
 * What has changed since it was last looked at, a line each.
 * @param link where a person looks at the execution, and approves
 */
export function newsOf(before: PipelineState | undefined, now: PipelineState, link: string): readonly string[] {
    const known = new Map(before?.actions.map(action => [nameOf(action), action.status]));
    const actions = now.actions.filter(action => known.get(nameOf(action)) !== action.status).map(action => newsOfAction(action, link));
    const started = before === undefined ? [`execution ${now.executionId}: ${link}`] : [];
    const stopping = before?.status !== "Stopping" && now.status === "Stopping" ? ["somebody stops the pipeline"] : [];
    return [...started, ...actions, ...stopping];
}

/** The approval that an execution waits for; undefined for none. */
export function waitingApproval({ status, actions }: PipelineState): ActionState | undefined {
    return status === "InProgress" ? actions.find(action => action.category === "Approval" && action.status === "InProgress") : undefined;
}

/** CodeDeploy's deployment of an execution; undefined as long as there is none. */
export function deploymentOf({ actions }: PipelineState): string | undefined {
    return actions.find(({ provider, externalId }) => provider === "CodeDeploy" && externalId !== undefined)?.externalId;
}

/** The action by which a blue/green stack's pipeline leads the clients to the release; undefined as long as it has not begun. */
export function rollOf({ actions }: PipelineState): ActionState | undefined {
    return actions.find(({ action }) => action === rollAction);
}

/** What the actions of an execution have handed on. */
export function variablesOf({ actions }: PipelineState): Readonly<Record<string, string>> {
    return Object.assign({}, ...actions.map(({ variables }) => variables)) as Readonly<Record<string, string>>;
}

/** Why an execution ended without success, with where to look. */
export function reasonOf(state: PipelineState): string {
    const failed = state.actions.filter(({ status }) => status === "Failed");
    if (failed.length > 0) return failed.map(whyFailed).join("\n");
    return `Execution ${state.executionId} ended as ${state.status}${reasons[state.status] ?? ""}.`;
}

const reasons: Readonly<Record<string, string>> = {
    Superseded: ": a newer release has overtaken this one",
    Stopped: ": somebody has stopped it",
};

function whyFailed(action: ActionState): string {
    if (action.category === "Approval") return `${nameOf(action)}: a person has rejected the release${words(action.message)}`;
    return `${nameOf(action)} failed${words(action.message ?? "CodePipeline gives no reason")}${action.url === undefined ? "" : `\n    ${action.url}`}`;
}

function words(message: string | undefined): string {
    return message === undefined ? "" : `: ${message}`;
}

function newsOfAction(action: ActionState, link: string): string {
    const { category, status, externalId } = action;
    if (status === "Succeeded") return `${nameOf(action)} is done`;
    if (status !== "InProgress") return `${nameOf(action)} ${status === "Failed" ? "failed" : "was abandoned"}`;
    if (category === "Approval") return `${nameOf(action)} waits for a person to approve it: ${link}`;
    return `${nameOf(action)} runs${externalId === undefined ? "" : ` (${externalId})`}`;
}

/** Stage and action; one word where both have the same name. */
export function nameOf({ stage, action }: Pick<ActionState, "stage" | "action">): string {
    return stage === action ? stage : `${stage}/${action}`;
}

/** An execution of a pipeline among its newest. */
export interface ExecutionSummary {
    readonly executionId: string;
    readonly status: string;
    /** Versions of its sources, as far as they are known already. */
    readonly revisions: readonly string[];
}

/** Where a source revision is in a pipeline. */
export type Whereabouts =
    | { readonly executionId: string }
    /** Not taken up as long as this one goes on, which is of something else. */
    | { readonly behind: string }
    /** Perhaps in one that has not said yet what its source is. */
    | "starting"
    | "idle";

/**
 * Finds the execution of a source revision. One that is tried again comes with the same source, and the newest counts.
 * @param newestFirst executions as CodePipeline lists them
 */
export function findRevision(revision: string, newestFirst: readonly ExecutionSummary[]): Whereabouts {
    const found = newestFirst.find(({ revisions }) => revisions.includes(revision));
    if (found !== undefined) return { executionId: found.executionId };
    const goingOn = newestFirst.filter(isGoingOn);
    const ahead = goingOn.findLast(({ revisions }) => revisions.length > 0);
    if (ahead !== undefined) return { behind: ahead.executionId };
    return goingOn.length > 0 ? "starting" : "idle";
}

/** The execution that works at a source revision right now; undefined for none, whatever ended before. */
export function goingOnOf(revision: string, newestFirst: readonly ExecutionSummary[]): string | undefined {
    return newestFirst.find(execution => execution.status === "InProgress" && execution.revisions.includes(revision))?.executionId;
}

function isGoingOn({ status }: ExecutionSummary): boolean {
    return status === "InProgress" || status === "Stopping";
}
