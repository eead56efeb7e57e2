import assert from "node:assert/strict";
import type { Credentials } from "../../../release/registry/authorization";
import { copyImage } from "../../../release/registry/copy-image";
import { Registry } from "../../../release/registry/registry";
import { registryRepository } from "../../../release/registry/repository";
import { imageType, indexType, RegistryDouble, sha256 } from "./registry-double";

const { signal } = new AbortController();
const tell = { step: (): void => undefined };
const opened = (double: { readonly host: string }, name: string, user?: Credentials, mountsFrom?: string) => new Registry(registryRepository(`${double.host}/${name}`), {
    credentials: () => Promise.resolve(user), writes: true, signal, ...(mountsFrom !== undefined && { mountsFrom }),
});

/** Two platforms and an attestation, as buildx pushes them. */
function addIndex(double: RegistryDouble, name: string): string {
    const children = ["amd64", "arm64", "attestation"].map(layer => double.addImage(name, layer));
    return double.addManifest(name, indexType, `{ "schemaVersion": 2, "manifests":\n${JSON.stringify(children)} }`);
}

describe("copying an image between registries", () => {
    it("copies an index with all it is made of, every byte as it was, and tags it", async () => {
        await using from = await RegistryDouble.start();
        await using to = await RegistryDouble.start();
        const digest = addIndex(from, "acme/web");
        await copyImage(opened(from, "acme/web"), opened(to, "web"), digest, "promoted-1", tell);

        const named = (double: RegistryDouble, name: string) => [...double.manifests, ...double.blobs]
            .filter(([key]) => !key.endsWith("promoted-1")).map(([key, value]) => [key.replace(name, ""), value] as const).sort(([a], [b]) => (a < b ? -1 : 1));
        assert.deepEqual(named(to, "web"), named(from, "acme/web"));
        assert.deepEqual(to.manifests.get("web@promoted-1"), from.manifests.get(`acme/web@${digest}`));
        assert.deepEqual(from.requests.filter(request => !request.startsWith("GET ")), [], "nothing is written where it comes from");
    });

    it("sends nothing again that is there", async () => {
        await using from = await RegistryDouble.start();
        await using to = await RegistryDouble.start();
        const { digest } = from.addImage("web", "layer");
        to.addBlob("web", "layer");
        await copyImage(opened(from, "web"), opened(to, "web"), digest, "one", tell);
        assert.equal(to.requestsOf("PATCH").length, 1, "the configuration alone");
        to.requests.length = 0;
        await copyImage(opened(from, "web"), opened(to, "web"), digest, "two", tell);
        assert.deepEqual(to.requestsOf("PUT"), ["PUT /v2/web/manifests/two"]);
    });

    it("does nothing at all when the tag leads to the image already, which an immutable one would refuse", async () => {
        await using from = await RegistryDouble.start();
        await using to = await RegistryDouble.start();
        const { digest } = from.addImage("web", "layer");
        for (const once of [true, false]) {
            from.requests.length = to.requests.length = 0;
            await copyImage(opened(from, "web"), opened(to, "web"), digest, "one", tell);
            assert.equal(to.requests.length > 1, once);
        }
        assert.deepEqual([from.requests, to.requests], [[], ["GET /v2/web/manifests/one"]]);
    });

    it("refuses a tag that leads to another image, before anything is copied", async () => {
        await using from = await RegistryDouble.start();
        await using to = await RegistryDouble.start();
        const { digest } = from.addImage("web", "layer");
        const { digest: other } = from.addImage("web", "another");
        await copyImage(opened(from, "web"), opened(to, "web"), other, "one", tell);
        to.requests.length = 0;
        await assert.rejects(copyImage(opened(from, "web"), opened(to, "web"), digest, "one", tell), {
            name: "DeliveryError", message: `web:one leads to ${other}, and not to ${digest}, which is to get that tag. Remove the tag there, if nobody needs it, and do this again.`,
        });
        assert.deepEqual(to.requests, ["GET /v2/web/manifests/one"]);
    });

    it("believes no registry whose tag leads elsewhere after the copy", async () => {
        await using from = await RegistryDouble.start();
        await using to = await RegistryDouble.start();
        const { digest } = from.addImage("web", "layer");
        const target = opened(to, "web");
        const put = target.putManifest.bind(target);
        target.putManifest = async (reference, manifest) => {
            await put(reference, manifest);
            if (reference === "one") to.manifests.delete("web@one");
        };
        await assert.rejects(copyImage(opened(from, "web"), target, digest, "one", tell), { name: "DeliveryError", message: `web:one is not there after the copy, and not ${digest}.` });
        assert.ok(to.manifests.has(`web@${digest}`));
    });

    it("leaves layers out that no registry keeps", async () => {
        await using from = await RegistryDouble.start();
        await using to = await RegistryDouble.start();
        const foreign = { digest: sha256("windows"), size: 7, mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip" };
        const digest = from.addManifest("web", imageType, JSON.stringify({ config: from.addBlob("web", "{}"), layers: [foreign, from.addBlob("web", "layer")] }));
        await copyImage(opened(from, "web"), opened(to, "web"), digest, "one", tell);
        assert.deepEqual([...to.blobs.keys()], [`web@${sha256("{}")}`, `web@${sha256("layer")}`]);
    });

    it("renews a token when half of its time is over", async () => {
        await using double = await RegistryDouble.start({ user: "acme:secret", asks: "bearer" });
        let now = 1000;
        const registry = new Registry(registryRepository(`${double.host}/web`), {
            credentials: () => Promise.resolve({ username: "acme", password: "secret" }), signal, now: () => now,
        });
        const tokensAfter = async (milliseconds: number): Promise<number> => {
            now += milliseconds;
            await registry.digestOf("one");
            return double.requests.filter(request => request.startsWith("GET /token")).length;
        };
        assert.deepEqual([await tokensAfter(0), await tokensAfter(149_999), await tokensAfter(1), await tokensAfter(149_999), await tokensAfter(1)], [1, 1, 2, 2, 3]);
    });

    it("has a registry take its own blobs over from its other repository", async () => {
        await using registry = await RegistryDouble.start();
        const { digest } = registry.addImage("stg/web", "layer");
        await copyImage(opened(registry, "stg/web"), opened(registry, "prod/web", undefined, "stg/web"), digest, "one", tell);
        assert.deepEqual(registry.requestsOf("PATCH"), []);
        assert.equal(registry.requestsOf("POST").length, 2);
        assert.ok(registry.manifests.has(`prod/web@${digest}`));
    });

    it("refuses a blob that is not what its digest says, and leaves nothing of the image behind", async () => {
        await using from = await RegistryDouble.start();
        await using to = await RegistryDouble.start();
        const { digest } = from.addImage("web", "layer");
        from.blobs.set(`web@${sha256("layer")}`, Buffer.from("LAYER"));
        await assert.rejects(copyImage(opened(from, "web"), opened(to, "web"), digest, "one", tell), {
            name: "DeliveryError", message: `web sends for ${sha256("layer")} what is ${sha256("LAYER")}: it is damaged, and is not copied.`,
        });
        assert.deepEqual([to.blobs.has(`web@${sha256("layer")}`), to.manifests.size], [false, 0]);
    });

    it("refuses a blob that ends too soon", async () => {
        await using from = await RegistryDouble.start();
        await using to = await RegistryDouble.start();
        const { digest } = from.addImage("web", "layer");
        from.blobs.set(`web@${sha256("layer")}`, Buffer.from("lay"));
        await assert.rejects(copyImage(opened(from, "web"), opened(to, "web"), digest, "one", tell), { message: `web sends 3 bytes of ${sha256("layer")}, which has 5.` });
    });

    it("refuses an image of which a part is missing", async () => {
        await using from = await RegistryDouble.start();
        await using to = await RegistryDouble.start();
        const digest = addIndex(from, "web");
        const [child = ""] = [...from.manifests.keys()].map(key => key.slice("web@".length));
        from.manifests.delete(`web@${child}`);
        await assert.rejects(copyImage(opened(from, "web"), opened(to, "web"), digest, "one", tell), { message: `web has no manifest ${child}, so the image cannot be copied.` });
        assert.equal(to.manifests.has(`web@${digest}`), false);
    });

    it("refuses a manifest that is not what its digest says", async () => {
        await using from = await RegistryDouble.start();
        await using to = await RegistryDouble.start();
        const { digest } = from.addImage("web", "layer");
        from.manifests.set(`web@${digest}`, { mediaType: imageType, bytes: Buffer.from("{}") });
        await assert.rejects(copyImage(opened(from, "web"), opened(to, "web"), digest, "one", tell), {
            message: `web sends for ${digest} what is ${sha256("{}")}: it is damaged, and is not copied.`,
        });
    });

    it("refuses what is no image", async () => {
        await using from = await RegistryDouble.start();
        await using to = await RegistryDouble.start();
        const digest = from.addManifest("web", imageType, "{}");
        await assert.rejects(copyImage(opened(from, "web"), opened(to, "web"), digest, "one", tell), { message: `web@${digest} is no image that can be copied.` });
    });

    for (const asks of ["basic", "bearer"] as const) {
        it(`proves who asks when the registry wants to know, the ${asks} way`, async () => {
            await using from = await RegistryDouble.start({ user: "acme:secret", asks });
            await using to = await RegistryDouble.start({ user: "acme:secret", asks });
            const { digest } = from.addImage("web", "layer");
            const user = { username: "acme", password: "secret" };
            await copyImage(opened(from, "web", user), opened(to, "web", user), digest, "one", tell);
            assert.ok(to.manifests.has("web@one"));
            assert.equal(to.requests.filter(request => request.startsWith("GET /token")).length, asks === "bearer" ? 1 : 0, "once is enough");
        });

        it(`says what is wrong when the registry does not know who asks, the ${asks} way`, async () => {
            await using from = await RegistryDouble.start({ user: "acme:secret", asks });
            const message = asks === "bearer"
                ? `${from.host} gives no access to repository:web:pull,push: it answers 401. Are user and password right?`
                : `${from.host} refuses GET /v2/web/manifests/latest: 401 who is there?`;
            await assert.rejects(opened(from, "web", { username: "acme", password: "wrong" }).digestOf("latest"), { name: "DeliveryError", message });
        });
    }

    it("tells a tag that is not there from a registry that does not answer", async () => {
        const gone = await RegistryDouble.start();
        assert.equal(await opened(gone, "web").digestOf("latest"), undefined);
        const { host } = gone;
        await gone[Symbol.asyncDispose]();
        await assert.rejects(opened({ host }, "web").digestOf("latest"), { name: "DeliveryError", message: new RegExp(`^${host} does not answer GET /v2/web/manifests/latest: .*ECONNREFUSED`) });
    });
});

describe("a repository's name", () => {
    for (const [name, origin, path] of [
        ["app", "https://registry-1.docker.io", "library/app"],
        ["acme/shop", "https://registry-1.docker.io", "acme/shop"],
        ["docker.io/acme/shop", "https://registry-1.docker.io", "acme/shop"],
        ["index.docker.io/app", "https://registry-1.docker.io", "library/app"],
        [`111122223333.dkr.ecr.eu-central-1.amazonaws.com/web@sha256:${"a".repeat(64)}`, "https://111122223333.dkr.ecr.eu-central-1.amazonaws.com", "web"],
        ["registry.test/team/web", "https://registry.test", "team/web"],
        ["localhost:5000/web", "http://localhost:5000", "web"],
        ["127.0.0.1:5000/web", "http://127.0.0.1:5000", "web"],
        ["localhost.evil.test/web", "https://localhost.evil.test", "web"],
    ] as const) {
        it(`leads to ${origin} for ${name.slice(0, 48)}`, () => {
            assert.deepEqual(registryRepository(name), { origin, name: path });
        });
    }
});
