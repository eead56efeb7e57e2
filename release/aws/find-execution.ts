import type { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { findRevision, type Whereabouts } from "../pipeline-progress";
import type { FollowOptions } from "./follow-deployment";
import { newestExecutions } from "./pipelines";
import { Poll } from "./poll";

/** What is looked for, where, and until when. */
export interface Search {
    readonly codePipeline: CodePipelineClient;
    readonly pipeline: string;
    readonly objectVersion: string;
    /** Milliseconds since 1970. */
    readonly deadline: number;
}

/** Minutes for which an idle pipeline may not have heard of a new object: EventBridge usually takes seconds. */
const appearMinutes = 10;

/**
 * Waits for the execution that takes this version of the object as its source. Where it was seen last, when the time is over;
 * `missed` when the pipeline was idle for so long that it will not come.
 */
export async function findExecution(search: Search, { stack, clock, signal, tell, patienceMinutes }: FollowOptions): Promise<Whereabouts | "missed"> {
    const { codePipeline, pipeline, objectVersion, deadline } = search;
    const poll = new Poll({
        clock, signal, warn: text => { tell.warn(text); }, patienceMinutes,
        goesOn: `Pipeline ${pipeline} takes up the release all the same (version ${objectVersion} of its source). To see what comes of it: ./gapless status ${stack}`,
    });
    let idleSince = clock.now().getTime();
    let told: string | undefined;
    for (;;) {
        const where = findRevision(objectVersion, await poll.ask(abort => newestExecutions(codePipeline, pipeline, abort)));
        const now = clock.now().getTime();
        // An execution that waits for another to end may not tell its source yet, so only an idle pipeline has missed the version.
        if (where !== "idle") idleSince = now;
        if (now - idleSince >= appearMinutes * 60_000) return "missed";
        if (isFound(where) || now >= deadline) return where;
        const news = typeof where === "string" ? `waiting for pipeline ${pipeline} to take up the release` : `waiting behind execution ${where.behind} of pipeline ${pipeline}`;
        if (news !== told) tell.step(news);
        await poll.rest(news !== told);
        told = news;
    }
}

function isFound(where: Whereabouts): where is Exclude<Whereabouts, string | { readonly behind: string }> {
    return typeof where !== "string" && "executionId" in where;
}
