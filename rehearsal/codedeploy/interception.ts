import type { LifecycleEvent } from "../../release/lifecycle";
import type { EventOutcome } from "../agent/host-agent";

/** What is done to an event on a host, before, after or instead of what the agent does. */
export type Intercept = (event: LifecycleEvent, host: string, run: () => Promise<EventOutcome>) => Promise<EventOutcome>;

/** Stands between CodeDeploy and the agents of all hosts, for things that go wrong there. */
export class Interception {
    readonly #intercepts = new Set<Intercept>();

    /** Takes effect until it is disposed of. */
    add(intercept: Intercept): Disposable {
        this.#intercepts.add(intercept);
        return { [Symbol.dispose]: () => { this.#intercepts.delete(intercept); } };
    }

    run(event: LifecycleEvent, host: string, run: () => Promise<EventOutcome>): Promise<EventOutcome> {
        return [...this.#intercepts].reduce<() => Promise<EventOutcome>>((inner, intercept) => () => intercept(event, host, inner), run)();
    }
}
