// Preloaded by `node --import`: writes the path of every module that a process loads into the file that LOADED_MODULES names.
import { appendFileSync } from "node:fs";
import { createRequire, register } from "node:module";

const file = process.env.LOADED_MODULES;
const hooks = `
    import { appendFileSync } from "node:fs";
    export async function load(url, context, nextLoad) {
        appendFileSync(${JSON.stringify(file)}, url + "\\n");
        return nextLoad(url, context);
    }`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
// What CommonJS modules require passes the hooks by.
process.on("exit", () => appendFileSync(file, Object.keys(createRequire(import.meta.url).cache).map(path => `${path}\n`).join("")));
