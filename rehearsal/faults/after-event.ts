import type { LifecycleEvent } from "../../release/lifecycle";
import type { FaultStage } from "./fault-stage";

/** Something that is to happen at a moment of a deployment, once. */
export interface AtMoment extends Disposable {
    /** The host on which the moment came; undefined as long as it has not. */
    readonly host: string | undefined;
}

/** Does something the first time that an event has been carried out on a host; the next event waits until it is done. */
export function afterEvent(
    { interception }: Pick<FaultStage, "interception">, event: LifecycleEvent, act: (host: string) => Promise<void> | void, isMeant: (host: string) => boolean = () => true,
): AtMoment {
    let at: string | undefined;
    const intercept = interception.add(async (each, host, run) => {
        const outcome = await run();
        if (each === event && at === undefined && isMeant(host)) {
            at = host;
            await act(host);
        }
        return outcome;
    });
    return { get host() { return at; }, [Symbol.dispose]: () => { intercept[Symbol.dispose](); } };
}

/** A moment that never came says nothing about a promise. */
export function untriedProblems(moments: readonly AtMoment[], what: string): readonly string[] {
    return moments.every(({ host }) => host !== undefined) ? [] : [`${what} never happened, so nothing was tried`];
}
