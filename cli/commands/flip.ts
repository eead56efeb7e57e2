import { makeColourClients } from "../../release/aws/blue-green/clients";
import { flipColours } from "../../release/aws/blue-green/flip-colours";
import { readColourDocument } from "../../release/aws/colour-document";
import { warmColour } from "../../release/aws/blue-green/warm-colour";
import { readHistory } from "../../release/aws/history";
import { otherColour } from "../../release/blue-green/colour";
import type { Roll } from "../../release/blue-green/roll";
import { inSeconds } from "../../release/time-text";
import { DeliveryError } from "../../release/aws/error";
import { clientsOf } from "../clients";
import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";
import { type OpenStage, openStage } from "../open-stage";
import { driveRoll } from "../roll-release";
import { needBlueGreen } from "../roll-words";
import type { WaitWords } from "../words/release";

/** Leads the clients to the other colour: by one call while that is warm, else by a whole deployment of what serves. */
export async function flipCommand(stack: string, { wait }: WaitWords, context: CommandContext): Promise<ExitCode> {
    const open = await openStage(stack, context);
    needBlueGreen(open.stage, "flip", `. To go back: ./gapless rollback ${stack}`);
    const told = await tellFlip(open, context);
    return driveRoll(open, {}, context, async drive => {
        const end = await flipColours(makeColourClients(open.access), open.stage, { ...drive, by: "flip", waitMinutes: wait });
        tellOther(told, end.roll, context);
        return end;
    });
}

type Told = Pick<Roll, "kind" | "version">;

/** Says what a flip is now, before anything is done. Whoever is at work may change that, and it is carried out by what is true then. */
async function tellFlip(open: OpenStage, { clock, signal, tell }: CommandContext): Promise<Told> {
    const { stack, releaseBucket, blueGreen } = open.stage;
    const { s3, codeDeploy } = clientsOf(open);
    const warm = warmColour(await readColourDocument(s3, releaseBucket, signal), clock.now());
    if (warm !== undefined) {
        tell.step(`${warm.colour} is warm with release ${warm.release.version} until ${inSeconds(warm.until)}: it takes all requests by one call`);
        return { kind: "flip", version: warm.release.version };
    }
    const { running } = await readHistory(codeDeploy, s3, open.stage, { signal });
    if (running?.version === undefined) throw new DeliveryError(`Nothing serves in ${stack} that one knows of, so there is nothing to flip: ./gapless deploy ${stack}`, "usage");
    tell.step(`${otherColour(blueGreen?.active ?? "green")} is not warm: release ${running.version}, which serves, is deployed to it first, which takes as long as any deployment`);
    return { kind: "deploy", version: running.version };
}

/** Somebody else was at work until the lock was free. */
function tellOther(told: Told, { kind, version, to }: Roll, { tell }: CommandContext): void {
    if (kind === told.kind && version === told.version) return;
    const how = kind === "flip" ? "by one call, since that was warm" : "by a whole deployment, since no colour was warm any more";
    tell.warn(`others were at work meanwhile, so this was another flip than announced: release ${version} was led to ${to} ${how}`);
}
