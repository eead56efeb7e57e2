import { readFileSync } from "node:fs";
import type { ComposeBinary } from "../components/autoscaled-service";

/** What hosts install beside the packages of Amazon Linux, pinned in app-scripts/versions.json. */
export interface HostTools {
    readonly compose: ComposeBinary;
    readonly codeDeployAgentVersion: string;
}

interface Versions {
    readonly compose: { readonly version: string; readonly url: { readonly x86_64: string }; readonly sha256: ComposeBinary["sha256"] };
    readonly codeDeployAgent: { readonly version: string };
}

export function readHostTools(file: string): HostTools {
    const { compose, codeDeployAgent } = JSON.parse(readFileSync(file, "utf8")) as Versions;
    return {
        compose: { ...compose, url: compose.url.x86_64.replace("x86_64", "{arch}") },
        codeDeployAgentVersion: codeDeployAgent.version,
    };
}
