import { strFromU8, unzipSync } from "fflate";
import type { ReleaseInputs } from "../../release/bundle";

/** A release as a program publishes it. */
export interface RecordedRelease {
    readonly version: string;
    readonly inputs: ReleaseInputs;
}

/** Reads a release's inputs back from its zip; throws on what is no release. */
export function readRelease(zipBase64: string): RecordedRelease {
    const files = unzipSync(Buffer.from(zipBase64, "base64"));
    const text = (path: string) => strFromU8(files[path] ?? missing(path));
    const release = parseEnvironment(text("release.env"));
    const value = (name: string) => release[name] ?? missing(`${name} in release.env`);
    return {
        version: value("VERSION"),
        inputs: {
            image: value("IMAGE"),
            containerPort: Number(value("CONTAINER_PORT")),
            healthPath: value("HEALTH_PATH"),
            probePath: value("PROBE_PATH"),
            healthTimeoutSeconds: Number(value("HEALTH_TIMEOUT_SECONDS")),
            stopGraceSeconds: Number(value("STOP_GRACE_SECONDS")),
            environment: parseEnvironment(text("app.env")),
        },
    };
}

/** Lines `NAME=value`, as release/env-file.ts writes them. */
function parseEnvironment(text: string): Readonly<Record<string, string>> {
    const lines = text.split("\n").filter(line => line !== "");
    return Object.fromEntries(lines.map(line => {
        const end = line.indexOf("=");
        return [line.slice(0, end), line.slice(end + 1)];
    }));
}

function missing(what: string): never {
    throw new Error(`the release holds no ${what}`);
}
