/** An image named by its digest, taken apart. */
export interface ImageReference {
    readonly repository: string;
    readonly digest: string;
    /** Set when the image lies in a private Amazon ECR registry. */
    readonly ecr: EcrRepository | undefined;
}

export interface EcrRepository {
    readonly registry: string;
    readonly accountId: string;
    readonly region: string;
    readonly name: string;
}

/** Takes `repository@sha256:…` apart; undefined when it is anything else, such as a tag that may move. */
export function parseImage(reference: string): ImageReference | undefined {
    const match = /^([a-z0-9][a-z0-9._:/-]*)@(sha256:[0-9a-f]{64})$/.exec(reference);
    if (!match) return undefined;
    const [, repository = "", digest = ""] = match;
    return { repository, digest, ecr: parseEcr(repository) };
}

function parseEcr(repository: string): EcrRepository | undefined {
    const match = /^((\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?)\/(.+)$/.exec(repository);
    if (!match) return undefined;
    const [, registry = "", accountId = "", region = "", name = ""] = match;
    return { registry, accountId, region, name };
}

/** ARN of the repository an image lies in; none for an image outside of private ECR. */
export function repositoryArnOf(reference: string | undefined, partition: string): string[] {
    const ecr = reference === undefined ? undefined : parseImage(reference)?.ecr;
    return ecr ? [`arn:${partition}:ecr:${ecr.region}:${ecr.accountId}:repository/${ecr.name}`] : [];
}
