import type { ECRClient } from "@aws-sdk/client-ecr";
import type { S3Client } from "@aws-sdk/client-s3";
import { parseEcr, splitReference } from "../ecr-repository";
import type { Stage } from "../stage";
import { DeliveryError } from "./error";
import { imageExists } from "./images";
import { findRelease, type FoundRelease } from "./releases";

/**
 * A release whose bundle and image are really there.
 * @throws DeliveryError usage when one of them is not
 */
export async function readyRelease(s3: S3Client, ecr: ECRClient, stage: Stage, version: string, signal?: AbortSignal): Promise<FoundRelease> {
    const release = await findRelease(s3, stage.releaseBucket, version, signal);
    // A registry of another region or kind cannot be asked by this client; what is pulled from it is seen by the hosts.
    const isHere = parseEcr(splitReference(release.image).repository)?.region === stage.region;
    if (isHere && await imageExists(ecr, release.image, signal) === "missing") {
        throw new DeliveryError(`Release ${version} cannot be deployed: its image ${release.image} is gone.`, "usage");
    }
    return release;
}
