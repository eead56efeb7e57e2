import { execPath } from "node:process";
import { DockerError, type Docker } from "./docker";
import { makeLocalImage, type LocalImage } from "./local-image";
import { ensureProgram } from "./packages";

/** An image that the rehearsal itself needs, and how to make one where no registry can be reached. */
interface BaseImage {
    readonly published: string;
    readonly local: LocalImage;
    /** Packages of Debian and Ubuntu that bring the programs, by program. */
    readonly packages: Readonly<Record<string, readonly string[]>>;
}

const shell = { busybox: ["busybox-static"] };

export const nodeImage: BaseImage = {
    published: "public.ecr.aws/docker/library/node:22-slim",
    local: { tag: "gapless/node:local", programs: { [execPath]: "/usr/local/bin/node" }, command: ["node"] },
    packages: shell,
};

export const haproxyImage: BaseImage = {
    published: "public.ecr.aws/docker/library/haproxy:2.6",
    local: { tag: "gapless/haproxy:local", programs: { "/usr/sbin/haproxy": "/usr/sbin/haproxy" } },
    packages: { ...shell, haproxy: ["haproxy"] },
};

export const registryImage: BaseImage = {
    published: "public.ecr.aws/docker/library/registry:2",
    local: { tag: "gapless/registry:local", programs: { "/usr/bin/docker-registry": "/usr/bin/registry" } },
    packages: { ...shell, "docker-registry": ["docker-registry"] },
};

export interface ImageSource {
    readonly docker: Docker;
    readonly folder: string;
    readonly announce: (line: string) => void;
    readonly signal?: AbortSignal | undefined;
}

/** The name of an image to use: the local stand-in when it was made before, else the published one, else a new stand-in. */
export async function baseImage(image: BaseImage, source: ImageSource): Promise<string> {
    const { docker, announce } = source;
    if (await docker.hasImage(image.local.tag)) return image.local.tag;
    if (await canHave(image.published, source)) return image.published;
    announce(`${image.published} cannot be pulled: making ${image.local.tag} from this machine's packages`);
    for (const [program, packages] of Object.entries(image.packages)) {
        await ensureProgram(program, packages, announce, `Pull ${image.published} or install ${packages.join(" ")}.`);
    }
    await makeLocalImage(docker, image.local, source.folder);
    return image.local.tag;
}

/** True when an image is on this machine or can be pulled. */
export async function canHave(image: string, { docker, signal }: ImageSource): Promise<boolean> {
    if (await docker.hasImage(image)) return true;
    try {
        await docker.run(["pull", "--quiet", image], { signal });
        return true;
    } catch (error) {
        if (error instanceof DockerError) return false;
        throw error;
    }
}
