import { DeliveryError } from "../../release/aws/error";
import type { CommandContext } from "../context";
import type { Tools } from "./tools";

/** The answer to a plain question; its first letter will do. */
export const agreed = "yes";

/** How a person agrees: by --yes, or by what `ask` asks them. */
export interface Consent {
    readonly yes: boolean;
    readonly ask: Tools["ask"];
}

/** @throws DeliveryError (usage) where there is neither --yes nor anybody to ask; @param hint what else to do then */
export function needSomeone({ yes, ask }: Consent, what: string, hint: string): void {
    if (!yes && !ask) throw new DeliveryError(`There is nobody to ask whether to ${what}: ${hint}.`, "usage");
}

/** @throws DeliveryError (needsPerson) unless the answer is the one that is wanted */
export async function confirm({ yes, ask }: Consent, question: string, wanted: string, { signal }: CommandContext): Promise<void> {
    if (yes || !ask) return;
    const answer = await ask(question, signal);
    if (answer === wanted || (wanted === agreed && /^y(es)?$/i.test(answer))) return;
    throw new DeliveryError(`Nothing was done: the answer was ${answer === "" ? "empty" : `"${answer}"`}, not ${wanted}.`, "needsPerson");
}

