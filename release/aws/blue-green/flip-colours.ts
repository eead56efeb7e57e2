import type { Stage } from "../../stage";
import { DeliveryError } from "../error";
import { readHistory } from "../history";
import { rollTo } from "./begin-roll";
import type { ColourClients } from "./clients";
import { awaitBothIdle, type ColourSession, stageThatServes, underLock } from "./colour-session";
import { colouredStage } from "./coloured-stage";
import type { ColourRollEnd, ColourRollOptions } from "./roll-options";
import { settleLeft, type Wish } from "./settle-left";
import { type WarmColour, warmColour } from "./warm-colour";

/** Leads the clients to the other colour: at once while that is warm, else the release that serves is deployed to it first. Throws as rollColours does. */
export async function flipColours(clients: ColourClients, stage: Stage, options: ColourRollOptions): Promise<ColourRollEnd> {
    const isWanted: Wish = ({ roll }, document) => roll.kind === "flip" || roll.version === document[roll.from]?.version;
    return underLock(clients, colouredStage(stage), options.by, options, async session =>
        await settleLeft(session, isWanted, options) ?? await flipAnew(session, options));
}

async function flipAnew(before: ColourSession, options: ColourRollOptions): Promise<ColourRollEnd> {
    await awaitBothIdle(before);
    const session = { ...before, stage: await stageThatServes(before) };
    const warm = await warmAndIdle(session);
    return rollTo(session, warm?.release.version ?? await servingVersion(session), warm && { ...warm, urgent: false }, options);
}

/** The colour to which one call leads the clients; undefined for none. */
export async function warmAndIdle({ colours, stage, options, signal }: ColourSession): Promise<WarmColour | undefined> {
    const warm = warmColour((await colours.read(signal)).value, options.clock.now());
    return warm?.colour === stage.blueGreen.active ? undefined : warm;
}

async function servingVersion({ clients: { codeDeploy, s3 }, stage, signal }: ColourSession): Promise<string> {
    const { running } = await readHistory(codeDeploy, s3, stage, { signal });
    if (running?.version !== undefined) return running.version;
    throw new DeliveryError(`Which release serves in ${stage.stack} is not known, so there is none to bring to the other colour: ./gapless deploy ${stage.stack}`, "usage");
}
