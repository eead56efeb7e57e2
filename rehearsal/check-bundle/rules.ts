import { oneDocument, readable, writtenOnce } from "./appspec-rules";
import { hostStaysUp, pathsFromScript } from "./command-rules";
import { absoluteDestinations, foldersForDestinations, installable, saysWhatOfExistingFiles } from "./file-rules";
import type { Rule } from "./finding";
import { knownHooks, othersMayRun, plainNames, scriptsThere, stopsThatBlock, stopsWithoutNewRelease } from "./hook-rules";
import { knownKeys } from "./key-rules";
import { appspecAtRoot, noLeadingFolder, noLinks } from "./layout-rules";
import { effectivePermissions, ownersForRoot, quotedModes } from "./permission-rules";
import { interpretersThere, noChildOnOutput, unixLineEnds } from "./script-rules";
import { eventsWithinAnHour, ownTimeouts } from "./timeout-rules";

/** What a good bundle is like. Each tells where one is not. */
export const rules: readonly Rule[] = [
    appspecAtRoot, noLeadingFolder, noLinks,
    readable, knownKeys, writtenOnce, oneDocument,
    knownHooks, scriptsThere, plainNames, stopsWithoutNewRelease, stopsThatBlock, othersMayRun,
    ownTimeouts, eventsWithinAnHour,
    unixLineEnds, interpretersThere, noChildOnOutput, pathsFromScript, hostStaysUp,
    installable, foldersForDestinations, absoluteDestinations, saysWhatOfExistingFiles,
    quotedModes, ownersForRoot, effectivePermissions,
];
