import { join } from "node:path";
import { Balancer } from "./balancer/balancer";
import { leftovers } from "./cleanup/leftovers";
import type { Run } from "./cleanup/run";
import { baseImage, haproxyImage, registryImage } from "./docker/base-images";
import { ensureCompose } from "./docker/compose";
import { openDocker } from "./docker/open-docker";
import { ensureProgram } from "./docker/packages";
import { createFleet, instanceIds, type Fleet } from "./fleet/fleet";
import type { RehearsalPlan } from "./plan";
import { BundleStore } from "./release/bundle-store";
import type { ReleaseSite } from "./release/make-releases";
import { startRegistry } from "./release/registry";
import type { View } from "./view";

/** Everything that stands when the curtain rises: Docker, a network, a registry, a balancer, hosts without a release. */
export interface Site {
    readonly releases: ReleaseSite;
    readonly bundles: BundleStore;
    readonly balancer: Balancer;
    readonly fleet: Fleet;
}

const project = join(import.meta.dirname, "..");

export async function openSite(plan: RehearsalPlan, run: Run, view: View, signal: AbortSignal): Promise<Site> {
    const announced = new Set<string>();
    const announce = (line: string): void => {
        if (!announced.has(line)) view.note(line);
        announced.add(line);
    };
    const docker = await openDocker({ run: run.name, folder: run.folder, announce, signal });
    for (const command of await leftovers(docker, run.name)) {
        view.warn(`an earlier rehearsal is still in this Docker and takes part in the measurement; remove it with: ${command}`);
    }
    await ensureCompose(docker, { announce, signal });
    for (const program of ["curl", "unzip"]) {
        await ensureProgram({ program, packages: [program], advice: `The hook scripts need it: install ${program}.`, announce, signal });
    }
    await docker.run(["network", "create", run.name]);

    const images = { docker, folder: run.folder, announce, signal };
    const registry = await startRegistry(docker, {
        image: await baseImage(registryImage, images), name: `${run.name}-registry`, network: run.name,
    }, signal);
    const ids = instanceIds(plan.instances);
    const balancer = await Balancer.start({
        docker, image: await baseImage(haproxyImage, images), name: `${run.name}-balancer`, network: run.name, targets: ids,
        numbers: {
            ...plan.rollout.healthCheck, ...plan.waits, idleTimeoutMs: plan.rollout.idleTimeoutSeconds * 1000,
        },
        healthyWithinMs: plan.waits.allowTrafficMs,
        port: plan.options.port,
    }, signal);
    const bundles = new BundleStore(join(run.folder, "s3"));
    const fleet = await createFleet(ids, {
        docker, run: run.name, network: run.name, folder: run.folder, containerPort: plan.facts.release.containerPort,
        bucketFolder: bundles.folder, awsCli: join(import.meta.dirname, "release", "aws-s3-stand-in.sh"),
        deploymentGroupId: run.name, deploymentGroupName: plan.facts.deploymentGroupName,
        applicationName: plan.facts.applicationName,
        fetchBundle: bundle => bundles.fetch(bundle),
    });
    const repository = `${registry.host}:${registry.port}/app`;
    return { bundles, balancer, fleet, releases: { ...images, repository, run: run.name, project } };
}
