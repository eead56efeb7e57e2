import type { ECRClient } from "@aws-sdk/client-ecr";
import { splitReference } from "../ecr-repository";
import type { Stage } from "../stage";
import { markDeployed } from "./images";

/** Marks the image of a release that serves: images that were deployed outlive those that were only built. What others keep is not the stack's to mark. */
export async function keepImage(
    ecr: ECRClient, { repository, stack }: Stage, { image, version }: { readonly image: string; readonly version: string }, tell: { warn(text: string): void },
): Promise<void> {
    if (splitReference(image).repository !== repository) return;
    try {
        await markDeployed(ecr, image, version);
    } catch (error) {
        tell.warn(`the image could not be marked as deployed, so ECR may expire it one day; ./gapless roll ${stack} ${version} once more marks it: ${(error as Error).message}`);
    }
}
