import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { DeliveryError } from "../../release/aws/error";
import type { Credentials } from "../../release/registry/authorization";

type Env = Readonly<Record<string, string | undefined>>;

/** A user of the registry that Docker calls `server`. */
export interface Login extends Credentials {
    readonly server: string;
}

/** As Docker's client calls its own registry. */
export const dockerHubServer = "https://index.docker.io/v1/";

/** What of Docker's configuration is changed here; the rest is handed on. */
const configuration = z.looseObject({
    auths: z.record(z.string(), z.unknown()).default({}),
    credHelpers: z.record(z.string(), z.string()).default({}),
});

/**
 * Works with Docker logged in. Passwords go into a folder of their own, which only this user can read and which is gone afterwards;
 * all else that the user has set up is seen in it: contexts, plugins, builders, helpers for other registries.
 * @param work gets the environment for Docker
 */
export async function withLogins<T>(env: Env, logins: readonly Login[], work: (env: Env) => Promise<T>): Promise<T> {
    if (logins.length === 0) return work(env);
    const own = resolve(env["DOCKER_CONFIG"] || join(env["HOME"] || homedir(), ".docker"));
    const folder = await mkdtemp(join(tmpdir(), "gapless-docker-"));
    try {
        await showOwn(own, folder);
        await writeFile(join(folder, "config.json"), JSON.stringify(loggedIn(await readConfiguration(own), logins)), { mode: 0o600 });
        // Builders are remembered beside the configuration, and have to be known next time.
        return await work({ ...env, DOCKER_CONFIG: folder, BUILDX_CONFIG: env["BUILDX_CONFIG"] || join(own, "buildx") });
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

async function showOwn(own: string, folder: string): Promise<void> {
    for (const name of await readdir(own).catch(() => [])) {
        if (name !== "config.json") await symlink(join(own, name), join(folder, name));
    }
}

async function readConfiguration(own: string): Promise<z.output<typeof configuration>> {
    const path = join(own, "config.json");
    const text = await readFile(path, "utf8").catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return "{}";
        throw error;
    });
    try {
        return configuration.parse(JSON.parse(text));
    } catch (cause) {
        throw new DeliveryError(`${path} is not a configuration that Docker reads: ${(cause as Error).message}`, "usage", { cause });
    }
}

/** A helper, even that for all registries, would be asked before what stands in the file. An empty name means the file. */
function loggedIn(user: z.output<typeof configuration>, logins: readonly Login[]): z.output<typeof configuration> {
    const auths = logins.map(({ server, username, password }) => [server, { auth: Buffer.from(`${username}:${password}`).toString("base64") }] as const);
    return {
        ...user,
        auths: { ...user.auths, ...Object.fromEntries(auths) },
        credHelpers: { ...user.credHelpers, ...Object.fromEntries(logins.map(({ server }) => [server, ""])) },
    };
}
