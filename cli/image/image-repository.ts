import { ECRClient } from "@aws-sdk/client-ecr";
import type { Access } from "../../release/aws/access";
import { DeliveryError } from "../../release/aws/error";
import { findByTag, tagImage } from "../../release/aws/images";
import { parseEcr } from "../../release/ecr-repository";
import type { Credentials } from "../../release/registry/authorization";
import { ecrCredentials } from "../../release/registry/ecr-credentials";
import { Registry } from "../../release/registry/registry";
import { isDockerHub, registryRepository } from "../../release/registry/repository";
import { dockerHubServer, type Login } from "./docker-login";

type Env = Readonly<Record<string, string | undefined>>;

/** The repository of a stack's images, as those see it who build them. */
export interface ImageRepository {
    /** Digest that a tag leads to; undefined when there is no such tag. */
    digestOf(tag: string): Promise<string | undefined>;
    /** Lets a tag lead to an image. False when it leads to another and may not move. */
    addTag(digest: string, tag: string): Promise<boolean>;
    /** What Docker needs to push there. */
    logins(): Promise<readonly Login[]>;
    /** What other clients need to read and write there; undefined where everybody may. */
    credentials(): Promise<Credentials | undefined>;
}

/** How a repository is asked. */
export interface RepositoryAccess {
    readonly access: Access;
    readonly env: Env;
    readonly signal: AbortSignal;
}

/**
 * Opens a repository by its name.
 * @throws DeliveryError (usage) for one on Docker Hub without a user to push as
 */
export function openRepository(name: string, { access, env, signal }: RepositoryAccess): ImageRepository {
    const ecr = parseEcr(name);
    const hub = dockerHubUser(env);
    if (ecr) return inEcr(name, new ECRClient({ ...access, region: ecr.region }), hub);
    if (isDockerHub(name) && hub === undefined) {
        throw new DeliveryError(`${name} is on Docker Hub, which has to know who asks: set DOCKER_HUB_USERNAME and DOCKER_HUB_PASSWORD.`, "usage");
    }
    return inRegistry(name, isDockerHub(name) ? hub : undefined, signal);
}

/** Asked by AWS's own calls: they say whether it is the tag that is missing, or a permission. */
function inEcr(name: string, ecr: ECRClient, hub: Credentials | undefined): ImageRepository {
    return {
        digestOf: tag => findByTag(ecr, name, tag),
        addTag: (digest, tag) => tagImage(ecr, `${name}@${digest}`, tag),
        // Of Docker Hub, too, when there is a user: base images come from there, and not many for nobody.
        logins: async () => [{ server: name.slice(0, name.indexOf("/")), ...await ecrCredentials(ecr) }, ...loginsToHub(hub)],
        credentials: () => ecrCredentials(ecr),
    };
}

function inRegistry(name: string, user: Credentials | undefined, signal: AbortSignal): ImageRepository {
    const credentials = (): Promise<Credentials | undefined> => Promise.resolve(user);
    const registry = new Registry(registryRepository(name), { credentials, writes: true, signal });
    return {
        digestOf: tag => registry.digestOf(tag),
        addTag: async (digest, tag) => {
            const manifest = await registry.manifest(digest);
            if (manifest === undefined) throw new DeliveryError(`${name} has no image ${digest}.`);
            await registry.putManifest(tag, manifest);
            return true;
        },
        logins: () => Promise.resolve(loginsToHub(user)),
        credentials,
    };
}

function loginsToHub(user: Credentials | undefined): readonly Login[] {
    return user === undefined ? [] : [{ server: dockerHubServer, ...user }];
}

function dockerHubUser({ DOCKER_HUB_USERNAME: username, DOCKER_HUB_PASSWORD: password }: Env): Credentials | undefined {
    return username && password ? { username, password } : undefined;
}
