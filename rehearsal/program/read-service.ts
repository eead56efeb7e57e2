import type { RehearsalOptions } from "../options";
import { ProgramError } from "./program-error";
import type { ProgramFacts } from "./program-facts";
import { readProgram } from "./read-program";
import { madeUp, type Overrides } from "./stack-config";
import { blameOverrides } from "./wrong-overrides";

/** What of a rehearsal's options makes the stage another than its files say. */
type Wishes = Pick<RehearsalOptions, "stage" | "strategy" | "image" | "settings">;

/** Reads the program of a stage as somebody wants it rehearsed: with a service, a strategy and settings of their own. */
export async function readService(wishes: Wishes, signal?: AbortSignal): Promise<ProgramFacts> {
    const facts = await readProgram(wishes.stage, signal, overridesOf(wishes)).catch((error: unknown) => {
        if (!(error instanceof ProgramError) || error.exitCode !== 2) throw error;
        throw new ProgramError(blameOverrides(error.message, `Pulumi.${wishes.stage}.yaml`, wishes.settings ?? {}), 2, { cause: error });
    });
    return wishes.image === undefined ? facts : { ...facts, image: { prebuilt: wishes.image } };
}

/** The settings that they come to. */
export function overridesOf({ strategy, image, settings }: Wishes): Overrides {
    return {
        ...settings,
        ...(strategy !== undefined && { strategy }),
        // AWS wants a digest, which an image that was never pushed does not have.
        ...(image !== undefined && { imageDigest: image.includes("@sha256:") ? image : madeUp }),
    };
}
