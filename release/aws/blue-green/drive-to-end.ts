import { CreateInvalidationCommand } from "@aws-sdk/client-cloudfront";
import { driveRoll } from "../../blue-green/drive";
import type { ActiveRoll, RollState } from "../../blue-green/machine";
import { describeRollState } from "../../blue-green/step-text";
import type { FailedInstance } from "../../deployment-end";
import { keepImage } from "../keep-image";
import type { FoundRelease } from "../releases";
import { AwsRollDriver } from "./aws-driver";
import type { ColourSession } from "./colour-session";
import { RollBook } from "./roll-book";
import { type RollNews, writeVerdict } from "./roll-journal";
import type { ColourRollEnd } from "./roll-options";
import { readEnd } from "./scheduled-end";
import type { RollNotes } from "./step-work";

/** What is known of the release that a roll brings. Nothing of it is needed to go back. */
export interface RollSubject {
    readonly release?: FoundRelease | undefined;
    /** In the journal; undefined when another process has written it there. */
    readonly entry?: RollNews | undefined;
}

/** Drives a roll from where it stands, on AWS, and does what is left to do when it has ended. */
export async function driveToEnd(session: ColourSession, start: ActiveRoll, { release, entry }: RollSubject): Promise<ColourRollEnd> {
    const { clients, stage, colours, options, signal } = session;
    const { clock, tell, owner, stop } = options;
    const notes: RollNotes = { failedInstances: [], weightsMoved: false };
    const warn = (text: string): void => { tell.warn(text); };
    const book = new RollBook({
        stack: stage.stack, document: colours, release: release ? { version: release.version, image: release.image } : null, clock, signal, warn,
        endOf: (colour, abort) => readEnd(clients.autoScaling, stage.blueGreen[colour].autoScalingGroup, abort),
        writeEnd: state => writeVerdict(clients.s3, stage, state.roll, { result: state.outcome, reason: state.reason, codeDeployId: state.deploymentId }, entry, options),
    });
    const state = await driveRoll(start, new AwsRollDriver({ clients, stage, clock, tell, who: owner.who, notes }), book, {
        clock, signal, ...(stop && { stop }), tell: (_, at) => { tell.step(describeRollState(at)); },
    });
    const end = { ...endOfState(state, notes.failedInstances), ...callIn(notes) };
    if (end.result === "failed") await writeVerdict(clients.s3, stage, end.roll, { ...end, reason: `${end.reason ?? ""}; the way back is blocked: ${end.problem ?? ""}` }, entry, options);
    if (end.result === "succeeded" && release) await keepImage(clients.ecr, stage, release, tell);
    if (end.result === "succeeded" || notes.weightsMoved) await emptyCache(session, end);
    return end;
}

function callIn({ call }: RollNotes): Pick<ColourRollEnd, "call"> {
    return call === undefined ? {} : { call };
}

/** What has become of a roll that ended, or that is stuck on its way back. */
export function endOfState(state: RollState, failedInstances: readonly FailedInstance[]): ColourRollEnd {
    const { roll, left, deploymentId } = state;
    const common = { roll, left, failedInstances, ...(deploymentId !== undefined && { codeDeployId: deploymentId }) };
    if (state.phase === "ended") return { ...common, result: state.outcome, ...(state.reason !== undefined && { reason: state.reason }) };
    if (state.phase === "forward") return { ...common, result: "failed" };
    return { ...common, result: "failed", reason: state.cause.reason, ...(state.problem !== undefined && { problem: state.problem }) };
}

/** Does not wait for it: that takes minutes. Also of a roll that went back, since what it answered meanwhile may have been kept. */
async function emptyCache({ clients: { cloudFront }, stage: { distribution }, options: { tell } }: ColourSession, { roll, result }: ColourRollEnd): Promise<void> {
    if (distribution === undefined) return;
    try {
        await cloudFront.send(new CreateInvalidationCommand({
            DistributionId: distribution,
            // Asked again by the same name, CloudFront answers with the invalidation that it has.
            InvalidationBatch: { CallerReference: `${roll.id}-${result}`, Paths: { Quantity: 1, Items: ["/*"] } },
        }));
        tell.step(`CloudFront ${distribution} asks for everything anew`);
    } catch (error) {
        tell.warn(`CloudFront's cache could not be emptied, so old pages may be seen: ${(error as Error).message}. aws cloudfront create-invalidation --distribution-id ${distribution} --paths '/*' does it`);
    }
}
