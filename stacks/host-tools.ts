import { readFileSync } from "node:fs";
import type { ComposeBinary } from "../components";

/** What hosts install beside the packages of Amazon Linux, pinned in app-scripts/versions.json. */
export interface HostTools {
    readonly compose: ComposeBinary;
    readonly codeDeployAgentVersion: string;
}

export function readHostTools(file: string): HostTools {
    const { compose, codeDeployAgent } = JSON.parse(readFileSync(file, "utf8")) as {
        readonly compose: ComposeBinary;
        readonly codeDeployAgent: { readonly version: string };
    };
    return { compose, codeDeployAgentVersion: codeDeployAgent.version };
}
