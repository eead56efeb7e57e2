/** Everything that a rehearsal can be asked to have happen. */
export const faultNames = [
    "previous-image-gone", "never-healthy", "probe-fails", "hook-fails-once", "half-of-a-wave-fails", "hook-fails", "hook-hangs", "bad-image", "full-disk",
    "corrupt-bundle", "cut-off-bundle", "crash-loop", "slow-boot", "stop-script-fails", "ignores-sigterm",
    "registry-down", "registry-slow", "rollback-image-gone", "agent-crashes", "instance-dies", "instance-dies-serving", "two-deploys", "alarm-fires", "alarm-blocks",
    "fails-unprobed", "scale-in", "scale-steady", "stray-requests", "operator-stops",
    "scale-out", "green-dies", "driver-killed", "operator-aborts",
] as const;
export type FaultName = (typeof faultNames)[number];
