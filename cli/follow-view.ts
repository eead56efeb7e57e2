import type { FollowTell } from "../release/aws/follow-deployment";
import type { Teller } from "./teller";

/** Tells a deployment: as a picture that moves on a terminal, as plain lines elsewhere. */
export function followView(tell: Teller): FollowTell {
    return { step: tell.step, warn: tell.warn };
}
