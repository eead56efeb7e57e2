/** Everything that a rehearsal can be asked to have happen. */
export const faultNames = [
    "previous-image-gone", "never-healthy", "probe-fails", "hook-fails-once", "half-of-a-wave-fails", "hook-fails", "hook-hangs", "bad-image", "full-disk",
    "corrupt-bundle", "cut-off-bundle", "crash-loop", "slow-boot", "stop-script-fails", "ignores-sigterm", "scale-out", "green-dies", "driver-killed", "operator-aborts",
] as const;
export type FaultName = (typeof faultNames)[number];
