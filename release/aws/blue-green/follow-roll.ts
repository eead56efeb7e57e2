import type { S3Client } from "@aws-sdk/client-s3";
import { otherColour } from "../../blue-green/colour";
import { type ActiveRoll, isStuck } from "../../blue-green/machine";
import type { Roll } from "../../blue-green/roll";
import { describeRollState } from "../../blue-green/step-text";
import type { JournalEntry } from "../../journal";
import type { Owner } from "../../lock";
import { rollUnderWay } from "../../roll-history";
import type { Stage } from "../../stage";
import { waysOn } from "../../ways-on";
import { readColourDocument } from "../colour-document";
import { DeliveryError } from "../error";
import type { FollowOptions } from "../follow-deployment";
import { Poll } from "../poll";
import { StageJournal } from "../stage-journal";
import { readLock, StageLock } from "../stage-lock";
import { colouredStage } from "./coloured-stage";
import { endOfState } from "./drive-to-end";
import { findEntry, type RollNews } from "./roll-journal";
import type { ColourRollEnd } from "./roll-options";

/** Looks in a row at which nobody holds the lock until that is believed: a driver may take it between two answers. */
const looksWithoutDriver = 2;

/** What a look has found: a roll under way, what the journal says of it, and whether anybody holds the lock. */
interface Look {
    readonly state: ActiveRoll | undefined;
    readonly entry: JournalEntry | undefined;
    readonly driven: boolean;
}

/**
 * Follows a roll that somebody else drives, and tells its steps, until its end.
 * @throws DeliveryError needsPerson when nobody drives it any more; the signal's reason when it is aborted. The roll goes on then.
 */
export async function followRoll(s3: S3Client, stage: Stage, id: string, options: FollowOptions & { readonly owner: Owner }): Promise<ColourRollEnd> {
    const { clock, signal, tell, owner } = options;
    const goesOn = `The roll goes on. How it stands: ./gapless status ${stage.stack}. Stop it: ./gapless abort ${stage.stack}.`;
    const poll = new Poll({ clock, signal, goesOn, warn: text => { tell.warn(text); } });
    const lock = new StageLock(s3, stage.releaseBucket, owner, clock);
    const watch = new Watch(stage, id);
    for (;;) {
        const seen = await poll.ask(abort => look(s3, stage, lock, id, abort));
        const end = watch.endBy(seen);
        if (end !== undefined) return end;
        const news = watch.newsOf(seen);
        if (news !== undefined) tell.step(news);
        await poll.rest(news !== undefined);
    }
}

/** What was seen of a roll so far. */
class Watch {
    private known: ActiveRoll | undefined;
    private told: string | undefined;
    private alone = 0;

    constructor(private readonly stage: Stage, private readonly id: string) {}

    /** @throws DeliveryError when it has ended, or will not go on, and nobody says how */
    endBy({ state, entry, driven }: Look): ColourRollEnd | undefined {
        const end = endIn(state, entry, this.known, this.stage);
        if (end !== undefined) return end;
        if (state === undefined) throw unwritten(this.stage, this.id);
        this.alone = driven ? 0 : this.alone + 1;
        if (this.alone === looksWithoutDriver) throw undriven(this.stage, state);
        return undefined;
    }

    newsOf({ state }: Look): string | undefined {
        this.known = state ?? this.known;
        const line = state && describeRollState(state);
        if (line === this.told) return undefined;
        this.told = line;
        return line;
    }
}

/** The lock first: whoever drives takes it before the roll is written down, and frees it after. */
async function look(s3: S3Client, { releaseBucket }: Stage, lock: StageLock, id: string, signal: AbortSignal): Promise<Look> {
    const { standing } = await readLock(lock, signal);
    const state = rollUnderWay(await readColourDocument(s3, releaseBucket, signal));
    return {
        state: state?.roll.id === id ? state : undefined,
        entry: (await new StageJournal(s3, releaseBucket).read(signal)).entries.find(({ deploymentId }) => deploymentId === id),
        driven: standing === "held",
    };
}

/**
 * How a roll has ended that was over before anybody looked.
 * @throws DeliveryError when nobody has written that down
 */
export async function endedRoll(s3: S3Client, stage: Stage, id: string, signal: AbortSignal): Promise<ColourRollEnd> {
    const end = endIn(undefined, await findEntry(s3, stage, id, signal), undefined, stage);
    if (end === undefined) throw unwritten(stage, id);
    return end;
}

function endIn(state: ActiveRoll | undefined, entry: RollNews | undefined, known: ActiveRoll | undefined, stage: Stage): ColourRollEnd | undefined {
    if (state !== undefined) return isStuck(state) ? endOfState(state, []) : undefined;
    if (entry === undefined || entry.result === "inProgress") return undefined;
    const { result, reason, codeDeployId } = entry;
    return {
        roll: known?.roll ?? rollOf(entry, stage), result, left: [], failedInstances: [],
        ...(reason !== undefined && { reason }), ...(codeDeployId !== undefined && { codeDeployId }),
    };
}

/** A roll that was over before anybody looked: what the journal does not say of it is as the stage has it. */
function rollOf({ deploymentId, version, when, colour: to = "green", by, codeDeployId }: RollNews, stage: Stage): Roll {
    const { sizes, shiftPercents, bakeSeconds, warmSeconds } = colouredStage(stage).blueGreen;
    // A roll or a pipeline always deploys; the others do where nothing is warm, and what was deployed is written down.
    const kind = codeDeployId === undefined && (by === "flip" || by === "rollback") ? "flip" : "deploy";
    return {
        id: deploymentId, kind, version, from: otherColour(to), to, begun: when,
        shiftPercents, bakeSeconds, warmSeconds, minSize: sizes.minSize,
    };
}

function undriven({ stack }: Stage, state: ActiveRoll): DeliveryError {
    return new DeliveryError(`Nobody drives roll ${state.roll.id} of ${stack} any more (${describeRollState(state)}). ${waysOn(state, stack)}`, "needsPerson");
}

function unwritten({ stack }: Stage, id: string): DeliveryError {
    return new DeliveryError(`Roll ${id} of ${stack} has ended, and nobody has written down how. What serves: ./gapless status ${stack}.`);
}
