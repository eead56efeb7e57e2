import { colourHeader, colourHeaderValue } from "../../release/blue-green/colour";
import { abandonedSeconds } from "../../release/blue-green/deadline";
import type { Pace, RollDriver, StepResult } from "../../release/blue-green/drive";
import type { ActiveRoll } from "../../release/blue-green/machine";
import type { Roll } from "../../release/blue-green/roll";
import type { Step, StepName } from "../../release/blue-green/step";
import type { ColourGroup } from "./colour-group";
import type { ColourSite } from "./colour-site";
import type { GroupDeployment } from "./group-deployment";
import { watchBake } from "./watch-bake";

/** Seconds between two looks, as on AWS. */
const pollSeconds = 3;
const probeTimeoutMs = 5_000;

type Doing = (step: Step, roll: Roll, pace: Pace) => Promise<StepResult>;

/** Carries out the steps of a roll on local Docker, as the driver on AWS does there: it looks first, and changes what is not yet so. */
export class DockerRollDriver implements RollDriver {
    private readonly doings: Readonly<Record<StepName, Doing>>;

    constructor(private readonly site: ColourSite) {
        const { groups, balancer } = site;
        this.doings = {
            detach: doing(({ from, to }) => {
                groups[from].cancelEnd();
                groups[to].inDeploymentGroup = false;
            }),
            grow: doing(roll => { this.grow(roll); }),
            boot: doing(({ to }, pace) => this.until(pace, () => groups[to].settled)),
            attach: doing(({ to }) => { groups[to].inDeploymentGroup = true; }),
            install: (_, roll, pace) => this.install(roll, pace),
            healthy: doing(({ to }, pace) => this.until(pace, () => this.allHealthy(groups[to]))),
            probe: doing((roll, pace) => this.probe(roll, pace)),
            disarm: doing(({ from, to }) => {
                for (const colour of [to, from]) groups[colour].cancelEnd();
            }),
            match: doing((roll, pace) => this.match(roll, pace)),
            shift: doing(({ to }, _, step) => balancer.shift(to, percentOf(step))),
            bake: doing((roll, pace) => watchBake(site, roll, pace)),
            commit: doing(({ to }) => { site.activeColour = to; }),
            settle: doing(({ to, minSize }) => { groups[to].resize({ min: minSize }); }),
            retire: doing(roll => { this.retire(roll); }),
            restore: doing(({ from }) => balancer.shift(from, 100)),
            uncommit: doing(({ from }) => { site.activeColour = from; }),
            stop: doing(({ to }, pace) => this.stop(groups[to], pace)),
            shrink: doing(({ to }, pace) => this.shrink(groups[to], pace)),
            rearm: doing(({ to, warmUntil }) => { groups[to].scheduleEnd(warmUntil === undefined ? site.clock.now() : new Date(warmUntil)); }),
            // A colour that has never served has no instance to keep.
            release: doing(({ from, minSize }) => { groups[from].resize({ min: Math.min(minSize, groups[from].size.desired) }); }),
        };
    }

    async carryOut(step: Step, state: ActiveRoll, pace: Pace): Promise<StepResult> {
        pace.signal.throwIfAborted();
        return this.doings[step.name](step, state.roll, pace);
    }

    private grow({ from, to, minSize }: Roll): void {
        const { groups, clock } = this.site;
        const size = Math.max(minSize, groups[from].size.desired);
        // The end comes first: nobody may be left who is not ended.
        groups[to].scheduleEnd(new Date(clock.now().getTime() + abandonedSeconds * 1000));
        groups[to].resize({ min: size, desired: size });
    }

    private async install({ to, version }: Roll, pace: Pace): Promise<StepResult> {
        const group = this.site.groups[to];
        const deployment = usable(group, version) ?? group.deploy(version);
        await this.until(pace, () => deployment.end !== undefined);
        const [failure, ...more] = deployment.end?.failures ?? [];
        if (failure !== undefined) throw new Error(more.length > 0 ? `${failure.replace(/\.$/, "")} (and ${more.length} more failed)` : failure);
        if (deployment.end?.outcome === "stopped") throw new Error(`deployment ${deployment.id} was stopped`);
        return { deploymentId: deployment.id };
    }

    private async probe({ to, version }: Roll, pace: Pace): Promise<void> {
        const { balancer, headerSecret, probePath } = this.site;
        const response = await fetch(new URL(probePath, balancer.url), {
            headers: { [colourHeader]: colourHeaderValue(to, headerSecret) }, redirect: "manual",
            signal: AbortSignal.any([pace.signal, AbortSignal.timeout(probeTimeoutMs)]),
        });
        await response.arrayBuffer();
        if (response.status >= 400) throw new Error(`GET ${probePath} on ${to} answered ${response.status}`);
        const answered = response.headers.get("x-release") ?? version;
        if (answered !== version) throw new Error(`GET ${probePath} on ${to} was answered by release ${answered} instead of ${version}`);
    }

    private async match({ from, to, minSize, urgent }: Roll, pace: Pace): Promise<void> {
        const { groups, balancer } = this.site;
        const had = Math.max(minSize, groups[to].size.desired);
        await this.until(pace, async () => {
            const serving = groups[from].size.desired;
            const size = Math.max(minSize, serving, groups[to].size.desired);
            groups[from].resize({ min: serving });
            if (groups[to].size.min !== size) groups[to].resize({ min: size, desired: size });
            return urgent === true ? (await balancer.healthy())[to] >= had : this.allHealthy(groups[to]);
        });
    }

    private retire({ from, warmSeconds }: Roll): void {
        const { groups, clock } = this.site;
        const group = groups[from];
        // Armed before, by a driver that did not live to write it down.
        const seconds = group.endsAt === undefined ? warmSeconds : (group.endsAt.getTime() - clock.now().getTime()) / 1000;
        if (seconds <= 0 || group.size.desired === 0) this.empty(group);
        else if (group.endsAt === undefined) group.scheduleEnd(new Date(clock.now().getTime() + warmSeconds * 1000));
    }

    private async stop(group: ColourGroup, pace: Pace): Promise<void> {
        const last = group.deployments.at(-1);
        last?.stop();
        await this.until(pace, () => last === undefined || last.end !== undefined);
    }

    private async shrink(group: ColourGroup, pace: Pace): Promise<void> {
        this.empty(group);
        await this.until(pace, () => group.settled);
    }

    private empty(group: ColourGroup): void {
        group.cancelEnd();
        group.resize({ min: 0, desired: 0 });
    }

    private async allHealthy(group: ColourGroup): Promise<boolean> {
        return group.settled && (await this.site.balancer.healthy())[group.colour] >= group.size.desired;
    }

    private async until(pace: Pace, isSo: () => boolean | Promise<boolean>): Promise<void> {
        while (!(await isSo())) await pace.rest(pollSeconds);
    }
}

/** A step of which nothing is to be told. */
function doing(act: (roll: Roll, pace: Pace, step: Step) => void | Promise<void>): Doing {
    return async (step, roll, pace) => {
        await act(roll, pace, step);
        return {};
    };
}

/** The deployment that this roll, or an earlier try of its step, began; a release that is on all instances is not brought again. */
function usable({ deployments, inService }: ColourGroup, version: string): GroupDeployment | undefined {
    const last = deployments.at(-1);
    if (last?.version !== version || last.end?.outcome === "stopped" || last.end?.outcome === "failed") return undefined;
    return inService.every(host => last.hosts.includes(host)) ? last : undefined;
}

function percentOf(step: Step): number {
    if (step.name !== "shift") throw new TypeError(`step ${step.name} has no share`);
    return step.percent;
}
