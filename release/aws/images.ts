import { BatchGetImageCommand, DescribeImagesCommand, type ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { deployedTag, type EcrRepository, parseEcr, splitReference } from "../ecr-repository";
import { DeliveryError } from "./error";

/** `unknown` for what is not in Amazon's registry: no other can be asked. */
export type Existence = "there" | "missing" | "unknown";

/**
 * Whether an image is there.
 * @param ecr client for the region of the repository, see {@link parseEcr}
 * @param reference `repository@sha256:…`
 */
export async function imageExists(ecr: ECRClient, reference: string, signal?: AbortSignal): Promise<Existence> {
    const { repository, digest } = splitReference(reference);
    const place = parseEcr(repository);
    if (!place) return "unknown";
    return await describe(ecr, place, { imageDigest: digest }, signal) === undefined ? "missing" : "there";
}

/** Digest of the image with a tag. Undefined when there is none, and for repositories that cannot be asked. */
export async function findByTag(ecr: ECRClient, repository: string, tag: string): Promise<string | undefined> {
    const place = parseEcr(repository);
    return place && describe(ecr, place, { imageTag: tag });
}

/**
 * Tags a deployed image, so that it outlives those that were built and never deployed. Does nothing for repositories elsewhere.
 * @throws DeliveryError when the image is not there
 */
export async function markDeployed(ecr: ECRClient, reference: string, version: string): Promise<void> {
    // Where tags are immutable it may be there: it is a hash over the image among other things, so it is on this very image.
    await tagImage(ecr, reference, deployedTag(version));
}

/**
 * Lets a tag lead to an image. False when it leads to another and may not move. Does nothing for repositories elsewhere.
 * @param reference `repository@sha256:…`
 * @throws DeliveryError when the image is not there
 */
export async function tagImage(ecr: ECRClient, reference: string, tag: string): Promise<boolean> {
    const { repository, digest } = splitReference(reference);
    const place = parseEcr(repository);
    if (!place) return false;
    const { manifest, mediaType } = await manifestOf(ecr, place, digest);
    try {
        // As text, every byte as it came: its hash is the digest.
        await ecr.send(new PutImageCommand({
            ...inRepository(place), imageTag: tag, imageDigest: digest, imageManifest: manifest, imageManifestMediaType: mediaType,
        }));
    } catch (error) {
        if (error instanceof Error && error.name === "ImageTagAlreadyExistsException") return false;
        if (!(error instanceof Error && error.name === "ImageAlreadyExistsException")) throw error;
    }
    return true;
}

const mediaTypes = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];

async function manifestOf(ecr: ECRClient, place: EcrRepository, digest: string): Promise<{ readonly manifest: string; readonly mediaType: string | undefined }> {
    const { images = [] } = await ecr.send(new BatchGetImageCommand({
        ...inRepository(place), imageIds: [{ imageDigest: digest }], acceptedMediaTypes: mediaTypes,
    }));
    const [image] = images;
    if (image?.imageManifest === undefined) throw new DeliveryError(`${place.repositoryName} has no image ${digest}.`);
    return { manifest: image.imageManifest, mediaType: image.imageManifestMediaType };
}

/** Digest of an image; undefined when it is not there, or when the whole repository is not. */
async function describe(ecr: ECRClient, place: EcrRepository, image: { imageDigest: string } | { imageTag: string }, signal?: AbortSignal): Promise<string | undefined> {
    try {
        const { imageDetails = [] } = await ecr.send(new DescribeImagesCommand({ ...inRepository(place), imageIds: [image] }), { ...(signal && { abortSignal: signal }) });
        return imageDetails[0]?.imageDigest;
    } catch (error) {
        if (error instanceof Error && missing.includes(error.name)) return undefined;
        throw error;
    }
}

const missing: readonly string[] = ["ImageNotFoundException", "RepositoryNotFoundException"];

function inRepository({ registryId, repositoryName }: EcrRepository): { readonly registryId: string; readonly repositoryName: string } {
    return { registryId, repositoryName };
}
