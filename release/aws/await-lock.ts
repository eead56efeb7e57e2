import { describeHolder, type Holder } from "../lock";
import type { FollowOptions } from "./follow-deployment";
import { DeliveryError } from "./error";
import { readLock, type StageLock, whatToDo } from "./stage-lock";

const pollSeconds = 5;

/**
 * Waits until nobody holds a stage's lock, without taking it: the pipeline queues by itself, but a stack that is being changed, or a
 * fleet that is rolled, must not get a release at the same time.
 * @throws DeliveryError needsPerson when it is still held after `waitMinutes`
 */
export async function awaitLock(lock: StageLock, { stack, clock, signal, tell, waitMinutes }: FollowOptions & { readonly waitMinutes: number }): Promise<void> {
    const deadline = clock.now().getTime() + waitMinutes * 60_000;
    let told: string | undefined;
    for (;;) {
        const { holder, standing } = await readLock(lock, signal);
        if (holder === null || standing !== "held") return;
        if (clock.now().getTime() >= deadline) throw new DeliveryError(held(holder, stack, waitMinutes), "needsPerson");
        if (told !== holder.token) tell.step(`waiting for the lock: ${describeHolder(holder)}`);
        told = holder.token;
        await clock.wait(pollSeconds, signal);
    }
}

function held(holder: Holder, stack: string, waitMinutes: number): string {
    return `${stack} is locked after ${waitMinutes} minutes: ${describeHolder(holder)}. Nothing was released. ${whatToDo(stack)}`;
}
