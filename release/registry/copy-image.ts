import { createHash } from "node:crypto";
import { z } from "zod";
import { DeliveryError } from "../aws/error";
import { type Blob, digestOf, type Manifest, type Registry } from "./registry";

const part = z.object({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/), size: z.number(), mediaType: z.string().default("") });
const parts = z.union([
    z.object({ manifests: z.array(part) }),
    z.object({ config: part, layers: z.array(part) }),
]);

/**
 * Copies an image from one registry to another without changing a byte, so that it keeps its digest. What is there is not sent again.
 * @param digest of the image, which may be an index of several, with their attestations
 * @param tag to find it by afterwards; it may be one that cannot be put twice
 * @throws DeliveryError when a part is missing, or is not what its digest says, or when the tag leads to another image
 */
export async function copyImage(from: Registry, to: Registry, digest: string, tag: string, tell: { step(text: string): void }): Promise<void> {
    const { name } = to.repository;
    const held = await to.digestOf(tag);
    // A registry takes no manifest whose parts it does not have: all of the image is there.
    if (held === digest) return;
    if (held !== undefined) throw new DeliveryError(`${name}:${tag} leads to ${held}, and not to ${digest}, which is to get that tag. Remove the tag there, if nobody needs it, and do this again.`);
    const manifest = await copyManifest(from, to, digest, tell);
    await to.putManifest(tag, manifest);
    const copied = await to.digestOf(tag);
    if (copied !== digest) throw new DeliveryError(`${name}:${tag} is ${copied ?? "not there"} after the copy, and not ${digest}.`);
}

/** Parts first: a registry takes no manifest whose parts it does not have. */
async function copyManifest(from: Registry, to: Registry, digest: string, tell: { step(text: string): void }): Promise<Manifest> {
    const manifest = await from.manifest(digest);
    if (manifest === undefined) throw new DeliveryError(`${from.repository.name} has no manifest ${digest}, so the image cannot be copied.`);
    verify(digestOf(manifest.bytes), digest, from);
    if (await to.has("manifests", digest)) return manifest;
    const content = parse(manifest, digest, from);
    if ("manifests" in content) {
        for (const child of content.manifests) await copyManifest(from, to, child.digest, tell);
    } else {
        for (const blob of [content.config, ...content.layers]) if (!isForeign(blob.mediaType)) await copyBlob(from, to, blob, tell);
    }
    await to.putManifest(digest, manifest);
    return manifest;
}

async function copyBlob(from: Registry, to: Registry, blob: Blob, tell: { step(text: string): void }): Promise<void> {
    if (await to.has("blobs", blob.digest)) return;
    const upload = await to.mountBlob(blob, from.repository.origin === to.repository.origin ? from.repository.name : undefined);
    if (upload === "mounted") return;
    tell.step(`copying ${blob.digest.slice(0, 19)}… (${(blob.size / 1_000_000).toFixed(1)} MB)`);
    await to.writeBlob(blob, verified(await from.readBlob(blob), blob, from), upload);
}

/** Fails before the end is sent, so that nothing of a broken blob stays. */
async function* verified(content: AsyncIterable<Uint8Array>, { digest, size }: Blob, from: Registry): AsyncGenerator<Uint8Array> {
    const sum = createHash("sha256");
    let length = 0;
    for await (const chunk of content) {
        sum.update(chunk);
        length += chunk.length;
        yield chunk;
    }
    if (length !== size) throw new DeliveryError(`${from.repository.name} sends ${length} bytes of ${digest}, which has ${size}.`);
    verify(`sha256:${sum.digest("hex")}`, digest, from);
}

function verify(received: string, digest: string, from: Registry): void {
    if (received !== digest) throw new DeliveryError(`${from.repository.name} sends for ${digest} what is ${received}: it is damaged, and is not copied.`);
}

function parse({ bytes }: Manifest, digest: string, from: Registry): z.output<typeof parts> {
    try {
        return parts.parse(JSON.parse(new TextDecoder().decode(bytes)));
    } catch (cause) {
        throw new DeliveryError(`${from.repository.name}@${digest} is no image that can be copied.`, "failed", { cause });
    }
}

/** Layers that registries do not keep, such as those of Windows. */
function isForeign(mediaType: string): boolean {
    return /foreign|nondistributable/.test(mediaType);
}
