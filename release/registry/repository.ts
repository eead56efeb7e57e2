import { splitReference } from "../ecr-repository";

/** A repository of a registry, as the registry's own protocol names it. */
export interface RegistryRepository {
    /** Such as `https://registry-1.docker.io`. */
    readonly origin: string;
    readonly name: string;
}

/** Reads `[<host>/]<name>[@sha256:…]` as Docker does: without a host, it is Docker Hub's. */
export function registryRepository(reference: string): RegistryRepository {
    const repository = reference.includes("@") ? splitReference(reference).repository : reference;
    const [first = "", ...rest] = repository.split("/");
    const isHost = rest.length > 0 && /[.:]|^localhost$/.test(first);
    if (isHost && !/^(index\.)?docker\.io$/.test(first)) return { origin: `${schemeOf(first)}://${first}`, name: rest.join("/") };
    const name = isHost ? rest.join("/") : repository;
    return { origin: "https://registry-1.docker.io", name: name.includes("/") ? name : `library/${name}` };
}

export function isDockerHub(repository: string): boolean {
    return registryRepository(repository).origin === "https://registry-1.docker.io";
}

/** As Docker does: a registry of this machine needs no certificate. */
function schemeOf(host: string): "http" | "https" {
    return /^(localhost|127\.\d+\.\d+\.\d+)(:\d+)?$/.test(host) ? "http" : "https";
}
