import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { zipRelease, type Release } from "../../release/bundle";
import type { Bundle } from "../agent/host-agent";

const bucket = "gapless-rehearsal";

/** The artifact bucket of the rehearsal: a folder, read by the host agent and, as `aws s3api`, by hook scripts. */
export class BundleStore {
    readonly #bundles = new Map<string, Bundle>();
    readonly #images = new Map<string, string>();

    constructor(readonly folder: string) {}

    /**
     * Stores a release under the key it has on AWS.
     * @param zip what lies there for it. @default the release, whole
     */
    async put(release: Release, zip = zipRelease(release)): Promise<Bundle> {
        const bundle = { bucket, key: `releases/${release.version}.zip`, etag: createHash("md5").update(zip).digest("hex") };
        const file = this.file(bundle);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, zip);
        this.#bundles.set(release.version, bundle);
        this.#images.set(release.version, release.image);
        return bundle;
    }

    /** The bundle of a version that was stored. */
    bundleOf(version: string): Bundle {
        const bundle = this.#bundles.get(version);
        if (!bundle) throw new Error(`The rollout asks for release ${version}, which was not stored.`);
        return bundle;
    }

    /** The image of a version that was stored, `repository@sha256:…`. */
    imageOf(version: string): string {
        const image = this.#images.get(version);
        if (image === undefined) throw new Error(`The rollout asks for release ${version}, which was not stored.`);
        return image;
    }

    fetch(bundle: Bundle): Promise<Uint8Array> {
        return readFile(this.file(bundle));
    }

    private file({ bucket, key }: Bundle): string {
        return join(this.folder, bucket, key);
    }
}
