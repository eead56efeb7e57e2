import { join } from "node:path";
import { build } from "esbuild";

let bundled: Promise<string> | undefined;

/** The script that draws the charts of a page, with ECharts in it; built once in a process. */
export function bundleCharts(): Promise<string> {
    bundled ??= translate();
    return bundled;
}

async function translate(): Promise<string> {
    const { outputFiles } = await build({
        entryPoints: [join(import.meta.dirname, "charts", "draw.ts")],
        bundle: true,
        write: false,
        platform: "browser",
        target: "es2020",
        format: "iife",
        minify: true,
        define: { "process.env.NODE_ENV": '"production"' },
        logLevel: "silent",
        banner: { js: "/*! Apache ECharts, Copyright The Apache Software Foundation, https://www.apache.org/licenses/LICENSE-2.0 */" },
    });
    return outputFiles[0]?.text ?? "";
}
