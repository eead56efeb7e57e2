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
 * What the containers of instances have written last, by Systems Manager. Instances whose agent does not answer are left out.
 * @throws what SSM answers when the command may not be sent
 */
export async function containerLogs(ssm: SSMClient, instanceIds: readonly string[], clock: Clock, signal: AbortSignal): Promise<ReadonlyMap<string, ContainerLog>> {
    const { Command } = await ssm.send(new SendCommandCommand({
        DocumentName: "AWS-RunShellScript",
        InstanceIds: [...instanceIds],
        Comment: "gapless: why a deployment failed",
        TimeoutSeconds: 30,
        Parameters: { commands: [
            `docker container inspect --format '{{range .Config.Env}}{{println .}}{{end}}' ${container} | grep '^VERSION=' | tail -n 1`,
            `docker logs --tail ${tailLines} ${container} 2>&1`,
        ] },
    }), { abortSignal: signal });
    const answers = await Promise.all(instanceIds.map(async instanceId => {
        const output = await outputOf(ssm, Command?.CommandId ?? "", instanceId, clock, signal);
        return output === undefined ? [] : [[instanceId, readLog(output)] as const];
    }));
    return new Map(answers.flat());
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
