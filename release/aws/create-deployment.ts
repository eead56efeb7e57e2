import { type CodeDeployClient, CreateDeploymentCommand, type CreateDeploymentInput, type DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { Stage } from "../stage";
import { attemptOnce } from "./attempt-once";
import { listDeployments } from "./deployment-infos";
import { DeliveryError } from "./error";
import { Poll } from "./poll";
import type { StoredRelease } from "./releases";
import { awaitNobodyAtWork, type WaitOptions } from "./stage-at-work";

export interface CreateOptions extends WaitOptions {
    readonly who: string;
    /** Whether it may begin and go on while an alarm of the group fires. @default false */
    readonly pastAlarms?: boolean;
    /** By which it is known again, with the release's version. @default the release and who */
    readonly description?: string;
    /** Which instances are taken at once. @default the group's */
    readonly deploymentConfigName?: string;
    /** Whether CodeDeploy itself deploys what was there before when it fails. @default the group's */
    readonly rollsBack?: false | undefined;
}

// What AWS refuses with DescriptionTooLongException is written down nowhere; so much passes.
const longestDescription = 256;
const mostFailures = 3;
const callSeconds = 60;
// An answer may get lost long before what it answers for is to be seen.
const settleSeconds = 10;
// This machine's clock and AWS's may differ.
const lookBackMinutes = 60;

/**
 * Has CodeDeploy deploy a release; the id of the deployment. Never makes two: nothing tells CodeDeploy that a second call means
 * the same deployment, so when an answer is lost, the stage's deployments are looked at before it is asked again.
 * @throws DeliveryError needsPerson when somebody else's deployment is in the way for longer than `waitMinutes`
 */
export async function createDeployment(codeDeploy: CodeDeployClient, stage: Stage, release: StoredRelease, options: CreateOptions): Promise<string> {
    const { clock, signal, tell, waitMinutes } = options;
    const deadline = clock.now().getTime() + waitMinutes * 60_000;
    const start = new Date(clock.now().getTime() - lookBackMinutes * 60_000);
    const poll = new Poll({ clock, signal, warn: text => { tell.warn(text); }, goesOn: unseen(stage, release) });
    const recent = (): Promise<readonly DeploymentInfo[]> => poll.ask(abort => listDeployments(codeDeploy, stage, { createTimeRange: { start }, signal: abort }));
    const input = deploymentInput(stage, release, options);
    const before = new Set((await recent()).map(({ deploymentId }) => deploymentId));
    for (let failures = 0; ;) {
        signal.throwIfAborted();
        // Without the signal: an answer that nobody waits for would be a deployment that nobody knows of.
        const attempt = await attemptOnce(codeDeploy, new CreateDeploymentCommand(input), callSeconds);
        if (attempt.what === "done") return attempt.output.deploymentId ?? "";

        await poll.rest(false, attempt.what === "unclear" ? settleSeconds : 0);
        const own = (await recent()).find(({ deploymentId, description }) => !before.has(deploymentId) && description === input.description);
        if (own?.deploymentId !== undefined) return own.deploymentId;
        if (attempt.what === "limit") await awaitTurn(codeDeploy, stage, attempt.error, deadline, options);
        else failures += 1;
        if (failures === mostFailures) throw new DeliveryError(`CodeDeploy has not taken release ${release.version}: ${attempt.error.message}. ${unseen(stage, release)}`);
    }
}

function unseen({ stack }: Stage, { version }: StoredRelease): string {
    return `Whether release ${version} is being deployed all the same was not seen. Look before you try again: ./gapless status ${stack}.`;
}

function deploymentInput(stage: Stage, release: StoredRelease, options: CreateOptions): CreateDeploymentInput {
    const { who, pastAlarms = false, description = `release ${release.version} by ${who}`, deploymentConfigName, rollsBack } = options;
    return {
        applicationName: stage.codeDeployApplication,
        deploymentGroupName: stage.deploymentGroup,
        // With version and ETag: a roll back must fetch these very bytes, and nothing else may pass for them.
        revision: {
            revisionType: "S3",
            s3Location: { bucket: stage.releaseBucket, key: release.key, bundleType: "zip", version: release.objectVersion, eTag: release.etag },
        },
        description: description.slice(0, longestDescription),
        ...(deploymentConfigName !== undefined && { deploymentConfigName }),
        ...(rollsBack === false && { autoRollbackConfiguration: { enabled: false } }),
        ...(pastAlarms && { overrideAlarmConfiguration: { enabled: false } }),
    };
}

/** Waits until whoever is in the way is done. */
async function awaitTurn(codeDeploy: CodeDeployClient, stage: Stage, limit: Error, deadline: number, options: WaitOptions): Promise<void> {
    const minutesLeft = Math.max(0, (deadline - options.clock.now().getTime()) / 60_000);
    await awaitNobodyAtWork({ codeDeploy }, stage, { ...options, waitMinutes: minutesLeft });
    // Nobody of this stage: then it is a limit of the account, or ended just now.
    if (minutesLeft === 0) throw new DeliveryError(`CodeDeploy takes no deployment of ${stage.stack} now: ${limit.message}`, "needsPerson", { cause: limit });
}
