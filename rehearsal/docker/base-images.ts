import { execPath } from "node:process";
import { withoutLimit, type Docker } from "./docker";
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
    readonly signal: AbortSignal;
}

/** The name of an image to use: the published one where it is or can be pulled, else a stand-in made on this machine. */
export async function baseImage(image: BaseImage, source: ImageSource): Promise<string> {
    return (await canHave(image.published, source)) ? image.published : standIn(image, image.published, source);
}

/** The name of the stand-in, which is made when it is not there yet, and said aloud each time. */
export async function standIn({ local, packages }: BaseImage, wanted: string, source: ImageSource): Promise<string> {
    const { docker, announce, signal } = source;
    announce(`${wanted} cannot be pulled: using ${local.tag}, made from this machine's packages`);
    if (await docker.hasImage(local.tag)) return local.tag;
    for (const [program, names] of Object.entries(packages)) {
        const advice = `Pull ${wanted} or install ${names.join(" ")}.`;
        await ensureProgram({ program, packages: names, announce, signal, advice });
    }
    await makeLocalImage(docker, local, source.folder);
    return local.tag;
}

/** True when an image is on this machine or can be pulled. */
export async function canHave(image: string, { docker }: ImageSource): Promise<boolean> {
    return (await docker.hasImage(image)) || docker.succeeds(["pull", "--quiet", image], withoutLimit);
}
