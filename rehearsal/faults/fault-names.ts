/** Everything that a rehearsal can be asked to have happen. */
export const faultNames = [
    "previous-image-gone", "never-healthy", "probe-fails", "hook-fails-once", "scale-out", "green-dies", "driver-killed", "operator-aborts",
] as const;
export type FaultName = (typeof faultNames)[number];
