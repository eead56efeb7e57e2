/** Who made a release of what, for people. A release itself holds nothing that changes without it. */
export interface ReleaseOrigin {
    readonly version: string;
    /** Full hash; undefined for sources without a repository. */
    readonly commit: string | undefined;
    /** First line of the commit's message. */
    readonly title: string | undefined;
    /** See `identity.ts`. */
    readonly builder: string;
}

/** Who hands over what the program itself publishes, which bears no name. */
export const byProgram = "pulumi up";

const longestTitle = 200;

/** Metadata of a release's object. CodePipeline shows the summary as the source's change, so an approver reads it. */
export function releaseMetadata({ version, commit = "unknown", title, builder: who }: ReleaseOrigin): Record<string, string> {
    const builder = plain(who);
    const change = title ? `${plain(title.slice(0, longestTitle))} - ` : "";
    return {
        commit,
        builder,
        "codepipeline-artifact-revision-summary": `${change}release ${version} of commit ${commit}, built by ${builder}`,
    };
}

/** S3 takes ASCII in metadata, and CodePipeline makes JSON of it. */
function plain(text: string): string {
    return text.replace(/[^ !#-[\]-~]/gu, "?");
}

/** Name of a release in a text that is about it: a revision's summary, or the description of a deployment. */
export function versionIn(text: string | undefined): string | undefined {
    return /\brelease ([0-9a-f]{12})\b/.exec(text ?? "")?.[1];
}
