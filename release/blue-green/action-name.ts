/** Scheduled action of Auto Scaling that ends what nobody comes back for. Only a group that gets no requests may have it. */
export const endAction = "gapless-end";

/** Scheduled action that lets a group shrink again. */
export const settleAction = "gapless-settle";

export type ActionName = typeof endAction | typeof settleAction;
