import { existsSync } from "node:fs";
import type { Fault } from "./fault";
import { goesBack } from "./goes-back";

export const fullDisk: Fault = {
    name: "full-disk",
    onAws: "The image of the release fills the disks. The pull fails, and with a disk that stays full everything after it, the rollback included: the agent "
        + "cannot even unpack a bundle.",
    promise: "a release that has no room is refused before anything of it is pulled, and goes back",
    async happen({ stage, releases }) {
        const folder = await stage.docker.run(["info", "--format", "{{.DockerRootDir}}"]);
        if (existsSync(folder)) return goesBack(stage, await releases.tooLarge(), { event: "BeforeInstall", says: "Too little disk" });
        // In a machine of Docker's own, as Docker Desktop has it, no script sees the disk; there the pull fails, as the image is nowhere.
        const outcome = await goesBack(stage, await releases.tooLarge(), { event: "BeforeInstall", says: "Cannot pull" });
        return { ...outcome, happened: `not tried here, for ${folder}, Docker's disk, cannot be seen from this machine; a release without an image ${outcome.happened}` };
    },
};
