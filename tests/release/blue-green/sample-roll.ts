import type { Roll } from "../../../release/blue-green/roll";

/** A release on its way from blue to green, at once. */
export const sampleRoll: Roll = {
    id: "bg-1", kind: "deploy", version: "v2", from: "blue", to: "green", shiftPercents: [100], bakeSeconds: 60, warmSeconds: 1800, minSize: 2,
    begun: "2026-01-01T00:00:00Z",
};

/** The way back to blue, which is still warm. */
export const sampleFlip: Roll = { ...sampleRoll, id: "bg-2", kind: "flip", version: "v1", from: "green", to: "blue", warmUntil: "2026-01-01T00:30:00Z" };
