import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Release, zipRelease } from "../../release/bundle";
import type { Ground } from "../ground";
import type { ProgramFacts } from "../program/program-facts";
import { makeNextRelease } from "../release/make-releases";

/** What a hook says that is made to fail. */
export const failingWords = "the rehearsal makes this hook fail";
/** In a hook script: what fails, and says so. */
const failing = `{ echo "${failingWords}" >&2; exit 1; }`;
/** Longer than anybody looks for it. */
const stayingSeconds = 5;
/** Scripts in which a host is found, by their events. */
const foundIn = { BeforeInstall: "pull", ApplicationStart: "run" } as const;

/** A release one of whose scripts stays where it is for a while, on one host. */
export interface StayingRelease {
    readonly version: string;
    /** Whether its script has begun on a host, and stays there. */
    readonly staysOn: (host: string) => boolean;
}
/** 8 EiB. */
const moreThanAnyDiskMiB = 2 ** 43;

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
            withFile(await makeNextRelease(this.facts, "failing", this.site.releases), "scripts/validate.sh", () => "#!/bin/bash\nexit 0\n"));
    }

    /** A service that answers 500 on its real route, which its hooks try. */
    failing(): Promise<string> {
        return this.made("failing, tried", () => makeNextRelease(this.facts, "failing", this.site.releases));
    }

    /** A service that dies as soon as it has passed a health check. */
    crashing(): Promise<string> {
        return this.made("crashing", () => makeNextRelease(this.facts, "crashing", this.site.releases));
    }

    /** A service that works, some seconds after its start. */
    slowBoot(): Promise<string> {
        return this.made("slow", () => makeNextRelease(this.facts, "slowBoot", this.site.releases));
    }

    /** A good service whose hook fails on whichever instance comes first, and on no other. */
    hookFailsOnce(): Promise<string> {
        return this.changed("hook once", "scripts/validate.sh", script => first(script, `mkdir "$GAPLESS_S3_FOLDER/hook-failed" 2>/dev/null && ${failing}`));
    }

    /** A good service whose hook fails on every other instance that comes, beginning with the first. */
    hookFailsOnHalf(): Promise<string> {
        const count = `n=1; until mkdir "$GAPLESS_S3_FOLDER/hook-$n" 2>/dev/null; do n=$((n + 1)); done`;
        return this.changed("hook half", "scripts/validate.sh", script => first(script, `${count}\n[ $((n % 2)) -eq 0 ] || ${failing}`));
    }

    /** A good service whose script stays where it is for a while, on whichever instance comes first. */
    async stays(event: keyof typeof foundIn): Promise<StayingRelease> {
        const folder = `stays-in-${event}`;
        const stay = `mkdir "$GAPLESS_S3_FOLDER/${folder}" 2>/dev/null && touch "$GAPLESS_S3_FOLDER/${folder}/$GAPLESS_INSTANCE_ID" && sleep ${stayingSeconds}`;
        const version = await this.changed(`stays in ${event}`, `scripts/${foundIn[event]}.sh`, script => first(script, stay));
        return { version, staysOn: host => existsSync(join(this.site.bundles.folder, folder, host)) };
    }

    /** A good service whose hook fails on every instance, when the container before it has gone. */
    hookFails(): Promise<string> {
        return this.changed("hook", "scripts/run.sh", script => first(script, failing));
    }

    /**
     * A good service whose last hook takes longer than it may and does not hear of it.
     * @param hangSeconds until the hook ends by itself, as if all were well
     * @param timeoutSeconds how long it may take
     */
    hookHangs(hangSeconds: number, timeoutSeconds: number): Promise<string> {
        return this.made("hang", () => {
            const hanging = withFile(this.good[1], "scripts/validate.sh", () => `#!/bin/bash\ntrap '' TERM\nsleep ${hangSeconds}\n`);
            return Promise.resolve(withFile(hanging, "appspec.yml", text => text.replace(/(validate\.sh\n\s+timeout:) \d+/, `$1 ${timeoutSeconds}`)));
        });
    }

    /** A good service whose stop script cannot stop it, and stops any other. */
    stopScriptFails(): Promise<string> {
        const own = `docker container inspect --format '{{.Config.Env}}' "$id" | grep -qw "VERSION=$VERSION" && ${failing}`;
        return this.changed("stop", "scripts/stop.sh", script => script.replace("\nrunning=", () => `\n${own}\nrunning=`));
    }

    /** A good service that does not hear when it is told to end. */
    ignoresStop(): Promise<string> {
        // Docker sends another signal then, which whatever has not asked for it ignores.
        return this.changed("deaf", `docker-compose.${this.facts.stage}.yml`, text => text.replace("\n    init: true\n", "\n    init: true\n    stop_signal: SIGURG\n"));
    }

    /** A good service that gives the one before it so many seconds to end. */
    impatient(graceSeconds: number): Promise<string> {
        return this.changed("impatient", "release.env", text => text.replace(/^STOP_GRACE_SECONDS=.*$/m, `STOP_GRACE_SECONDS=${graceSeconds}`));
    }

    /** A release whose image is in no registry any more. */
    imageGone(): Promise<string> {
        return this.made("gone", () => Promise.resolve(this.withoutImage(this.good[0])));
    }

    /** A release whose image is not on the hosts and wants more room than they have. */
    tooLarge(): Promise<string> {
        return this.made("large", () => Promise.resolve(
            withFile(this.withoutImage(this.good[1]), "scripts/images.sh", script => script.replace(/^reserve_mib=.*$/m, `reserve_mib=${moreThanAnyDiskMiB}`))));
    }

    /** A release whose bundle somebody has written over, since it was registered. */
    overwritten(): Promise<string> {
        const { bundles } = this.site;
        return this.made("overwritten", () => Promise.resolve(this.another("overwritten")), async release => {
            const { bucket, key } = await bundles.put(release);
            await writeFile(join(bundles.folder, bucket, key), "somebody else's file");
        });
    }

    /** A release that was registered as it was stored, cut off in the middle. */
    cutOff(): Promise<string> {
        return this.made("cut off", () => Promise.resolve(this.another("cut off")), async release => {
            const whole = zipRelease(release);
            await this.site.bundles.put(release, whole.slice(0, whole.length / 2));
        });
    }

    /** A good release of another version. */
    private another(why: string): Release {
        return withFile(this.good[1], "scripts/run.sh", script => `${script}# ${why}\n`);
    }

    private withoutImage(release: Release): Release {
        const digest = release.image.replace(/.*@/, "@");
        const gone = `@sha256:${"0".repeat(64)}`;
        return withFile({ ...release, image: release.image.replace(digest, gone) }, "release.env", text => text.replaceAll(digest, gone));
    }

    private changed(name: string, path: string, change: (text: string) => string): Promise<string> {
        return this.made(name, () => Promise.resolve(withFile(this.good[1], path, change)));
    }

    private made(name: string, make: () => Promise<Release>, store: (release: Release) => Promise<unknown> = release => this.site.bundles.put(release)): Promise<string> {
        const made = this.#made.get(name) ?? make().then(async release => {
            await store(release);
            return release.version;
        });
        this.#made.set(name, made);
        return made;
    }
}

/** A script that begins with other lines. */
function first(script: string, lines: string): string {
    return script.replace("\n", () => `\n${lines}\n`);
}

/**
 * A release with one file changed, under a version of its own.
 * @throws TypeError when the release has no such file, or the change changes nothing
 */
export function withFile(release: Release, path: string, change: (text: string) => string): Release {
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
