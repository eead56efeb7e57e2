import type { EventOutcome } from "../../../rehearsal/agent/host-agent";
import { Interception } from "../../../rehearsal/codedeploy/interception";
import type { RollingGround } from "../../../rehearsal/faults/fault";
import type { FaultDeployment, Outcome } from "../../../rehearsal/faults/fault-stage";
import type { TargetHealth } from "../../../rehearsal/balancer/target-group";
import type { TimelineEvent } from "../../../rehearsal/report/report-input";

/** How a deployment of a release goes in memory. */
export interface Going {
    readonly outcome: Outcome;
    readonly told: string;
    /** What is wrong afterwards, whatever was promised. */
    readonly left?: readonly string[];
    /** What happens on hosts meanwhile. */
    readonly events?: readonly TimelineEvent[];
    readonly started?: EventOutcome;
    /** The instances that do not have it afterwards, by what the target group says of them. */
    readonly failed?: ReadonlyMap<string, TargetHealth | undefined>;
}

const took: Going = { outcome: "succeeded", told: "took over" };

/** A stage in memory: releases are named by what is wrong with them, and go as they are said to. */
export class ReleaseStage {
    readonly deployed: string[] = [];
    /** Releases at whose deployment the hosts from before stayed. */
    readonly keptWarm: string[] = [];
    readonly interception = new Interception();
    readonly timeline = { events: [] as TimelineEvent[] };
    readonly docker = { run: () => Promise.resolve("/") };
    #failed: ReadonlyMap<string, TargetHealth | undefined> = new Map();

    constructor(readonly strategy: "rolling" | "blueGreen", private readonly goings: Readonly<Record<string, Going>>) {}

    async deploy(version: string, { keepsWarm = false }: FaultDeployment = {}) {
        if (keepsWarm) this.keptWarm.push(version);
        const { outcome, told, left = [], events = [], started, failed = new Map() } = this.goings[version] ?? took;
        this.deployed.push(version);
        this.timeline.events.push(...events);
        this.#failed = failed;
        if (started) await this.interception.run("ApplicationStart", "i-1", () => Promise.resolve(started));
        return { outcome, told, problems: (promised: readonly Outcome[]) => Promise.resolve([...(promised.includes(outcome) ? [] : [`it ${outcome}`]), ...left]) };
    }

    /** Everything that a fault of releases asks for. */
    get ground(): RollingGround {
        const ids = ["i-1", "i-2", "i-3", "i-4"];
        const group = { inService: ids.map(id => ({ id })), releaseOf: (id: string) => (this.#failed.has(id) ? undefined : this.deployed.at(-1)) };
        const health = () => Promise.resolve(new Map(ids.map(id => [id, this.#failed.has(id) ? this.#failed.get(id) : "healthy"])));
        return { stage: this, releases, site: { group, balancer: { health } } } as unknown as RollingGround;
    }
}

/** Each bad release is called by its own name. */
const releases = new Proxy({}, {
    get: (_, name: string) => (name === "otherThan" ? (version: string) => (version === "good" ? "better" : "good") : () => Promise.resolve(name)),
});
