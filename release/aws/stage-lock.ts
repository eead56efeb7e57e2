import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import type { S3Client } from "@aws-sdk/client-s3";
import { type Clock, systemClock } from "../clock";
import { who } from "../identity";
import { describeHolder, freeLock, hold, type Holder, type Lock, lock, type Owner, release, renew, renewSeconds, type Standing, standing } from "../lock";
import { isAlive, thisMachine } from "../machine";
import { lockKey } from "../store-keys";
import { systemTimer, type Timer } from "../timer";
import { JsonDocument } from "./document";
import { DeliveryError } from "./error";

const pollSeconds = 5;

/** This process, as others see it when it holds a lock. */
export function thisOwner(env: Readonly<Record<string, string | undefined>>): Owner {
    const host = hostname();
    return { who: who(env, userInfo().username, host), host, pid: process.pid, machine: thisMachine() };
}

/** The lock of a stage, in its release bucket, and who would take it. */
export class StageLock {
    readonly document: JsonDocument<Lock>;

    constructor(s3: S3Client, bucket: string, readonly owner: Owner, clock: Clock = systemClock) {
        this.document = new JsonDocument(s3, bucket, lockKey, lock, freeLock, clock);
    }
}

/** A wish to work under a stage's lock. */
export interface LockWish {
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
 * The work's signal is aborted with `signal`, and when the lock is lost: somebody has taken it over because there was no sign of
 * life for five minutes (a machine that slept), or by force. What holds no lock must begin nothing more.
 * @throws DeliveryError needsPerson when it is still held after `waitMinutes`, or was lost
 */
export async function withLock<T>(stageLock: StageLock, wish: LockWish, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const token = randomUUID();
    await take(stageLock, token, wish);
    const { timer = systemTimer, signal, tell } = wish;
    const lost = new AbortController();
    let renewal = Promise.resolve();
    const stop = timer.every(renewSeconds, () => {
        renewal = renewal.then(() => giveSign(stageLock, token, wish, lost));
    });
    try {
        return await work(AbortSignal.any([signal, lost.signal]));
    } catch (error) {
        throw lost.signal.aborted && !signal.aborted ? lost.signal.reason : error;
    } finally {
        stop();
        await renewal;
        await giveBack(stageLock, token, tell);
    }
}

/** Who holds a stage's lock, and whether that still counts. */
export async function readLock(
    { document, owner }: StageLock, now: Date, signal?: AbortSignal,
): Promise<{ readonly holder: Holder | null; readonly standing: Standing }> {
    const { value } = await document.read(signal);
    return { holder: value.holder, standing: standing(value, now, owner.machine, isAlive) };
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

async function take(stageLock: StageLock, token: string, { command, waitMinutes, clock, tell, signal }: LockWish): Promise<void> {
    const deadline = clock.now().getTime() + waitMinutes * 60_000;
    let told: string | undefined;
    for (;;) {
        signal.throwIfAborted();
        const { holder, over } = await tryToTake(stageLock, token, command, clock.now());
        if (holder.token === token) {
            if (over !== undefined) tell.warn(over);
            return;
        }
        const secondsLeft = (deadline - clock.now().getTime()) / 1000;
        if (secondsLeft <= 0) throw new DeliveryError(`The stack is locked: ${describeHolder(holder)}. Wait for its end, or see ./gapless unlock.`, "needsPerson");
        if (told !== holder.token) tell.step(`waiting for the lock: ${describeHolder(holder)}`);
        told = holder.token;
        await clock.wait(Math.min(pollSeconds, secondsLeft), signal);
    }
}

/** Who holds the lock now, and what is worth knowing when it was taken over. */
async function tryToTake(
    { document, owner }: StageLock, token: string, command: string, now: Date,
): Promise<{ readonly holder: Holder; readonly over: string | undefined }> {
    let over: string | undefined;
    const { holder } = await document.change(current => {
        const stands = standing(current, now, owner.machine, isAlive);
        // Perhaps by this very wish: when an answer gets lost, the SDK writes once more and is refused by what it has written itself.
        if (stands === "held") return current;
        over = current.holder ? takenOver(current.holder, stands) : undefined;
        return hold(owner, command, token, now);
    });
    return { holder: holder as Holder, over };
}

function takenOver(holder: Holder, stands: Standing): string {
    const why = stands === "ownerGone" ? "its process is gone" : `it has given no sign of life and ended at ${holder.expires}`;
    return `took over the lock of ${describeHolder(holder)}: ${why}`;
}

async function giveSign({ document }: StageLock, token: string, { clock, tell }: LockWish, lost: AbortController): Promise<void> {
    if (lost.signal.aborted) return;
    try {
        const { holder } = await document.change(lock => renew(lock, token, clock.now()));
        if (holder?.token === token) return;
        const message = `The lock was lost to ${holder ? describeHolder(holder) : "whoever removed it"}, so this begins nothing more.`;
        tell.warn(message);
        lost.abort(new DeliveryError(message, "needsPerson"));
    } catch (error) {
        // There are four more minutes to try again.
        tell.warn(`the lock could not be renewed: ${(error as Error).message}`);
    }
}

async function giveBack({ document }: StageLock, token: string, tell: LockWish["tell"]): Promise<void> {
    try {
        await document.change(lock => release(lock, token));
    } catch (error) {
        // What the work has come to matters more.
        tell.warn(`the lock could not be freed and ends by itself in five minutes: ${(error as Error).message}`);
    }
}
