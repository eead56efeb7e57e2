import { chmod, cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { withoutLimit, type Docker } from "./docker";

export interface LocalImage {
    readonly tag: string;
    /** Where each program of the host goes in the image. */
    readonly programs: Readonly<Record<string, string>>;
    readonly command?: readonly string[];
}

/**
 * Makes an image from programs of this host and the libraries they load, for machines that reach no registry.
 * A static busybox gives it a shell.
 */
export async function makeLocalImage(docker: Docker, image: LocalImage, folder: string): Promise<void> {
    const root = await mkdtemp(join(folder, "image-"));
    for (const [source, target] of Object.entries(image.programs)) await copyProgram(await realpath(source), target, root);
    await addShell(root);
    const changes = ["ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/bin"];
    if (image.command) changes.push(`CMD ${JSON.stringify(image.command)}`);
    const archive = `${root}.tar`;
    await execa("tar", ["-C", root, "--owner=0", "--group=0", "-cf", archive, "."]);
    await docker.run(["import", ...changes.flatMap(change => ["--change", change]), archive, image.tag], withoutLimit);
    await Promise.all([rm(root, { recursive: true }), rm(archive)]);
}

async function copyProgram(source: string, target: string, root: string): Promise<void> {
    await copy(source, join(root, target));
    const { stdout, exitCode } = await execa("ldd", [source], { reject: false });
    if (exitCode !== 0) return; // static
    for (const [library] of stdout.matchAll(/\/[^\s()]+/g)) await copy(await realpath(library), join(root, library));
}

async function copy(source: string, target: string): Promise<void> {
    await mkdir(dirname(target), { recursive: true });
    await cp(source, target, { dereference: true });
}

async function addShell(root: string): Promise<void> {
    await copy("/bin/busybox", join(root, "bin/busybox"));
    const { stdout } = await execa("/bin/busybox", ["--list"]);
    for (const applet of stdout.split("\n").filter(name => name !== "busybox")) {
        await symlink("busybox", join(root, "bin", applet));
    }
    for (const folder of ["etc", "tmp", "var/lib", "run"]) await mkdir(join(root, folder), { recursive: true });
    await chmod(join(root, "tmp"), 0o1777);
    await writeFile(join(root, "etc/passwd"), "root:x:0:0::/:/bin/sh\nnode:x:1000:1000::/tmp:/bin/sh\n");
    await writeFile(join(root, "etc/group"), "root:x:0:\nnode:x:1000:\n");
    const resolver = await readFile("/etc/nsswitch.conf", "utf8").catch(() => "hosts: files dns\n");
    await writeFile(join(root, "etc/nsswitch.conf"), resolver);
}
