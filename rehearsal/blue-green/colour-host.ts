import type { LifecycleEvent } from "../../release/lifecycle";
import type { Bundle, EventOutcome } from "../agent/host-agent";
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
    #runs = false;

    constructor(readonly id: string, private readonly args: ColourHostArgs) {
        this.#instance = new Instance(id, args);
        this.agent = { run: (event, deployment, signal) => this.run(event, deployment, signal) };
    }

    async begin(): Promise<void> {
        await this.#instance.makeRoot();
    }

    address(): Promise<Address> {
        return this.#instance.address();
    }

    async enter(): Promise<void> {
        await this.args.targets.enter(this.id, this.#runs ? await this.address() : undefined);
    }

    async leave(): Promise<void> {
        await this.args.targets.deregister(this.id, this.args.drainMs(), this.args.signal);
    }

    async remove(): Promise<void> {
        this.#runs = false;
        await this.#instance.remove();
    }

    private async run(event: LifecycleEvent, deployment: { readonly id: string; readonly bundle: Bundle }, signal?: AbortSignal): Promise<EventOutcome> {
        const outcome = await this.#instance.agent.run(event, deployment, signal);
        if (event === "ApplicationStart" && outcome.status === "succeeded") this.#runs = true;
        return outcome;
    }
}
