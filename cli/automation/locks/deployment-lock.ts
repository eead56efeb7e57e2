import { S3Client } from "@aws-sdk/client-s3";
import { breakLock, readLock, StageLock, thisOwner } from "../../../release/aws/stage-lock";
import type { CommandContext } from "../../context";
import type { HeldLock } from "./held-lock";
import { stageIfThere } from "./stage-in-use";

/** The lock of a stack's stage, when somebody holds it; a stack that is not on AWS has none. */
export async function deploymentLocks(stack: string, context: CommandContext): Promise<readonly HeldLock[]> {
    const open = await stageIfThere(stack, context);
    if (!open) return [];
    const owner = thisOwner(context.env);
    const lock = new StageLock(new S3Client(open.access), open.stage.releaseBucket, owner, context.clock);
    const { holder, standing } = await readLock(lock, context.signal);
    if (holder === null) return [];
    const { who, host, pid, command, since, machine } = holder;
    const gone = standing === "ownerGone" || standing === "expired";
    const here = machine !== undefined && machine === owner.machine;
    return [{
        lock: "deployment", who, host, pid, command, since,
        owner: gone ? "gone" : here ? "alive" : "elsewhere",
        remove: () => breakLock(lock, holder),
    }];
}
