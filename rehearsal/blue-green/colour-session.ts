import { randomBytes } from "node:crypto";
import { otherColour } from "../../release/blue-green/colour";
import { driveRoll, type RollDriver } from "../../release/blue-green/drive";
import { type ActiveRoll, beginRoll, type RollState } from "../../release/blue-green/machine";
import type { Roll } from "../../release/blue-green/roll";
import type { ColourFacts } from "../program/colour-facts";
import type { ColourSite } from "./colour-site";
import type { ColoursRecorder } from "./colours-recorder";
import { DockerRollDriver } from "./docker-roll-driver";

/** A colour cannot be rolled to as it was asked. */
export class SessionError extends Error {
    override readonly name = "SessionError";
}

/** Puts something between a roll and the site, such as a fault. */
export type Wrap = (driver: RollDriver, site: ColourSite) => RollDriver;

/** How one roll is driven. */
export interface Driving {
    /** @default the session's */
    readonly wrap?: Wrap;
    /** Kills whoever drives, in the middle of a step; the roll stays where it is. @default only the session's */
    readonly kill?: AbortSignal;
    /** A person's wish to end the roll, as by Ctrl-C. @default nobody's */
    readonly stop?: AbortSignal;
}

/** How a flip is meant. */
export interface FlipHow extends Driving {
    /** Seconds for which the colour that it leads to is watched. @default the stage's */
    readonly bakeSeconds?: number;
    /** As `rollback` goes back from a bad release: with no bake. @default false, as `flip` */
    readonly urgent?: boolean;
}

/** How requests are moved. */
export type Shifting = Partial<Pick<Roll, "shiftPercents" | "bakeSeconds" | "warmSeconds">>;

export interface SessionArgs {
    readonly site: ColourSite;
    readonly recorder: ColoursRecorder;
    readonly facts: Pick<ColourFacts, "shiftPercents" | "bakeSeconds" | "warmSeconds">;
    /** Fewest instances of a colour that serves. */
    readonly minSize: number;
    /** Of every roll that has no other. @default none */
    readonly wrap?: Wrap;
    readonly signal: AbortSignal;
}

/** What commands do to a stage, one after the other, while one load runs. */
export class ColourSession {
    readonly site: ColourSite;
    readonly signal: AbortSignal;

    constructor(private readonly args: SessionArgs) {
        this.site = args.site;
        this.signal = args.signal;
    }

    /** Brings a release that was stored to the idle colour and then to the clients. */
    deploy(version: string, how: Shifting & Driving = {}): Promise<RollState> {
        const { activeColour: from } = this.site;
        return this.begin({ ...this.common(how), kind: "deploy", version, from, to: otherColour(from) }, how);
    }

    /**
     * Goes to the colour that is still warm, at once.
     * @throws SessionError when none is
     */
    flip({ urgent = false, bakeSeconds, ...how }: FlipHow = {}): Promise<RollState> {
        const { activeColour: from, store } = this.site;
        const to = otherColour(from);
        const { warm, [to]: installed } = store.read();
        if (warm?.colour !== to || installed === null) throw new SessionError(`${to} is not warm, so nothing can be flipped`);
        const at = { shiftPercents: [100], ...(urgent ? { bakeSeconds: 0 } : bakeSeconds !== undefined && { bakeSeconds }) };
        return this.begin({ ...this.common(at), kind: "flip", version: installed.version, from, to, warmUntil: warm.until, ...(urgent && { urgent }) }, how);
    }

    /**
     * Goes on with a roll that somebody has left.
     * @throws SessionError when none is under way
     */
    resume(how: Driving = {}): Promise<RollState> {
        const { roll } = this.site.store.read();
        if (roll === null) throw new SessionError("no roll is under way");
        return this.drive(roll, how);
    }

    /** Asks whoever drives to end the roll, as `abort` does from another machine. */
    async requestStop(reason: string): Promise<void> {
        await this.site.store.update({ stopRequested: reason });
    }

    private common({ shiftPercents, bakeSeconds, warmSeconds }: Shifting): Pick<Roll, "id" | "shiftPercents" | "bakeSeconds" | "warmSeconds" | "minSize" | "begun"> {
        const { facts, minSize, site } = this.args;
        return {
            id: `bg-${randomBytes(4).toString("hex")}`, begun: site.clock.now().toISOString(), minSize,
            shiftPercents: shiftPercents ?? facts.shiftPercents, bakeSeconds: bakeSeconds ?? facts.bakeSeconds, warmSeconds: warmSeconds ?? facts.warmSeconds,
        };
    }

    private begin(roll: Roll, how: Driving): Promise<RollState> {
        return this.drive(beginRoll(roll), how);
    }

    private async drive(start: ActiveRoll, { wrap = this.args.wrap, kill, stop }: Driving): Promise<RollState> {
        const { site, recorder, signal } = this.args;
        const driver = new DockerRollDriver(site);
        const end = await driveRoll(start, recorder.record(wrap?.(driver, site) ?? driver), site.store, {
            clock: site.driverClock,
            signal: kill === undefined ? signal : AbortSignal.any([signal, kill]),
            ...(stop && { stop }),
            tell: () => undefined,
        });
        if (end.phase === "ended") recorder.ended(end);
        return end;
    }
}
