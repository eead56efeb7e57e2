/** Parts of the long series, in their order. */
export const soakParts = ["tests", "rollouts", "faults", "pace"] as const;
export type SoakPart = (typeof soakParts)[number];
