import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import packageFile from "@pulumi/pulumi/package.json" with { type: "json" };
import { execa } from "execa";
import type { Clock } from "../../../release/clock";
import type { CommandContext } from "../../context";
import { DeliveryError } from "../../../release/aws/error";
import { killGroup, onAbort } from "./process-group";

/** Pulumi's command line, as found. */
export interface PulumiCli {
    /** Command or path that starts it. */
    readonly path: string;
    readonly version: string;
}

type Env = CommandContext["env"];

/** The version of Pulumi that the program is written for; its command line must be at least that. */
export const wantedVersion = packageFile.version;

const installMinutes = 10;

/** Looks for a Pulumi command line that fits, and installs nothing; undefined when there is none. */
export async function findPulumiCli(env: Env): Promise<PulumiCli | undefined> {
    return (await look(env)).fitting;
}

/**
 * The Pulumi command line: on PATH, in Pulumi's own folder, or installed there, at the version of the program's SDK.
 * @throws DeliveryError (failed) that says what was tried, when there is none and none can be installed
 */
export async function needPulumiCli({ env, tell, signal, clock }: CommandContext, install: Install = installPulumi): Promise<PulumiCli> {
    const { fitting, others } = await look(env);
    for (const other of others) tell.note(other);
    if (fitting) return fitting;
    tell.step(`installing Pulumi ${wantedVersion} into ${versionFolder(env)}, for ${installMinutes} minutes at most`);
    try {
        return await withDeadline(stop => install(versionFolder(env), stop), clock, signal);
    } catch (cause) {
        signal.throwIfAborted();
        throw new DeliveryError(notInstalled(others, env, cause as Error), "failed", { cause });
    }
}

async function withDeadline<T>(begin: (stop: AbortSignal) => Promise<T>, clock: Clock, signal: AbortSignal): Promise<T> {
    const over = new AbortController();
    const late = clock.wait(installMinutes * 60, AbortSignal.any([signal, over.signal])).then(() => {
        throw new Error(`no end within ${installMinutes} minutes`);
    });
    const work = begin(over.signal);
    // When the work is over, nobody waits for this any more; and the other way round.
    for (const loser of [work, late]) loser.catch(() => undefined);
    try {
        return await Promise.race([work, late]);
    } finally {
        over.abort();
    }
}

interface Found {
    readonly fitting?: PulumiCli;
    /** Those that were looked at before, and why they do not fit. */
    readonly others: readonly string[];
}

async function look(env: Env): Promise<Found> {
    const others: string[] = [];
    for (const path of ["pulumi", join(pulumiHome(env), "bin", "pulumi"), join(versionFolder(env), "bin", "pulumi")]) {
        const version = await versionOf(path, env);
        if (version === undefined) continue;
        const misfit = misfitOf(version);
        if (misfit === undefined) return { fitting: { path, version }, others };
        others.push(`${isAbsolute(path) ? path : `${path} on PATH`} is version ${version}, ${misfit}`);
    }
    return { others };
}

/** Where Pulumi keeps its login and its plugins. */
export function pulumiHome(env: Env): string {
    return env["PULUMI_HOME"] || join(homeOf(env), ".pulumi");
}

/** Where the Automation API installs to, whatever PULUMI_HOME says. */
function versionFolder(env: Env): string {
    return join(homeOf(env), ".pulumi", "versions", wantedVersion);
}

function homeOf(env: Env): string {
    return env["HOME"] || homedir();
}

async function versionOf(path: string, env: Env): Promise<string | undefined> {
    try {
        const { stdout } = await promisify(execFile)(path, ["version"], { env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" }, timeout: 30_000 });
        return /^v?(\d+\.\d+\.\d+\S*)$/.exec(stdout.trim())?.[1] ?? `"${stdout.trim()}"`;
    } catch {
        return undefined;
    }
}

/** Why a command line of that version does not fit; undefined when it does. */
export function misfitOf(version: string, wanted: string = wantedVersion): string | undefined {
    const [major, ...rest] = numbersOf(version);
    const [wantedMajor, ...wantedRest] = numbersOf(wanted);
    if (major !== wantedMajor) return `another major version than the ${wanted} that this program is written for`;
    const first = rest.findIndex((number, place) => number !== wantedRest[place]);
    return first >= 0 && (rest[first] ?? 0) < (wantedRest[first] ?? 0) ? `older than the ${wanted} that this program needs` : undefined;
}

function numbersOf(version: string): readonly number[] {
    return version.split(/[-+]/, 1)[0]?.split(".").map(Number) ?? [];
}

/** Installs the wanted version into a folder. */
type Install = (folder: string, stop: AbortSignal) => Promise<PulumiCli>;

const installation = `
    const { PulumiCommand } = require("@pulumi/pulumi/automation");
    const [, version, root] = process.argv;
    PulumiCommand.install({ version: new (require("semver").SemVer)(version), root })
        .catch(({ message }) => { console.error(message); process.exitCode = 1; });`;

/** In a process of its own: the Automation API runs a script that has no limit of its own, takes no signal, and would keep us from ending. */
async function installPulumi(folder: string, stop: AbortSignal): Promise<PulumiCli> {
    const running = execa(process.execPath, ["--input-type=commonjs", "-e", installation, wantedVersion, folder], {
        cwd: import.meta.dirname, stdin: "ignore", detached: true, reject: false,
    });
    using _ = onAbort(stop, () => { killGroup(running.pid); });
    const { exitCode, stderr, shortMessage } = await running;
    if (exitCode !== 0) throw new Error(stderr.trim() || shortMessage);
    return { path: join(folder, "bin", "pulumi"), version: wantedVersion };
}

function notInstalled(others: readonly string[], env: Env, { message }: Error): string {
    return [
        `There is no Pulumi ${wantedVersion} here, and it could not be installed.`,
        `Looked for: pulumi on PATH, in ${join(pulumiHome(env), "bin")} and in ${versionFolder(env)}.`,
        ...others.map(other => `Found: ${other}.`),
        `Installing it from https://get.pulumi.com failed: ${message.split("\n", 1)[0] ?? ""}`,
        `Install it by hand (https://www.pulumi.com/docs/install/) as version ${wantedVersion} or a newer ${wantedVersion.split(".", 1)[0] ?? ""}.x, or put its folder on PATH, and repeat the command.`,
    ].join("\n");
}
