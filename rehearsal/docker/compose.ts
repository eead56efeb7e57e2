import type { Docker } from "./docker";
import { ensureProgram, type Installation } from "./packages";

/** Makes sure that hook scripts find Compose: the client's plugin, else the stand-alone program. */
export async function ensureCompose(docker: Docker, how: Pick<Installation, "announce" | "signal">): Promise<void> {
    if (await docker.succeeds(["compose", "version"])) return;
    await ensureProgram({ ...how, program: "docker-compose", packages: ["docker-compose"], advice: "Install Docker's compose plugin." });
}
