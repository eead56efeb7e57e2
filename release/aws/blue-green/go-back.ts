import type { JournalEntry } from "../../journal";
import { rollUnderWay } from "../../roll-history";
import type { Stage } from "../../stage";
import { type History, readHistory } from "../history";
import { servesAlready } from "../serves-already";
import { rollTo } from "./begin-roll";
import type { ColourClients } from "./clients";
import { awaitBothIdle, type ColourSession, stageThatServes, underLock } from "./colour-session";
import { colouredStage } from "./coloured-stage";
import { warmAndIdle } from "./flip-colours";
import type { ColourRollEnd, ColourRollOptions } from "./roll-options";
import { settleLeft, type Wish } from "./settle-left";

/** Which release a person wants back, by what serves and has served. */
export interface Choice {
    /** Gives its version, while nobody else is at work. */
    choose(past: History): Promise<string>;
    /** Whether a roll that was left was begun for the same wish. Any other one is a person's to decide about first: what would be the release before is unclear. */
    isSame(left: Pick<JournalEntry, "by" | "version">, past: History): boolean;
}

/**
 * Leads the clients back to a release: by one call where it is the warm colour's, else it is deployed to the idle one first. Throws as rollColours does.
 * @returns undefined when the release serves already
 */
export async function goBack(clients: ColourClients, stage: Stage, choice: Choice, options: ColourRollOptions): Promise<ColourRollEnd | undefined> {
    return underLock(clients, colouredStage(stage), options.by, options, async session =>
        await settleLeft(session, await wishOf(session, choice), options) ?? await goBackAnew(session, choice, options));
}

async function wishOf({ clients: { codeDeploy, s3 }, stage, signal }: ColourSession, choice: Choice): Promise<Wish> {
    const past = await readHistory(codeDeploy, s3, stage, { signal });
    const id = past.colours && rollUnderWay(past.colours)?.roll.id;
    const entry = past.entries.find(({ deploymentId }) => deploymentId === id);
    return () => (entry !== undefined && choice.isSame(entry, past) ? true : "unclear");
}

async function goBackAnew(before: ColourSession, choice: Choice, options: ColourRollOptions): Promise<ColourRollEnd | undefined> {
    await awaitBothIdle(before);
    const session = { ...before, stage: await stageThatServes(before) };
    const { clients: { codeDeploy, s3 }, stage, signal } = session;
    const past = await readHistory(codeDeploy, s3, stage, { signal });
    const version = await choice.choose(past);
    if (await servesAlready(codeDeploy, past, version, signal)) return undefined;
    const warm = await warmAndIdle(session);
    return rollTo(session, version, warm?.release.version === version ? { ...warm, urgent: true } : undefined, options);
}
