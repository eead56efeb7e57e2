import type { ColourSession } from "../blue-green/colour-session";
import { lookBefore, problemsAfter, settledProblems, tellEnd } from "./after-roll";
import type { Deployed, FaultDeployment, FaultStage } from "./fault-stage";

/** Of the service's time: longer than a fault takes. */
const warmSeconds = 3600;

/** A blue/green stage. */
export class ColourStage implements FaultStage {
    readonly strategy = "blueGreen";

    constructor(private readonly session: ColourSession, private readonly minSize: number) {}

    get docker() { return this.session.site.docker; }
    get clock() { return this.session.site.clock; }
    get timeline() { return this.session.site.timeline; }
    get interception() { return this.session.site.interception; }

    containerOf(host: string): string {
        return `${this.session.site.run}-${host}`;
    }

    serving(): string {
        return lookBefore(this.session).version;
    }

    hosts() {
        const { groups, activeColour } = this.session.site;
        return groups[activeColour].inService;
    }

    get fleet() { return this.session.site.groups[this.session.site.activeColour]; }
    get targets() { return this.session.site.balancer.targets[this.session.site.activeColour]; }

    hostNamed(id: string) {
        const { blue, green } = this.session.site.groups;
        return [...blue.members, ...green.members].find(({ host }) => host.id === id)?.host;
    }

    replace(id: string): void {
        const { blue, green } = this.session.site.groups;
        for (const group of [blue, green]) group.replace(id);
    }

    problems(): Promise<readonly string[]> {
        const { session: { site, signal }, minSize } = this;
        return settledProblems(site, signal, () => {
            const { serving, version, otherWasWarm } = lookBefore(this.session);
            return { serving, version, minSize, other: otherWasWarm ? "warm" : "gone" };
        });
    }

    async deploy(version: string, { keepsWarm = false }: FaultDeployment = {}): Promise<Deployed> {
        const { session, minSize } = this;
        const before = lookBefore(session);
        // A colour that is still warm has its release already, and the next fault would find nothing to install.
        const end = await session.deploy(version, { warmSeconds: keepsWarm ? warmSeconds : 0 });
        return {
            outcome: end.phase === "ended" ? end.outcome : "failed",
            told: tellEnd(end),
            problems: promised => problemsAfter(end, promised, before, { session, minSize, signal: session.signal }),
        };
    }

    /** A fault leaves no roll under way, or the next would begin with it. */
    async takeUp(): Promise<readonly string[]> {
        const { session } = this;
        if (session.site.store.read().roll === null) return [];
        try {
            const end = await session.resume();
            return [`it left roll ${end.roll.id} under way, which then came to be ${end.phase}`];
        } catch (error) {
            session.signal.throwIfAborted();
            return [`it left a roll that cannot be taken up: ${error instanceof Error ? error.message : String(error)}`];
        }
    }
}
