import { createHash } from "node:crypto";
import {
    chmodSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    renameSync,
    rmSync,
    statSync,
    writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { zipSync, type Zippable } from "fflate";
import { environmentProblems, renderEnvironment } from "./env-file";
import { ReleaseError } from "./error";
import { familiarName } from "./image-name";
import { type ReleaseFile, scriptProblems } from "./release-scripts";
import { longestStopGraceSeconds } from "./rollout";

export { readReleaseScripts, type ReleaseFile } from "./release-scripts";

/** What turns the scripts into one release of one image. */
export interface ReleaseInputs {
    /** `repository@sha256:<64 hex>`: by digest, because a tag may mean another image tomorrow. */
    readonly image: string;
    readonly containerPort: number;
    /** Path that says whether the service is ready. */
    readonly healthPath: string;
    /** A real route, tried before an instance gets traffic. */
    readonly probePath: string;
    /** Seconds until an unanswered health check has failed, the load balancer's and the hosts' own. */
    readonly healthTimeoutSeconds: number;
    /** Seconds from SIGTERM to SIGKILL. */
    readonly stopGraceSeconds: number;
    /** The container's environment. */
    readonly environment: Readonly<Record<string, string>>;
}

/** Everything that an instance needs to run one version; what CodeDeploy calls a revision. */
export interface Release {
    /** The first 12 hex digits of a hash over all that the release is made of. */
    readonly version: string;
    readonly image: string;
    /** Sorted by path. */
    readonly files: readonly ReleaseFile[];
}

/** Makes a release of scripts and inputs: the same ones give the same version and the same bytes, anywhere. */
export function makeRelease(scripts: readonly ReleaseFile[], given: ReleaseInputs): Release {
    // Hosts list images by this name, and by any other a builder would make another release of the same image.
    const inputs = { ...given, image: familiarName(given.image) };
    const problems = [...scriptProblems(scripts), ...inputProblems(inputs), ...environmentProblems(inputs.environment)];
    if (problems.length > 0) throw new ReleaseError(`no release can be made: ${problems.join("; ")}`);

    const appEnv = textFile("app.env", renderEnvironment(inputs.environment), 0o600);
    const version = hash([...scripts, appEnv, textFile("release.env", renderRelease(inputs))]);
    const releaseEnv = textFile("release.env", `${renderRelease(inputs)}VERSION=${version}\n`);
    return { version, image: inputs.image, files: sorted([...scripts, appEnv, releaseEnv]) };
}

/** The release as the zip file that CodeDeploy downloads. */
export function zipRelease(release: Release): Uint8Array {
    const unix = 3;
    const entries: Zippable = {};
    for (const { path, mode, content } of release.files) {
        entries[path] = [content, { attrs: ((0o100000 | mode) << 16) >>> 0, os: unix }];
    }
    // A zip file holds local time without a zone; fflate asks the Date for it, so this one is the same everywhere.
    return zipSync(entries, { mtime: new Date(1980, 0, 1), level: 9 });
}

/** Writes the release as a folder, which must be new or empty: whole, or not at all. */
export function writeRelease(release: Release, folder: string): void {
    const target = resolve(folder);
    if (existsSync(target) && !isEmptyFolder(target)) {
        throw new ReleaseError(`'${folder}' is there already: a release wants a new or empty folder`);
    }
    let draft: string | undefined;
    try {
        makeFolders(dirname(target));
        // Beside the target, because a rename is atomic only within one file system.
        draft = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
        for (const file of release.files) writeReleaseFile(draft, file);
        chmodSync(draft, 0o755);
        renameSync(draft, target);
    } catch (cause) {
        if (draft !== undefined) rmSync(draft, { recursive: true, force: true });
        throw new ReleaseError(`the release could not be written to '${folder}'`, { cause });
    }
}

/** Makes a folder and those above it that are missing; throws the system's error when one cannot be made. */
export function makeFolders(folder: string): void {
    // Not `recursive`: that tries for ever where no folder can be made although the one above is there, as in /proc.
    if (existsSync(folder)) return;
    makeFolders(dirname(folder));
    try {
        mkdirSync(folder);
    } catch (error) {
        // Somebody else may have made it just now.
        if (!existsSync(folder)) throw error;
    }
}

function isEmptyFolder(path: string): boolean {
    return statSync(path).isDirectory() && readdirSync(path).length === 0;
}

function writeReleaseFile(folder: string, { path, mode, content }: ReleaseFile): void {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
    // Not as an option of writeFileSync: there the umask takes bits away.
    chmodSync(target, mode);
}

function inputProblems(inputs: ReleaseInputs): readonly string[] {
    const { image, containerPort, healthPath, probePath, healthTimeoutSeconds, stopGraceSeconds } = inputs;
    // Each of these becomes an unquoted line that bash and compose both read.
    const path = /^\/[A-Za-z0-9_./:@%+,=?-]*$/;
    const rules: readonly [boolean, string][] = [
        [/^[a-z0-9][a-z0-9._:/-]*@sha256:[0-9a-f]{64}$/.test(image), `image must be repository@sha256:<64 hex>, got '${image}'`],
        [isWhole(containerPort, 1, 65535), `containerPort must be 1 to 65535, got ${containerPort}`],
        [path.test(healthPath), pathRule("healthPath", healthPath)],
        [path.test(probePath), pathRule("probePath", probePath)],
        [isWhole(healthTimeoutSeconds, 1, 120), `healthTimeoutSeconds must be 1 to 120, got ${healthTimeoutSeconds}`],
        [
            isWhole(stopGraceSeconds, 1, longestStopGraceSeconds),
            `stopGraceSeconds must be 1 to ${longestStopGraceSeconds}, got ${stopGraceSeconds}`,
        ],
    ];
    return rules.filter(([kept]) => !kept).map(([, problem]) => problem);
}

function pathRule(name: string, received: string): string {
    return `${name} must begin with / and have only letters, digits and _./:@%+,=?- in it, got ${JSON.stringify(received)}`;
}

function isWhole(value: number, from: number, to: number): boolean {
    return Number.isInteger(value) && value >= from && value <= to;
}

function renderRelease(inputs: ReleaseInputs): string {
    return [
        `IMAGE=${inputs.image}`,
        `CONTAINER_PORT=${inputs.containerPort}`,
        `HEALTH_PATH=${inputs.healthPath}`,
        `PROBE_PATH=${inputs.probePath}`,
        `HEALTH_TIMEOUT_SECONDS=${inputs.healthTimeoutSeconds}`,
        `STOP_GRACE_SECONDS=${inputs.stopGraceSeconds}`,
        "",
    ].join("\n");
}

function textFile(path: string, text: string, mode: ReleaseFile["mode"] = 0o644): ReleaseFile {
    return { path, mode, content: new TextEncoder().encode(text) };
}

function sorted(files: readonly ReleaseFile[]): readonly ReleaseFile[] {
    return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function hash(files: readonly ReleaseFile[]): string {
    const sum = createHash("sha256");
    for (const { path, mode, content } of sorted(files)) {
        // With its length first, no content can pass for the beginning of the next file.
        sum.update(JSON.stringify([path, mode, content.length])).update(content);
    }
    return sum.digest("hex").slice(0, 12);
}
