/** A repository of Amazon's registry, as its URL names it. */
export interface EcrRepository {
    /** Account whose registry it is. */
    readonly registryId: string;
    readonly region: string;
    readonly repositoryName: string;
}

/** Reads `<account>.dkr.ecr.<region>.amazonaws.com/<name>`; undefined for a repository elsewhere, such as on Docker Hub. */
export function parseEcr(repository: string): EcrRepository | undefined {
    const url = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)\/([a-z0-9][a-z0-9._/-]*)$/.exec(repository);
    const [, registryId, region, repositoryName] = url ?? [];
    if (registryId === undefined || region === undefined || repositoryName === undefined) return undefined;
    return { registryId, region, repositoryName };
}

/** Parts of `repository@sha256:…`. */
export function splitReference(reference: string): { readonly repository: string; readonly digest: string } {
    const at = reference.lastIndexOf("@");
    return { repository: reference.slice(0, at), digest: reference.slice(at + 1) };
}

/** Tag by which a deployed image outlives those that were built and never deployed. */
export function deployedTag(version: string): string {
    return `deployed-${version}`;
}
