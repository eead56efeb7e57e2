import type { CodeDeployClient, CreateDeploymentCommand, CreateDeploymentCommandInput, CreateDeploymentCommandOutput } from "@aws-sdk/client-codedeploy";
import type { FinalizeRequestMiddleware } from "@smithy/types";
import { isTransient } from "./transient";

/**
 * What one try has come to: `limit`, another deployment is in the way; `busy`, AWS has done nothing for now; `unclear`, nobody
 * has heard whether AWS has done it.
 */
export type Attempt =
    | { readonly what: "done"; readonly output: CreateDeploymentCommandOutput }
    | { readonly what: "limit" | "busy" | "unclear"; readonly error: Error };

/** Tries a call a single time, however often the client itself would. @throws what AWS refuses for good */
export async function attemptOnce(codeDeploy: CodeDeployClient, command: CreateDeploymentCommand, seconds: number): Promise<Attempt> {
    // Inside the retries: what has another name is not tried again.
    command.middlewareStack.addRelativeTo(onlyTry, { name: "onlyTry", relation: "after", toMiddleware: "retryMiddleware" });
    try {
        return { what: "done", output: await codeDeploy.send(command, { abortSignal: AbortSignal.timeout(seconds * 1000) }) };
    } catch (error) {
        const cause = error instanceof OnlyTry ? error.failure : error;
        if (cause instanceof Error) return { what: kindOf(cause), error: cause };
        throw cause;
    }
}

/** @throws the error itself when it is a refusal for good */
function kindOf(error: Error): "limit" | "busy" | "unclear" {
    if (error.name === "DeploymentLimitExceededException") return "limit";
    if (error.name.startsWith("Throttling")) return "busy";
    if (isTransient(error) || error.name === "AbortError") return "unclear";
    throw error;
}

const onlyTry: FinalizeRequestMiddleware<CreateDeploymentCommandInput, CreateDeploymentCommandOutput> = next => async args => {
    try {
        return await next(args);
    } catch (failure) {
        throw new OnlyTry(failure);
    }
};

class OnlyTry extends Error {
    override readonly name = "OnlyTry";

    /** @param failure not as the cause, in which the client would look for reasons to try again */
    constructor(readonly failure: unknown) {
        super("The only try has failed.");
    }
}
