import { spawn } from "node:child_process";
import { pathToFileURL } from "node:url";

/** No browser could be asked to show a page. */
export class OpenError extends Error {
    override readonly name = "OpenError";
}

/** A program that refuses does so soon; one that shows the page itself may run as long as the page is open. */
const refusesWithinMs = 3_000;

/** The program of a system that opens a file as its user has chosen, and its words. */
export function openerOf(path: string, platform: NodeJS.Platform): readonly [program: string, ...words: string[]] {
    if (platform === "darwin") return ["open", path];
    // `start` takes its first quoted word for the title of a window.
    return platform === "win32" ? ["cmd", "/c", "start", "", path] : ["xdg-open", path];
}

/**
 * Shows a page in the user's browser, which lives on without us.
 * @throws OpenError when there is none
 */
export async function openPage(path: string, platform: NodeJS.Platform = process.platform): Promise<void> {
    const [program, ...words] = openerOf(path, platform);
    const problem = await new Promise<string | undefined>(resolve => {
        const child = spawn(program, words, { detached: true, stdio: "ignore" });
        const timer = setTimeout(() => { resolve(undefined); }, refusesWithinMs);
        const end = (text: string | undefined): void => {
            clearTimeout(timer);
            resolve(text);
        };
        child.once("error", error => { end("code" in error && error.code === "ENOENT" ? `${program} is missing` : error.message); });
        child.once("exit", code => { end(code === 0 ? undefined : `${program} failed with exit code ${code ?? "none"}`); });
        child.unref();
    });
    if (problem !== undefined) throw new OpenError(`No browser can be opened here: ${problem}. Open ${pathToFileURL(path).href} yourself.`);
}
