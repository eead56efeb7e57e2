import type { Colour } from "./blue-green/colour";
import type { ColourDocument } from "./blue-green/document";
import type { ActiveRoll } from "./blue-green/machine";
import type { Running, SettledEntry } from "./history";

/** Whether the journal means a roll of colours by this name, and no deployment of CodeDeploy. */
export function isRollId(deploymentId: string): boolean {
    return deploymentId.startsWith("bg-");
}

/** The roll under way, whether somebody drives it or not. */
export function rollUnderWay({ roll }: Pick<ColourDocument, "roll">): ActiveRoll | undefined {
    return roll ?? undefined;
}

/** The journal's rolls as the colours' document knows them: a command that was killed leaves `inProgress` behind. */
export function settleRolls(entries: readonly SettledEntry[], { roll }: Pick<ColourDocument, "roll">): readonly SettledEntry[] {
    return entries.map(entry => {
        if (entry.result !== "inProgress" || !isRollId(entry.deploymentId)) return entry;
        // A stack has one roll at a time, so another one means that this has ended.
        return roll?.roll.id === entry.deploymentId ? entry : { ...entry, result: "unknown" };
    });
}

/** The release on a colour, by what was installed there last; undefined when no roll has brought one yet. */
export function runningOn(colour: Colour, entries: readonly SettledEntry[], document: Pick<ColourDocument, Colour>): Running | undefined {
    const release = document[colour];
    if (release === null) return undefined;
    const { version } = release;
    const of = (result: SettledEntry["result"]): SettledEntry | undefined => entries.findLast(entry => entry.version === version && entry.result === result);
    // That it serves is known, even where nobody has written down how its roll ended.
    const entry = of("succeeded") ?? of("unknown") ?? of("inProgress");
    return { version, ...(entry && { entry, deploymentId: entry.deploymentId }) };
}
