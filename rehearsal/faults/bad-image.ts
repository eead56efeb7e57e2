import type { Fault } from "./fault";
import { goesBack } from "./goes-back";

export const badImage: Fault = {
    name: "bad-image",
    onAws: "The image of the release is in no registry. Where the old container is stopped before the new image is pulled, as most stop scripts do, "
        + "an instance has neither.",
    promise: "the pull fails while the old container is still there, and the release goes back",
    happen: async ({ stage, releases }) => goesBack(stage, await releases.imageGone(), { event: "BeforeInstall", says: "Cannot pull" }),
};
