import type { Roll } from "./roll";

/**
 * What has to be done next. Each can be carried out again when nobody knows whether it was: it looks first, and changes what is not yet so.
 * What waits for instances of `to` fails where there are fewer than the roll's `minSize`: their end may have come meanwhile.
 * `from` and `to` are the roll's colours.
 */
export type Step =
    /**
     * Takes the group of `to` out of its deployment group: growing it must not install what was deployed there last, which is two releases old. And takes back
     * what would end `from` later, which nobody but a person who moved the weights by hand can have left there.
     */
    | { readonly name: "detach" }
    /** Arms the end of the instances of `to`, in case nobody comes back; then gives it as many as `from` has, and `minSize` at least. */
    | { readonly name: "grow" }
    /** Waits until all instances of `to` are in service, which means booted. */
    | { readonly name: "boot" }
    /** Puts the group of `to` back into its deployment group. */
    | { readonly name: "attach" }
    /**
     * Has CodeDeploy bring the release to every instance of `to`, by the roll's deployment if there is one already. An instance that was launched
     * meanwhile has what was deployed there before, and is not done until it has the release.
     */
    | { readonly name: "install" }
    /** Waits until the load balancer finds every target of `to` healthy. */
    | { readonly name: "healthy" }
    /** Tries a real route of `to` by the header. */
    | { readonly name: "probe" }
    /** Takes back whatever would, at a later time, end the instances of `to`, or let either colour shrink. */
    | { readonly name: "disarm" }
    /**
     * Keeps `from` from shrinking, and gives `to` as many instances as that has, `minSize` at least, until all its targets are healthy: `from` may grow
     * meanwhile. Never takes one from `to`, which may have requests already. In an urgent roll it waits for as many healthy targets only as `to` had
     * instances when the step began, and for no others that it asks for: minutes of growing would be minutes of a bad release.
     */
    | { readonly name: "match" }
    /** Sends so much of the requests to `to`: one call. */
    | { readonly name: "shift"; readonly percent: number }
    /**
     * Watches alarms and targets of `to`, {@link bakeLookSeconds} apart. Fails at once by an alarm, or when half of the targets with which it began, or more,
     * are not healthy or gone; by fewer that are not healthy after {@link bakeLooks} looks in a row: one host that Auto Scaling replaces, or one check that
     * was missed, takes no good release back. An instance that is on its way into service has no say.
     */
    | { readonly name: "bake"; readonly percent: number }
    /** Writes down that `to` serves. */
    | { readonly name: "commit" }
    /**
     * Lets `to` shrink again, to the fewest instances that there shall be, though not at once where something scales it by load: that was low while it
     * had no requests, and an alarm of it lives on for minutes.
     */
    | { readonly name: "settle" }
    /** Arms the end of `from`, whose instances stay warm until then; without a warm time, takes them away. */
    | { readonly name: "retire" }
    /** Sends all requests to `from`: one call. */
    | { readonly name: "restore" }
    /** Writes down that `from` serves: whether a `commit` that failed was carried out, nobody knows. */
    | { readonly name: "uncommit" }
    /** Stops what CodeDeploy does on `to`, and waits for its end. */
    | { readonly name: "stop" }
    /** Takes all instances of `to` away, and what would end them later. */
    | { readonly name: "shrink" }
    /** Arms the end of `to` again, as it was before a flip; as soon as possible where that time has passed. */
    | { readonly name: "rearm" }
    /** Lets `from` shrink again, to the fewest instances that there shall be; where it had fewer, as before a first release, it keeps them. */
    | { readonly name: "release" };

export type StepName = Step["name"];

/** The way forward. A roll's place in it is written down as an index: when it changes, `schemaVersion` of the document does. */
export function forwardSteps({ kind, shiftPercents, bakeSeconds }: Pick<Roll, "kind" | "shiftPercents" | "bakeSeconds">): readonly Step[] {
    const shifts = shiftPercents.flatMap((percent): readonly Step[] => [
        // Again before each share: the colour that serves may have grown meanwhile. After `disarm`, for until then instances may have ended.
        { name: "match" },
        { name: "shift", percent },
        ...(bakeSeconds > 0 ? [{ name: "bake", percent } as const] : []),
    ]);
    return [...(kind === "deploy" ? fill : []), { name: "disarm" }, ...shifts, { name: "commit" }, { name: "settle" }, { name: "retire" }];
}

const fill: readonly Step[] = [
    { name: "detach" }, { name: "grow" }, { name: "boot" }, { name: "attach" }, { name: "install" }, { name: "healthy" }, { name: "probe" },
    // The long wait for whatever else it takes: should nobody come back from it, `to` still has its end. A flip cannot wait so, its end may be seconds away.
    { name: "match" },
];

/**
 * The way back, the same from wherever it is taken: what serves comes first, and a group always ends in its deployment group. `from` may shrink
 * last of all: by the load that it had without requests, scaling would take instances from it just when they come back.
 */
export function backSteps({ kind }: Pick<Roll, "kind">): readonly Step[] {
    const own: readonly Step[] = kind === "deploy" ? [{ name: "stop" }, { name: "shrink" }, { name: "attach" }] : [{ name: "rearm" }];
    return [{ name: "restore" }, { name: "uncommit" }, ...own, { name: "release" }];
}

/** Seconds between two looks of a bake. */
export const bakeLookSeconds = 10;
/** Looks in a row by which a bake fails for fewer than half of the targets. */
export const bakeLooks = 3;

/** Whether the way back is closed from here on: it is written down that the new colour serves, and to go back is a roll of its own. */
export function isHousekeeping({ name }: Step): boolean {
    return name === "settle" || name === "retire";
}

/** Whether it is right only just after a `match`. */
export function needsMatch({ name }: Step): boolean {
    return name === "shift" || name === "bake" || name === "commit";
}
