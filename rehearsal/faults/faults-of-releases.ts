import { badImage } from "./bad-image";
import { corruptBundle, cutOffBundle } from "./corrupt-bundle";
import { crashLoop } from "./crash-loop";
import type { Fault } from "./fault";
import { fullDisk } from "./full-disk";
import { hookFails } from "./hook-fails";
import { hookHangs } from "./hook-hangs";
import { ignoresSigterm } from "./ignores-sigterm";
import { neverHealthy } from "./never-healthy";
import { slowBoot } from "./slow-boot";
import { stopScriptFails } from "./stop-script-fails";

/** What is wrong with a release itself, and so happens with either strategy; what takes longest comes last. */
export const faultsOfReleases: readonly Fault[] = [
    corruptBundle, cutOffBundle, fullDisk, badImage, hookFails, hookHangs, crashLoop, slowBoot, stopScriptFails, ignoresSigterm, neverHealthy,
];
