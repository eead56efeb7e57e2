import type { Release } from "../../release/bundle";
import type { ContainerEvent } from "./container-event";
import type { StopSeen } from "./stop-seen";

const sigkill = 9;

/** Makes stops from the events of containers: each begins with a signal and ends with the container. */
export class StopLog {
    readonly #stops: StopSeen[] = [];
    readonly #asked = new Map<string, { readonly atMs: number; readonly signal: number }>();

    /**
     * @param run name of the rehearsal's run, with which the names of its containers begin
     * @param releases by their images
     */
    constructor(private readonly run: string, private readonly releases: readonly Pick<Release, "image" | "version">[]) {}

    /** The stops that are over, in the order in which they ended. */
    get stops(): readonly StopSeen[] {
        return this.#stops;
    }

    add(event: ContainerEvent): void {
        if (event.kind === "signal") this.#ask(event);
        else this.#end(event);
    }

    /** SIGKILL gives nobody a choice: alone it is no stop, and after another signal it is the end of its patience. */
    #ask({ container, atMs, signal }: ContainerEvent & { readonly kind: "signal" }): void {
        if (signal !== sigkill && !this.#asked.has(container)) this.#asked.set(container, { atMs, signal });
    }

    /** A container that nobody had told to end has crashed, which is no stop. */
    #end({ container, image, atMs: endedMs, exitCode }: ContainerEvent & { readonly kind: "end" }): void {
        const asked = this.#asked.get(container);
        if (!asked) return;
        this.#asked.delete(container);
        const version = this.releases.find(release => release.image === image)?.version;
        this.#stops.push({ instance: container.slice(this.run.length + 1), ...(version !== undefined && { version }), ...asked, endedMs, exitCode });
    }
}
