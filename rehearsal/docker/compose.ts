import { execa } from "execa";
import type { Docker } from "./docker";
import { ensureProgram, type Installation } from "./packages";

type Environment = Readonly<Record<string, string>>;

// The stand-alone Compose is Python, and spends almost half of its start on the package that stands in for distutils, where that
// is not gone from Python itself: https://setuptools.pypa.io/en/latest/deprecated/distutils-legacy.html
const quicker: Environment = { SETUPTOOLS_USE_DISTUTILS: "stdlib" };

/**
 * Makes sure that hook scripts find Compose: the client's plugin, else the stand-alone program.
 * @returns what lets it start sooner, for the environment of whoever calls it
 */
export async function ensureCompose(docker: Docker, how: Pick<Installation, "announce" | "signal">): Promise<Environment> {
    if (await docker.succeeds(["compose", "version"])) return {};
    await ensureProgram({ ...how, program: "docker-compose", packages: ["docker-compose"], advice: "Install Docker's compose plugin." });
    const { exitCode } = await execa("docker-compose", ["version"], { env: quicker, reject: false, cancelSignal: how.signal });
    how.signal.throwIfAborted();
    return exitCode === 0 ? quicker : {};
}
