import { makeColourClients } from "../release/aws/blue-green/clients";
import { rollColours } from "../release/aws/blue-green/roll-colours";
import type { ColourRollEnd, ColourRollOptions, DriveRollOptions } from "../release/aws/blue-green/roll-options";
import { readColourDocument } from "../release/aws/colour-document";
import { roll, type RollOptions } from "../release/aws/roll";
import { endOfRoll } from "../release/aws/roll-end";
import { readLock, StageLock, thisOwner } from "../release/aws/stage-lock";
import { type ActiveRoll, canTurnBack } from "../release/blue-green/machine";
import type { Owner } from "../release/lock";
import { rollUnderWay } from "../release/roll-history";
import type { RollWishes } from "../release/roll-wishes";
import { clientsOf } from "./clients";
import type { CommandContext } from "./context";
import { type ExitCode, exitCodes } from "./exit-code";
import { followView } from "./follow-view";
import type { OpenStage } from "./open-stage";
import { tellEnd, tellNothingNew, type ToldRelease } from "./tell-end";
import type { WaitWords } from "./words/release";

/** Puts a release that is in the bucket before the clients, past the pipeline, in the way of the stack, and tells the end of it. */
export async function rollRelease(
    open: OpenStage, release: ToldRelease & { readonly version: string }, wishes: RollWishes, words: WaitWords, context: CommandContext,
): Promise<ExitCode> {
    const { version } = release;
    if (open.stage.blueGreen !== undefined) {
        return driveRoll(open, release, context, async drive =>
            await rollColours(makeColourClients(open.access), open.stage, version, { ...drive, ...wishes, by: "roll", waitMinutes: words.wait }) ?? tellNothingNew(open, version, context));
    }
    const end = await roll(clientsOf(open), open.stage, { version }, rollOptions(open, "roll", words, context));
    return end === undefined ? tellNothingNew(open, version, context) : tellEnd(open, release, end, context);
}

export function rollOptions({ stage }: OpenStage, by: RollOptions["by"], { wait }: WaitWords, { clock, signal, env, tell }: CommandContext): RollOptions {
    return { by, clock, signal, stack: stage.stack, tell: followView(tell), owner: thisOwner(env), waitMinutes: wait };
}

/** What every roll from one colour to the other is driven by. */
export type Driving = Omit<DriveRollOptions, "waitMinutes" | "stop"> & Pick<Required<ColourRollOptions>, "stop">;

export function drivingBy({ stage }: OpenStage, { clock, signal, env, tell }: CommandContext): Omit<Driving, "stop"> {
    return { clock, signal, stack: stage.stack, tell: followView(tell), owner: thisOwner(env) };
}

/**
 * Drives a roll and tells its end. The first Ctrl-C turns it back; the second leaves it where it is, and whoever comes next goes on.
 * @param release as far as it is known before; what has become of it is told of the roll's own
 * @param drive an exit code where there was nothing to do, and that was told
 */
export async function driveRoll(
    open: OpenStage, release: ToldRelease, context: CommandContext, drive: (options: Driving) => Promise<ColourRollEnd | ExitCode>,
): Promise<ExitCode> {
    const { clock } = context;
    const begun = clock.now().getTime();
    const stop = new AbortController();
    let endCommand = (): void => undefined;
    const takeBack = context.interruptsAsWish((reason, end) => {
        endCommand = end;
        void wishEnd(open, context, { turnBack: () => { stop.abort(reason); }, end });
    });
    try {
        const end = await drive({ ...drivingBy(open, context), stop: stop.signal });
        if (typeof end === "number") return end;
        const told = endOfRoll(end);
        const seconds = (clock.now().getTime() - begun) / 1000;
        const times = { seconds, ...(end.call && { secondsToCall: (end.call.at.getTime() - begun) / 1000 }) };
        const code = await tellEnd(open, { ...release, version: end.roll.version }, { ...told, ...(told.roll && { roll: { ...told.roll, ...times } }) }, context);
        return end.result === "stopped" && stop.signal.aborted ? exitCodes.interrupted : code;
    } catch (error) {
        if (stop.signal.aborted && error === stop.signal.reason) {
            // An earlier roll has come to its end, and none was begun after it.
            endCommand();
            context.signal.throwIfAborted();
        }
        throw error;
    } finally {
        takeBack();
    }
}

interface Wish {
    readonly turnBack: () => void;
    /** Ends the command. */
    readonly end: () => void;
}

/** What this process drives goes back; one that still waits for others has begun nothing, and ends. */
async function wishEnd(open: OpenStage, { env, signal, tell }: CommandContext, { turnBack, end }: Wish): Promise<void> {
    tell.step("interrupted: looking where the roll stands. Once more leaves it there");
    const state = await ownRoll(open, thisOwner(env), signal);
    // The one after it has come meanwhile.
    if (signal.aborted) return;
    if (state === "none") {
        end();
        return;
    }
    tell.warn(describeWish(state, open.stage.stack));
    // Also when it is too late for this roll, which may be one that was left before: then no other is begun after it.
    turnBack();
}

/** The roll that this process drives; undefined when that cannot be seen. */
async function ownRoll({ stage: { releaseBucket }, access }: OpenStage, owner: Owner, signal: AbortSignal): Promise<ActiveRoll | "none" | undefined> {
    const { s3 } = clientsOf({ access });
    try {
        const [{ holder }, colours] = await Promise.all([readLock(new StageLock(s3, releaseBucket, owner), signal), readColourDocument(s3, releaseBucket, signal)]);
        const isOurs = holder?.pid === owner.pid && holder.host === owner.host;
        return (isOurs ? rollUnderWay(colours) : undefined) ?? "none";
    } catch {
        // Whatever it is: to go back is never wrong, and another Ctrl-C ends the command.
        return undefined;
    }
}

function describeWish(state: ActiveRoll | undefined, stack: string): string {
    if (state?.phase === "forward" && !canTurnBack(state)) {
        const { to, version } = state.roll;
        return `too late to go back: ${to} serves release ${version}, and what is left of the roll is done. To go back then: ./gapless rollback ${stack}`;
    }
    const what = state?.phase === "back" ? "going back already" : "going back";
    return `${what}, which takes a while. Once more leaves the roll where it is; ./gapless abort ${stack} goes on with its way back then`;
}
