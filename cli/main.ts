import { makeProgram } from "./program";
import { start } from "./start";

// ./gapless starts this file translated and in one piece, so that help is quick; the commands are TypeScript.
async function loadTranslator(): Promise<void> {
    if (!import.meta.url.endsWith(".ts")) (await import("tsx/esm/api")).register();
}

process.exitCode = await start(makeProgram, process.argv.slice(2), loadTranslator);
