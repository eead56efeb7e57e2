import { unzipSync } from "fflate";

/** What a release says of itself, in the `release.env` of its zip. */
export interface ReleaseEnv {
    readonly version: string;
    /** `repository@sha256:…` */
    readonly image: string;
}

/** Reads it, or tells in a sentence what is wrong with the zip. */
export function readReleaseEnv(zip: Uint8Array): ReleaseEnv | { readonly problem: string } {
    const text = releaseEnv(zip);
    return text === undefined ? { problem: "it is no zip file" } : parseReleaseEnv(text);
}

/** What a release says of itself by the text of the file, or what is wrong with that. */
export function parseReleaseEnv(text: string): ReleaseEnv | { readonly problem: string } {
    const [version, image] = [valueOf("VERSION", text), valueOf("IMAGE", text)];
    if (image === undefined) return { problem: "its release.env names no image" };
    if (version === undefined) return { problem: "its release.env names no version" };
    return { version, image };
}

function releaseEnv(zip: Uint8Array): string | undefined {
    try {
        return new TextDecoder().decode(unzipSync(zip, { filter: ({ name }) => name === "release.env" })["release.env"]);
    } catch {
        return undefined;
    }
}

function valueOf(name: string, text: string): string | undefined {
    return new RegExp(`^${name}=(.+)$`, "m").exec(text)?.[1];
}
