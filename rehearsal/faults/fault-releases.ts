import { createHash } from "node:crypto";
import type { Release } from "../../release/bundle";
import type { Ground } from "../ground";
import type { ProgramFacts } from "../program/program-facts";
import { makeNextRelease } from "../release/make-releases";

/** Releases that faults need, made and stored when they are asked for. */
export class FaultReleases {
    readonly #made = new Map<string, Promise<string>>();

    /** @param good two releases that work, to be deployed in turn */
    constructor(
        private readonly site: Pick<Ground, "bundles" | "releases">,
        private readonly facts: ProgramFacts,
        private readonly good: readonly [Release, Release],
    ) {}

    /** The good release that does not serve. */
    otherThan(version: string): string {
        const [first, next] = this.good;
        return first.version === version ? next.version : first.version;
    }

    /** A service that never becomes healthy. */
    neverHealthy(): Promise<string> {
        return this.made("broken", () => makeNextRelease(this.facts, "broken", this.site.releases));
    }

    /** A service that is healthy and answers 500 on its real route, with hooks that do not try it. */
    failingUntried(): Promise<string> {
        return this.made("failing", async () =>
            withScript(await makeNextRelease(this.facts, "failing", this.site.releases), "scripts/validate.sh", () => "#!/bin/bash\nexit 0\n"));
    }

    /** A good service whose hook fails on whichever instance comes first, and on no other. */
    hookFailsOnce(): Promise<string> {
        const first = `mkdir "$GAPLESS_S3_FOLDER/hook-failed" 2>/dev/null && { echo "the rehearsal makes this hook fail" >&2; exit 1; }`;
        return this.made("hook", () => Promise.resolve(withScript(this.good[1], "scripts/validate.sh", script => script.replace("\n", `\n${first}\n`))));
    }

    /** A release whose image is in no registry any more. */
    imageGone(): Promise<string> {
        const [{ image }] = this.good;
        const gone = `@sha256:${"0".repeat(64)}`;
        return this.made("gone", () => Promise.resolve(
            withScript({ ...this.good[0], image: image.replace(/@.*/, gone) }, "release.env", text => text.replaceAll(image.replace(/.*@/, "@"), gone))));
    }

    private made(name: string, make: () => Promise<Release>): Promise<string> {
        const made = this.#made.get(name) ?? make().then(async release => {
            await this.site.bundles.put(release);
            return release.version;
        });
        this.#made.set(name, made);
        return made;
    }
}

/**
 * A release with one file changed, under a version of its own.
 * @throws TypeError when the release has no such file, or the change changes nothing
 */
export function withScript(release: Release, path: string, change: (text: string) => string): Release {
    const file = release.files.find(each => each.path === path);
    const before = file && Buffer.from(file.content).toString();
    const after = before === undefined ? undefined : change(before);
    if (after === undefined || after === before) throw new TypeError(`release ${release.version} has no ${path} that could be changed so`);
    const version = createHash("sha256").update(release.version).update(path).update(after).digest("hex").slice(0, 12);
    return {
        ...release, version,
        files: release.files.map(each => {
            const text = each.path === path ? after : Buffer.from(each.content).toString();
            return { ...each, content: each.path === "release.env" || each.path === path ? Buffer.from(text.replaceAll(release.version, version)) : each.content };
        }),
    };
}
