import type { Stage } from "../../stage";
import { DeliveryError } from "../error";

/** A stage of strategy blueGreen. */
export type ColouredStage = Stage & { readonly blueGreen: NonNullable<Stage["blueGreen"]> };

/** @throws DeliveryError usage for a stage that is released rolling */
export function colouredStage(stage: Stage): ColouredStage {
    const { blueGreen, stack } = stage;
    if (blueGreen !== undefined) return { ...stage, blueGreen };
    throw new DeliveryError(`${stack} is released rolling, so it has no second colour. Set gapless:strategy to blueGreen, then ./gapless up ${stack}.`, "usage");
}
