import type { Fault } from "./fault";
import { goesBack } from "./goes-back";

export const corruptBundle: Fault = {
    name: "corrupt-bundle",
    onAws: "The bundle in S3 is not the one that was registered. DownloadBundle compares ETags and fails, when the instance has left the load balancer.",
    promise: "the old container, which nobody has touched, gets its requests back",
    happen: async ({ stage, releases }) => goesBack(stage, await releases.overwritten(), { event: "DownloadBundle", says: "bundle etag" }),
};

export const cutOffBundle: Fault = {
    name: "cut-off-bundle",
    onAws: "The bundle was cut off when it was stored, and registered so. Its ETag is right, and DownloadBundle cannot unpack it.",
    promise: "the old container, which nobody has touched, gets its requests back",
    happen: async ({ stage, releases }) => goesBack(stage, await releases.cutOff(), { event: "DownloadBundle", says: "Zip end of central directory signature not found" }),
};
