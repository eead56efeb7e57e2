import type { TargetGroup } from "../balancer/target-group";
import type { Address } from "../docker/service";
import { Instance, type InstanceArgs } from "../fleet/instance";
import type { Host } from "./colour-group";

export interface ColourHostArgs extends InstanceArgs {
    readonly targets: TargetGroup;
    /** Real milliseconds for which a leaving target drains, as they are known by then. */
    readonly drainMs: () => number;
    readonly signal: AbortSignal;
}

/** An instance of a colour's group, which begins and ends with the rehearsal under way. */
export class ColourHost implements Host {
    readonly agent: Host["agent"];
    readonly #instance: Instance;

    constructor(readonly id: string, private readonly args: ColourHostArgs) {
        this.#instance = new Instance(id, args);
        this.agent = this.#instance.agent;
    }

    async begin(): Promise<void> {
        await this.#instance.makeRoot();
    }

    address(): Promise<Address> {
        return this.#instance.address();
    }

    async enter(): Promise<void> {
        // Nothing runs on it yet: what a release brings enters by its deployment.
        await this.args.targets.enter(this.id, undefined);
    }

    async leave(): Promise<void> {
        await this.args.targets.deregister(this.id, this.args.drainMs(), this.args.signal);
    }

    async remove(): Promise<void> {
        await this.#instance.remove();
    }
}
