import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerHubServer, withLogins } from "../../../cli/image/docker-login";

const login = { server: "registry.test", username: "AWS", password: "secret" };
const auth = Buffer.from("AWS:secret").toString("base64");

describe("logging Docker in", () => {
    let home = "";
    beforeEach(async () => {
        home = await mkdtemp(join(tmpdir(), "docker-login-"));
        await mkdir(join(home, ".docker/contexts"), { recursive: true });
    });
    afterEach(() => rm(home, { recursive: true }));

    const own = (config: unknown) => writeFile(join(home, ".docker/config.json"), typeof config === "string" ? config : JSON.stringify(config));
    const configIn = async (folder = "") => JSON.parse(await readFile(join(folder, "config.json"), "utf8")) as unknown;

    it("adds the password to all that the user has set up, in a folder that is gone afterwards", async () => {
        await own({ credsStore: "desktop", credHelpers: { "other.test": "pass" }, auths: { "old.test": {} }, currentContext: "colima" });
        let folder = "";
        await withLogins({ HOME: home, PATH: "/bin" }, [login], async env => {
            folder = env["DOCKER_CONFIG"] ?? "";
            assert.deepEqual(env, { HOME: home, PATH: "/bin", DOCKER_CONFIG: folder, BUILDX_CONFIG: join(home, ".docker/buildx") });
            assert.deepEqual(await configIn(folder), {
                credsStore: "desktop", currentContext: "colima", auths: { "old.test": {}, "registry.test": { auth } },
                // The file, and not the store that is for all others.
                credHelpers: { "other.test": "pass", "registry.test": "" },
            });
            assert.equal((await stat(join(folder, "config.json"))).mode & 0o777, 0o600);
            await writeFile(join(folder, "contexts/new"), "seen by the user, too");
        });
        assert.equal(existsSync(folder), false);
        assert.ok(existsSync(join(home, ".docker/contexts/new")), "what the user has set up is theirs");
    });

    it("does so for a user who has set nothing up, and for several registries", async () => {
        await withLogins({ DOCKER_CONFIG: join(home, "none"), BUILDX_CONFIG: "/elsewhere" }, [login, { ...login, server: dockerHubServer }], async env => {
            assert.equal(env["BUILDX_CONFIG"], "/elsewhere");
            assert.deepEqual(await configIn(env["DOCKER_CONFIG"]), {
                auths: { "registry.test": { auth }, [dockerHubServer]: { auth } }, credHelpers: { "registry.test": "", [dockerHubServer]: "" },
            });
        });
    });

    it("leaves no password behind when the work fails", async () => {
        let folder = "";
        await assert.rejects(withLogins({ HOME: home }, [login], env => {
            folder = env["DOCKER_CONFIG"] ?? "";
            return Promise.reject(new Error("the build failed"));
        }), { message: "the build failed" });
        assert.deepEqual([folder === "", existsSync(folder)], [false, false]);
    });

    it("changes nothing when there is nobody to log in", async () => {
        const env = { HOME: home };
        await withLogins(env, [], given => { assert.equal(given, env); return Promise.resolve(); });
    });

    it("says whose configuration Docker would not read either", async () => {
        await own("{");
        await assert.rejects(withLogins({ HOME: home }, [login], () => Promise.resolve()), {
            name: "DeliveryError", kind: "usage", message: new RegExp(`^${join(home, ".docker/config.json")} is not a configuration that Docker reads: `),
        });
    });
});
