import type { ColourRelease } from "../../blue-green/document";
import { readHistory } from "../history";
import { findRelease } from "../releases";
import type { ColourSession } from "./colour-session";

/**
 * Writes down what serves on the colour that is left, where no roll has brought it: what was deployed before there was a second colour.
 * Without it, nobody would know what to go back to.
 */
export async function rememberServing({ clients: { s3, codeDeploy }, stage, colours, options: { tell }, signal }: ColourSession): Promise<void> {
    const { active } = stage.blueGreen;
    if ((await colours.read(signal)).value[active] !== null) return;
    const { running } = await readHistory(codeDeploy, s3, stage, { signal });
    if (running?.version === undefined) return;
    const { version } = running;
    let release: ColourRelease;
    try {
        release = { version, image: running.entry?.image ?? (await findRelease(s3, stage.releaseBucket, version, signal)).image };
    } catch (error) {
        signal.throwIfAborted();
        tell.warn(`what serves on ${active} is not written down, so one cannot flip back to it: ${(error as Error).message}`);
        return;
    }
    await colours.change(document => (document[active] === null ? { ...document, [active]: release } : document), signal);
}
