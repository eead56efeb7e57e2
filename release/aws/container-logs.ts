import { GetCommandInvocationCommand, SendCommandCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { Clock } from "../clock";
import type { ContainerLog } from "../failure-page";
import { nextPause } from "./poll";

// As app-scripts/scripts/common.sh calls it on a host.
const container = "app";
const tailLines = 50;
const patienceSeconds = 20;
const running: readonly string[] = ["Pending", "InProgress", "Delayed"];

/**
 * What an instance's container has written last, by Systems Manager; undefined when the instance is gone or its agent does not answer.
 * A command is for one instance alone: one for several is refused as a whole when one of them is gone.
 * @throws what SSM answers when the command may not be sent
 */
export async function containerLog(ssm: SSMClient, instanceId: string, clock: Clock, signal: AbortSignal): Promise<ContainerLog | undefined> {
    const sent = await ssm.send(new SendCommandCommand({
        DocumentName: "AWS-RunShellScript",
        InstanceIds: [instanceId],
        Comment: "gapless: why a deployment failed",
        TimeoutSeconds: 30,
        Parameters: { commands: [
            `docker container inspect --format '{{range .Config.Env}}{{println .}}{{end}}' ${container} | grep '^VERSION=' | tail -n 1`,
            `docker logs --tail ${tailLines} ${container} 2>&1`,
        ] },
    }), { abortSignal: signal }).catch(undefinedWhenGone);
    const output = sent && await outputOf(ssm, sent.Command?.CommandId ?? "", instanceId, clock, signal);
    return output === undefined ? undefined : readLog(output);
}

function undefinedWhenGone(error: unknown): undefined {
    if (!(error instanceof Error) || error.name !== "InvalidInstanceId") throw error;
}

/** What the command wrote on an instance; undefined when it has not ended in time or has failed. */
async function outputOf(ssm: SSMClient, commandId: string, instanceId: string, clock: Clock, signal: AbortSignal): Promise<string | undefined> {
    const deadline = clock.now().getTime() + patienceSeconds * 1000;
    for (let pause = nextPause(undefined, false); clock.now().getTime() < deadline; pause = nextPause(pause, false)) {
        // There is no invocation to ask for until an instance has taken it up.
        await clock.wait(pause, signal);
        const answer = await ssm.send(new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: instanceId }), { abortSignal: signal }).catch(notYet);
        if (!running.includes(answer.Status ?? "")) return answer.Status === "Success" ? answer.StandardOutputContent : undefined;
    }
    return undefined;
}

function notYet(error: unknown): { readonly Status: string; readonly StandardOutputContent?: string } {
    if (error instanceof Error && error.name === "InvocationDoesNotExist") return { Status: "Pending" };
    throw error;
}

function readLog(output: string): ContainerLog {
    const lines = output.trim() === "" ? [] : output.trimEnd().split("\n");
    const version = /^VERSION=([0-9a-f]{12})$/.exec(lines[0] ?? "")?.[1];
    return version === undefined ? { lines } : { version, lines: lines.slice(1) };
}
