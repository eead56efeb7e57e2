import type { S3Client } from "@aws-sdk/client-s3";
import type { Owner } from "../../lock";
import type { Stage } from "../../stage";
import type { FollowOptions } from "../follow-deployment";
import type { ColourRollEnd } from "./roll-options";

/** A roll by its name; or the one of a release that began, or will begin, not before `since`, such as the pipeline's. */
export type FollowedRoll = { readonly id: string } | { readonly version: string; readonly since: Date };

/**
 * Follows a roll that somebody else drives, and tells its steps, until its end.
 * @throws DeliveryError needsPerson when nobody drives it any more; the signal's reason when it is aborted. The roll goes on then.
 */
export async function followRoll(s3: S3Client, stage: Stage, which: FollowedRoll, options: FollowOptions & { readonly owner: Owner }): Promise<ColourRollEnd> {
    await Promise.resolve();
    throw new Error("to come");
}
