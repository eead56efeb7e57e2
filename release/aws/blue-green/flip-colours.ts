import type { Stage } from "../../stage";
import { DeliveryError } from "../error";
import { readHistory } from "../history";
import { rollTo } from "./begin-roll";
import type { ColourClients } from "./clients";
import { awaitBothIdle, type ColourSession, stageThatServes, underLock } from "./colour-session";
import { colouredStage } from "./coloured-stage";
import type { ColourRollEnd, ColourRollOptions } from "./roll-options";
import { settleLeft, type Wish } from "./settle-left";
import { warmColour } from "./warm-colour";

export interface FlipOptions extends ColourRollOptions {
    /** Release to serve then: by one call when it is the warm colour's, else it is deployed. @default the warm colour's; the one that serves when none is warm */
    readonly version?: string;
}

/** Leads the clients to the other colour: at once while that is warm, else the release that serves is deployed to it first. Throws as rollColours does. */
export async function flipColours(clients: ColourClients, stage: Stage, options: FlipOptions): Promise<ColourRollEnd> {
    const { version } = options;
    return underLock(clients, colouredStage(stage), options.by, options, async session => {
        const isWanted: Wish = ({ roll }, document) => (roll.kind === "flip"
            ? version === undefined || roll.version === version
            : roll.version === (version ?? document[roll.from]?.version));
        return await settleLeft(session, isWanted, options) ?? await flipAnew(session, options);
    });
}

async function flipAnew(before: ColourSession, options: FlipOptions): Promise<ColourRollEnd> {
    await awaitBothIdle(before);
    const session = { ...before, stage: await stageThatServes(before) };
    const { colours, stage, signal } = session;
    const warm = warmColour((await colours.read(signal)).value, options.clock.now());
    const isIdle = warm !== undefined && warm.colour !== stage.blueGreen.active;
    if (isIdle && (options.version ?? warm.release.version) === warm.release.version) return rollTo(session, warm.release.version, warm, options);
    return rollTo(session, options.version ?? await servingVersion(session), undefined, options);
}

async function servingVersion({ clients: { codeDeploy, s3 }, stage, signal }: ColourSession): Promise<string> {
    const { running } = await readHistory(codeDeploy, s3, stage, { signal });
    if (running?.version !== undefined) return running.version;
    throw new DeliveryError(`Which release serves in ${stage.stack} is not known, so there is none to bring to the other colour: ./gapless deploy ${stage.stack}`, "usage");
}
