import type { Stage } from "../../stage";
import { readHistory } from "../history";
import { keepImage } from "../keep-image";
import { readyRelease } from "../ready-release";
import { servesAlready } from "../serves-already";
import { rollTo } from "./begin-roll";
import type { ColourClients } from "./clients";
import { awaitBothIdle, type ColourSession, stageThatServes, underLock } from "./colour-session";
import { colouredStage } from "./coloured-stage";
import type { ColourRollEnd, ColourRollOptions } from "./roll-options";
import { settleLeft, type Wish } from "./settle-left";

/**
 * Brings a release to the idle colour, and the clients to it. What an earlier driver has left is gone on with when it is of this release, else undone first.
 * @returns undefined when the release serves already
 * @throws DeliveryError usage when bundle or image is not there, needsPerson when lock or another deployment is in the way for too long, or was lost
 */
export async function rollColours(clients: ColourClients, stage: Stage, version: string, options: ColourRollOptions): Promise<ColourRollEnd | undefined> {
    const coloured = colouredStage(stage);
    const { s3, ecr } = clients;
    // What cannot be deployed is not waited for.
    await readyRelease(s3, ecr, stage, version, options.signal);
    return underLock(clients, coloured, options.by, options, async session => {
        const isWanted: Wish = ({ roll: left }) => left.kind === "deploy" && left.version === version;
        return await settleLeft(session, isWanted, options) ?? await rollAnew(session, version, options);
    });
}

async function rollAnew(before: ColourSession, version: string, options: ColourRollOptions): Promise<ColourRollEnd | undefined> {
    await awaitBothIdle(before);
    const session = { ...before, stage: await stageThatServes(before) };
    const { clients: { codeDeploy, s3, ecr }, stage, signal } = session;
    const past = await readHistory(codeDeploy, s3, stage, { signal });
    if (!await servesAlready(codeDeploy, past, version, signal)) return rollTo(session, version, undefined, options);
    await keepImage(ecr, stage, await readyRelease(s3, ecr, stage, version, signal), options.tell);
    return undefined;
}
