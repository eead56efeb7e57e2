import { setTimeout as sleep } from "node:timers/promises";
import type { Docker } from "../docker/docker";
import { publishedAddress, startService, type Address } from "../docker/service";

const registryPort = 5000;
/** Where it keeps what was pushed, in its container. */
export const registryFolder = "/tmp/registry";
const startDeadlineMs = 20_000;
const answerMs = 1_000;

/** A registry on this machine's loopback address, so that instances pull by digest as they do from ECR. */
export async function startRegistry(
    docker: Docker, { image, name, network }: { readonly image: string; readonly name: string; readonly network: string },
    signal: AbortSignal,
): Promise<Address> {
    const config = [
        "version: 0.1",
        `storage: {filesystem: {rootdirectory: ${registryFolder}}}`,
        `http: {addr: ":${registryPort}"}`,
        "log: {level: error, accesslog: {disabled: true}}",
    ].join("\n");
    const publish = [`127.0.0.1::${registryPort}`];
    await startService(docker, { image, name, network, publish, config, command: "registry serve" });
    const address = await publishedAddress(docker, name, registryPort);
    const deadline = Date.now() + startDeadlineMs;
    while (!(await answers(address))) {
        if (Date.now() > deadline) throw new Error(`The registry did not start. ${await docker.run(["logs", name])}`);
        await sleep(50, undefined, { signal });
    }
    return address;
}

async function answers({ host, port }: Address): Promise<boolean> {
    try {
        // Docker's proxy takes a connection before its container does, and may then never answer it.
        return (await fetch(`http://${host}:${port}/v2/`, { signal: AbortSignal.timeout(answerMs) })).ok;
    } catch {
        return false;
    }
}
