import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { S3Client } from "@aws-sdk/client-s3";
import { type Clock, systemClock } from "../clock";
import { who } from "../identity";
import { describeHolder, freeLock, hold, type Holder, type Lock, lock, type Owner, release, renewSeconds, type Standing, standing } from "../lock";
import { isAlive, thisMachine, thisUser } from "../machine";
import { lockKey } from "../store-keys";
import { inSeconds } from "../time-text";
import { systemTimer, type Timer } from "../timer";
import { JsonDocument } from "./document";
import { DeliveryError } from "./error";
import { LockHold } from "./lock-hold";

const pollSeconds = 5;

/** This process, as others see it when it holds a lock. */
export function thisOwner(env: Readonly<Record<string, string | undefined>>): Owner {
    const host = hostname();
    return { who: who(env, thisUser(env), host), host, pid: process.pid, machine: thisMachine() };
}

/** The lock of a stage, in its release bucket, and who would take it. */
export class StageLock {
    readonly document: JsonDocument<Lock>;

    constructor(private readonly s3: S3Client, bucket: string, readonly owner: Owner, private readonly clock: Clock = systemClock) {
        this.document = new JsonDocument(s3, bucket, lockKey, lock, freeLock, clock);
    }

    /**
     * The time as S3 tells it, by which holders on different machines are compared. The SDK corrects clocks that are wrong by
     * five minutes and more; smaller differences are less than what a lock lasts without a sign of life.
     */
    now(): Date {
        return new Date(this.clock.now().getTime() + this.s3.config.systemClockOffset);
    }
}

/** A wish to work under a stage's lock. */
export interface LockWish {
    readonly stack: string;
    /** As a person would type it, such as `roll`. */
    readonly command: string;
    /** How long to wait for whoever holds it. */
    readonly waitMinutes: number;
    readonly clock: Clock;
    readonly tell: { step(text: string): void; warn(text: string): void };
    readonly signal: AbortSignal;
    /** By which signs of life are given while the work lasts. */
    readonly timer?: Timer;
}

/**
 * Works while holding a stage's lock, and frees it in the end, also when the work fails.
 * The work's signal is aborted with `signal`, and when the lock is lost: somebody has taken it over or removed it, or it could not be
 * renewed for so long that others may take it now. What holds no lock must begin nothing more.
 * @throws DeliveryError needsPerson when it is still held after `waitMinutes`, or was lost
 */
export async function withLock<T>(stageLock: StageLock, wish: LockWish, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { timer = systemTimer, signal, stack, tell } = wish;
    const hold = new LockHold(stageLock, await take(stageLock, randomUUID(), wish), stack, text => { tell.warn(text); });
    const stop = timer.every(renewSeconds, () => { hold.giveSign(); });
    try {
        return await work(AbortSignal.any([signal, hold.lost]));
    } catch (error) {
        throw hold.lost.aborted && !signal.aborted ? hold.lost.reason : error;
    } finally {
        stop();
        await hold.end();
    }
}

/** Who holds a stage's lock, and whether that still counts. */
export async function readLock(
    stageLock: StageLock, signal?: AbortSignal,
): Promise<{ readonly holder: Holder | null; readonly standing: Standing }> {
    const { value } = await stageLock.document.read(signal);
    // Only now: by the answer one knows what time it is.
    return { holder: value.holder, standing: standing(value, stageLock.now(), stageLock.owner.machine, isAlive) };
}

/** Frees a stage's lock from this very hold; false when that has ended meanwhile. */
export async function breakLock({ document }: StageLock, { token }: Holder): Promise<boolean> {
    let broken = false;
    await document.change(lock => {
        broken = lock.holder?.token === token;
        return release(lock, token);
    });
    return broken;
}

/** The way on for whoever finds a lock held. */
export function whatToDo(stack: string): string {
    return `Wait for its end. When its process is surely dead: ./gapless unlock ${stack}`;
}

async function take(stageLock: StageLock, token: string, { stack, command, waitMinutes, clock, tell, signal }: LockWish): Promise<Holder> {
    const deadline = clock.now().getTime() + waitMinutes * 60_000;
    let told: string | undefined;
    for (;;) {
        signal.throwIfAborted();
        const { holder, over } = await tryToTake(stageLock, token, command, signal);
        if (holder.token === token) {
            if (over !== undefined) tell.warn(over);
            return holder;
        }
        const secondsLeft = (deadline - clock.now().getTime()) / 1000;
        if (secondsLeft <= 0) throw new DeliveryError(`${stack} is locked: ${describeHolder(holder)}. ${whatToDo(stack)}`, "needsPerson");
        if (told !== holder.token) tell.step(`waiting for the lock: ${describeHolder(holder)}`);
        told = holder.token;
        await clock.wait(Math.min(pollSeconds, secondsLeft), signal);
    }
}

/** Who holds the lock now, and what is worth knowing when it was taken over. */
async function tryToTake(
    stageLock: StageLock, token: string, command: string, signal: AbortSignal,
): Promise<{ readonly holder: Holder; readonly over: string | undefined }> {
    const { document, owner } = stageLock;
    let over: string | undefined;
    const { holder } = await document.change(current => {
        const now = stageLock.now();
        const stands = standing(current, now, owner.machine, isAlive);
        // Perhaps by this very wish: when an answer gets lost, the SDK writes once more and is refused by what it has written itself.
        if (stands === "held") return current;
        over = current.holder ? takenOver(current.holder, stands) : undefined;
        return hold(owner, command, token, now);
    }, signal);
    return { holder: holder as Holder, over };
}

function takenOver(holder: Holder, stands: Standing): string {
    const why = stands === "ownerGone" ? "its process is gone" : `it has given no sign of life and ended at ${inSeconds(holder.expires)}`;
    return `took over the lock of ${describeHolder(holder)}: ${why}`;
}
