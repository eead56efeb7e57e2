import type { StageParameter } from "./stage";

/** How the image of a stack is made, as its settings say. */
export type ImageSettings =
    | { readonly prebuilt: string }
    | { readonly context: string; readonly dockerfile: string; readonly args: Readonly<Record<string, string>>; readonly platform: string };

/** One side of a promotion. */
export interface PromotionSide {
    /** Name of the stack. */
    readonly stack: string;
    readonly image: ImageSettings;
    /** Of the hosts that are there. */
    readonly architecture: StageParameter["architecture"];
}

/** A setting by which two stacks would not build the same image. */
export interface Difference {
    readonly setting: string;
    readonly from: string;
    readonly to: string;
}

const unset = "not set";

/**
 * Why an image of one stack must not be released to another; nothing when it may.
 * @param digest `sha256:…` of the image that serves in the first
 */
export function differences(from: PromotionSide, to: PromotionSide, digest: string): readonly Difference[] {
    const hosts = differing("architecture of the hosts", from.architecture, to.architecture);
    // Settings that name this very image agree with it, however it was made.
    if ("prebuilt" in to.image) return [...hosts, ...(to.image.prebuilt.endsWith(`@${digest}`) ? [] : [pinned(to.image.prebuilt, digest)])];
    if ("prebuilt" in from.image) return [...hosts, { setting: "imageDigest", from: from.image.prebuilt, to: unset }];
    return [
        ...hosts,
        ...differing("imageContext", from.image.context, to.image.context),
        ...differing("dockerfile", from.image.dockerfile, to.image.dockerfile),
        ...argumentDifferences(from.image.args, to.image.args),
        ...differing("platform, which follows from instanceType,", from.image.platform, to.image.platform),
    ];
}

function pinned(image: string, digest: string): Difference {
    return { setting: "imageDigest", from: digest, to: image };
}

function argumentDifferences(from: Readonly<Record<string, string>>, to: Readonly<Record<string, string>>): readonly Difference[] {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
    return names.flatMap(name => differing(`buildArgs.${name}`, quoted(from[name]), quoted(to[name])));
}

function quoted(value: string | undefined): string {
    return value === undefined ? unset : JSON.stringify(value);
}

function differing(setting: string, from: string, to: string): readonly Difference[] {
    return from === to ? [] : [{ setting, from, to }];
}

/** The refusal of a promotion. */
export function explainDifferences(from: string, to: string, found: readonly Difference[]): string {
    return [
        `What serves in ${from} is not what ${to}'s settings would make, so it is not promoted:`,
        ...found.map(({ setting, from: here, to: there }) => `  ${setting} is ${here} in ${from}, and ${there} in ${to}`),
        `Make the settings agree, or release to ${to} a build of its own: ./gapless deploy ${to}`,
    ].join("\n");
}
