import { isInstalled, ensureProgram } from "./packages";
import type { Docker } from "./docker";

/** Makes sure that hook scripts find Compose: the client's plugin, else the stand-alone program. */
export async function ensureCompose(docker: Docker, announce: (line: string) => void): Promise<void> {
    const plugin = await docker.run(["compose", "version"]).then(() => true, () => false);
    if (plugin || (await isInstalled("docker-compose"))) return;
    await ensureProgram("docker-compose", ["docker-compose"], announce, "Install Docker's compose plugin.");
}
