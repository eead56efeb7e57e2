import type { RollingEnd } from "../codedeploy/roll";
import type { RollingSite } from "../rolling/rolling-site";
import type { Deployed, FaultStage } from "./fault-stage";
import { endProblems, tellOutcome } from "./outcome-words";
import { lookSeconds, settle, settleSeconds } from "./settle";
import { fleetProblems, type FleetStanding, readFleet } from "./standing-fleet";

/** A rolling stage. */
export class RollingStage implements FaultStage {
    readonly strategy = "rolling";
    /** Of the service's time, for what goes on by itself. */
    protected readonly settleSeconds: number = settleSeconds;
    /** Troubles of the group that have been told. */
    #told = 0;

    constructor(private readonly site: RollingSite, private readonly containerPort: number, private readonly signal: AbortSignal) {}

    get docker() { return this.site.docker; }
    get clock() { return this.site.clock; }
    get timeline() { return this.site.timeline; }
    get interception() { return this.site.interception; }

    containerOf(host: string): string {
        return `${this.site.run}-${host}`;
    }

    /** @throws TypeError when no deployment has succeeded */
    serving(): string {
        const { lastDeployed } = this.site.group;
        if (lastDeployed === undefined) throw new TypeError("nothing serves");
        return lastDeployed;
    }

    hosts() {
        return this.site.group.inService;
    }

    get fleet() { return this.site.group; }
    get targets() { return this.site.balancer; }

    hostNamed(id: string) {
        return this.fleet.members.find(({ host }) => host.id === id)?.host;
    }

    replace(id: string): void {
        this.fleet.replace(id);
    }

    async deploy(version: string): Promise<Deployed> {
        return this.watch(version, this.site.group.deploy(version).ended);
    }

    /** The end of a deployment that somebody has begun. */
    async watch(version: string, ended: Promise<RollingEnd>): Promise<Deployed> {
        const before = this.serving();
        const end = await ended;
        const { outcome } = end;
        return {
            outcome,
            told: tellOutcome(end),
            problems: async promised => [
                ...endProblems("the deployment", end, promised),
                ...await this.problems(outcome === "succeeded" ? version : before),
            ],
        };
    }

    /** What keeps the fleet from serving a release whole, when scaling and follow-on deployments have had their time, and what went wrong since where nobody waits for it. */
    async problems(release = this.serving()): Promise<readonly string[]> {
        const look = (): Promise<readonly string[]> => this.standing().then(standing => fleetProblems(standing, release), (error: unknown) => [(error as Error).message]);
        const problems = await settle(look, this.clock, this.signal, this.settleSeconds);
        const troubles = this.fleet.troubles.slice(this.#told);
        this.#told += troubles.length;
        return [...problems, ...troubles];
    }

    protected standing(): Promise<FleetStanding> {
        return readFleet(this.site, this.containerPort);
    }

    async takeUp(): Promise<readonly string[]> {
        const { group: { deployment }, alarm } = this.site;
        // What a fault has cost may have the alarm fire for some minutes, in which nothing could be deployed.
        for (let waited = 0; alarm?.firing !== undefined && waited < this.settleSeconds; waited += lookSeconds) await this.clock.wait(lookSeconds, this.signal);
        const firing = alarm?.firing === undefined ? [] : [`it left an alarm that still fires after ${this.settleSeconds} s, while which nothing can be deployed: ${alarm.firing}`];
        if (deployment === undefined) return firing;
        const { outcome } = await deployment.ended;
        return [...firing, `it left a deployment of release ${deployment.version} under way, which then ${tellOutcome({ outcome })}`];
    }
}
