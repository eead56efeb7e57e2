import { join } from "node:path";
import type { BalancerNumbers } from "./balancer/haproxy-config";
import { leftovers } from "./cleanup/leftovers";
import type { Run } from "./cleanup/run";
import { baseImage, haproxyImage, registryImage } from "./docker/base-images";
import { ensureCompose } from "./docker/compose";
import type { Docker } from "./docker/docker";
import { openDocker } from "./docker/open-docker";
import { ensureProgram } from "./docker/packages";
import type { InstanceArgs } from "./fleet/instance";
import type { RehearsalPlan } from "./plan";
import { BundleStore } from "./release/bundle-store";
import type { ReleaseSite } from "./release/make-releases";
import { startRegistry } from "./release/registry";
import type { View } from "./view";

/** What every rehearsal stands on, whatever its strategy: Docker, a network, a registry, a bucket. */
export interface Ground {
    readonly docker: Docker;
    readonly releases: ReleaseSite;
    readonly bundles: BundleStore;
    /** What a balancer is started with. */
    readonly balancer: {
        readonly docker: Docker; readonly image: string; readonly name: string; readonly network: string; readonly port: number;
        readonly numbers: BalancerNumbers; readonly healthyWithinMs: number;
    };
    /** What an instance is made with; the deployment group is that of a rolling stage. */
    readonly instance: InstanceArgs;
}

const project = join(import.meta.dirname, "..");

export async function openGround(plan: RehearsalPlan, run: Run, view: View, signal: AbortSignal): Promise<Ground> {
    const announced = new Set<string>();
    const announce = (line: string): void => {
        if (!announced.has(line)) view.note(line);
        announced.add(line);
    };
    const docker = await openDocker({ run: run.name, folder: run.folder, announce, signal });
    for (const command of await leftovers(docker, run.name)) {
        view.warn(`an earlier rehearsal is still in this Docker and takes part in the measurement; remove it with: ${command}`);
    }
    const composeEnvironment = await ensureCompose(docker, { announce, signal });
    for (const program of ["curl", "unzip"]) {
        await ensureProgram({ program, packages: [program], advice: `The hook scripts need it: install ${program}.`, announce, signal });
    }
    await docker.run(["network", "create", run.name]);

    const images = { docker, folder: run.folder, announce, signal };
    const registry = await startRegistry(docker, {
        image: await baseImage(registryImage, images), name: `${run.name}-registry`, network: run.name,
    }, signal);
    const bundles = new BundleStore(join(run.folder, "s3"));
    return {
        docker, bundles,
        releases: { ...images, repository: `${registry.host}:${registry.port}/app`, run: run.name, project },
        balancer: {
            docker, image: await baseImage(haproxyImage, images), name: `${run.name}-balancer`, network: run.name, port: plan.options.port,
            numbers: { ...plan.rollout.healthCheck, ...plan.waits, idleTimeoutMs: plan.rollout.idleTimeoutSeconds * 1000, https: plan.facts.https },
            healthyWithinMs: plan.waits.allowTrafficMs,
        },
        instance: {
            docker, composeEnvironment, run: run.name, network: run.name, folder: run.folder, containerPort: plan.facts.release.containerPort,
            bucketFolder: bundles.folder, awsCli: join(import.meta.dirname, "release", "aws-s3-stand-in.sh"),
            deploymentGroupId: run.name, deploymentGroupName: plan.facts.deploymentGroupName,
            applicationName: plan.facts.applicationName,
            fetchBundle: bundle => bundles.fetch(bundle),
        },
    };
}
