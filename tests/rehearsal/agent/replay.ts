import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { strFromU8, strToU8 } from "fflate";
import { lifecycleEvents, type LifecycleEvent } from "../../../release/lifecycle";
import { HostAgent, type Bundle, type Deployment, type EventOutcome } from "../../../rehearsal/agent/host-agent";
import type { FileExistsBehavior } from "../../../rehearsal/agent/appspec";
import type { BundleFormat } from "../../../rehearsal/agent/unpack-bundle";
import { deploymentRoot } from "../../../rehearsal/agent/revisions";
import { packBundle } from "./case-bundle";
import { sha256, type CaseStep, type InstalledObject, type Observation, type ObservedEvent, type RecordedCase, type Seen } from "./recorded-case";

/** Where the scripts of the cases write and bundles install. On the rehearsed host both are inside its folder. */
const hostFolders = ["/var/tmp/gapless-case", "/srv/gapless-case"];

/** Deploys a case step by step on a host of its own; `only` picks steps (counted from 1) that begin on a fresh host. */
export async function replay(recorded: RecordedCase, only?: readonly number[]): Promise<ReadonlyMap<number, Observation>> {
    const observed = new Map<number, Observation>();
    let host = await ReplayHost.make(recorded);
    try {
        for (const [index, step] of recorded.steps.entries()) {
            const number = index + 1;
            if (only?.includes(number) === false) {
                continue;
            }
            if (step.freshHost === true) {
                await host.remove();
                host = await ReplayHost.make(recorded);
            }
            observed.set(number, await host.deploy(number, step));
        }
    } finally {
        await host.remove();
    }
    return observed;
}

class ReplayHost {
    private traceRead = 0;

    private constructor(private readonly recorded: RecordedCase, private readonly root: string) {}

    static async make(recorded: RecordedCase): Promise<ReplayHost> {
        const root = await mkdtemp(join(tmpdir(), "gapless-case-"));
        // As the / of a host, for scripts that run as somebody.
        await chmod(root, 0o755);
        await Promise.all(hostFolders.map(folder => mkdir(join(root, folder), { recursive: true })));
        return new ReplayHost(recorded, root);
    }

    async remove(): Promise<void> {
        await rm(this.root, { recursive: true, force: true });
    }

    async deploy(number: number, step: CaseStep): Promise<Observation> {
        await this.prepare(step);
        const zip = await packBundle(this.recorded, step, text => this.intoHost(text));
        const bundle = bundleOf(step, zip, this.recorded.bundles?.[step.revision]?.archive?.format);
        const agent = new HostAgent({
            root: this.root,
            deploymentGroupId: groupOf(step),
            deploymentGroupName: step.groupName ?? "blue-fleet",
            applicationName: "gapless-case",
            environment: { PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8", GAPLESS_AGENT_ENV: "from-the-agent", ...step.agentEnv },
            fetchBundle: () => Promise.resolve(zip),
        });
        const deployment = deploymentOf(step, number, bundle);
        const events: ObservedEvent[] = [];
        for (const event of eventsOf(step)) {
            const outcome = await agent.run(event, deployment);
            events.push(await this.observeEvent(number, step, event, outcome));
            if (outcome.status === "failed" && !(step.ignoreStopFailures === true && ignorable.has(event))) {
                break;
            }
        }
        return this.observe(number, step, events);
    }

    private async prepare(step: CaseStep): Promise<void> {
        for (const { write, text = "", mode = "0644", mkdir: folder, delete: deleted, deleteArchiveOfStep } of step.before ?? []) {
            if (write !== undefined) {
                await mkdir(join(this.root, dirname(write)), { recursive: true });
                await writeFile(join(this.root, write), this.intoHost(text));
                await chmod(join(this.root, write), Number.parseInt(mode, 8));
            } else if (folder !== undefined) {
                await mkdir(join(this.root, folder), { recursive: true });
            } else {
                const path = deleted ?? join(deploymentRoot, groupOf(step), `step${deleteArchiveOfStep ?? 0}`);
                await rm(join(this.root, path), { recursive: true });
            }
        }
    }

    private async observeEvent(number: number, step: CaseStep, event: string, outcome: EventOutcome): Promise<ObservedEvent> {
        const seen = await this.takeTrace(number, step);
        if (outcome.status !== "failed") {
            return { event, noop: outcome.status === "noop", status: "Succeeded", seen };
        }
        const failure = {
            event,
            errorCode: outcome.errorCode ?? "Unknown",
            scriptName: outcome.scriptName ?? "",
            message: this.fromHost(outcome.message ?? "", number),
            log: this.fromHost(outcome.logTail ?? "", number),
        };
        return { event, noop: null, status: "Failed", seen, failure };
    }

    private async observe(number: number, step: CaseStep, events: readonly ObservedEvent[]): Promise<Observation> {
        const failed = events.find(({ event, failure }) => failure !== undefined && !(step.ignoreStopFailures === true && ignorable.has(event)));
        const wanted = this.recorded.oracle[number - 1]?.late.length ?? 0;
        return {
            result: failed === undefined ? "succeeded" : "failed",
            failedEvent: failed?.event ?? null,
            events,
            late: await this.takeLateTrace(number, step, wanted),
            installed: await this.installed(),
            scriptsLog: await this.scriptsLog(number, step),
            agent: await this.agentState(step),
        };
    }

    private async takeLateTrace(number: number, step: CaseStep, wanted: number): Promise<readonly Seen[]> {
        // Recorded on a quiet machine; a busy one may take five times as long.
        const end = performance.now() + 5000 * (step.settleSeconds ?? 0);
        const late = [...await this.takeTrace(number, step)];
        while (late.length < wanted && performance.now() < end) {
            await setTimeout(50);
            late.push(...await this.takeTrace(number, step));
        }
        return late;
    }

    private async takeTrace(number: number, step: CaseStep): Promise<readonly Seen[]> {
        const file = join(this.root, "/var/tmp/gapless-case/trace");
        const text = existsSync(file) ? await readFile(file, "utf8") : "";
        // Not removed after reading: what a child writes in between would be lost.
        const unread = text.slice(text.length < this.traceRead ? 0 : this.traceRead);
        this.traceRead = text.length;
        return unread.split("\n").filter(line => line !== "").map(line => this.readTraceLine(line, number, step));
    }

    private readTraceLine(line: string, number: number, step: CaseStep): Seen {
        const [kind, ...fields] = line.split("\t");
        if (kind === "note") {
            return { note: this.fromHost(fields.join("\t"), number) };
        }
        const pairs = fields.map(field => [field.slice(0, field.indexOf("=")), field.slice(field.indexOf("=") + 1)] as const);
        // The recorded agent took most bundles from a folder, and this one takes all from S3.
        const shown = pairs.filter(([name]) => step.source === "s3" || !name.startsWith("BUNDLE_"));
        return Object.fromEntries(shown.map(([name, value]) => [name, fieldOf(name, value, number)]));
    }

    private async installed(): Promise<readonly InstalledObject[]> {
        const top = join(this.root, "/srv/gapless-case");
        const entries = await readdir(top, { recursive: true, withFileTypes: true });
        const objects = await Promise.all(entries.map(async entry => {
            const file = join(entry.parentPath, entry.name);
            const { mode, uid, gid, mtime } = await stat(file);
            const owner = uid === 0 && gid === 0 ? "root:root" : `${uid}:${gid}`;
            const found = { path: file.slice(top.length + 1), mode: (mode & 0o7777).toString(8).padStart(4, "0"), owner };
            if (entry.isDirectory()) {
                return { ...found, type: "directory" };
            }
            const content = strToU8(this.outOfHost(strFromU8(await readFile(file), true)), true);
            return { ...found, type: "file", sha256: sha256(content), mtime: mtime.getUTCFullYear() === 2020 ? "bundle" : "later" };
        }));
        return objects.sort((a, b) => (a.path < b.path ? -1 : 1));
    }

    private async scriptsLog(number: number, step: CaseStep): Promise<Observation["scriptsLog"]> {
        const file = join(this.root, deploymentRoot, groupOf(step), `step${number}`, "logs/scripts.log");
        if (!existsSync(file)) {
            return null;
        }
        const text = (await readFile(file, "utf8")).replaceAll(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /gm, "");
        return this.fromHost(text, number);
    }

    private async agentState(step: CaseStep): Promise<Observation["agent"]> {
        const instructions = join(this.root, deploymentRoot, "deployment-instructions");
        const read = async (file: string): Promise<string | undefined> =>
            existsSync(join(instructions, file)) ? readFile(join(instructions, file), "utf8") : undefined;
        const pointer = await read(`${groupOf(step)}_last_successful_install`);
        const cleanup = await read(`${groupOf(step)}-cleanup`);
        return {
            deploymentsKept: (await readdir(join(this.root, deploymentRoot, groupOf(step)))).sort(),
            lastInstalled: pointer?.split("/").at(-1) ?? null,
            removedByNextInstall: cleanup?.split("\n").slice(0, -1).sort() ?? null,
        };
    }

    private intoHost(text: string): string {
        return hostFolders.reduce((result, folder) => result.replaceAll(folder, join(this.root, folder)), text);
    }

    private outOfHost(text: string): string {
        return hostFolders.reduce((result, folder) => result.replaceAll(join(this.root, folder), folder), text);
    }

    /** The names of a case for folders and deployments. */
    private fromHost(text: string, number: number): string {
        return text
            .replaceAll(join(this.root, deploymentRoot), "<root>")
            .replaceAll(deploymentRoot, "<root>")
            .replaceAll(`${this.root}/`, "/")
            .replaceAll(this.root, "/")
            .replaceAll(/\bstep(\d+)(?=\/)/g, (_, other: string) => (Number(other) === number ? "<id>" : `<id of step ${other}>`));
    }
}

const ignorable = new Set<string>(["BeforeBlockTraffic", "AfterBlockTraffic", "ApplicationStop"]);

function eventsOf({ events }: CaseStep): readonly LifecycleEvent[] {
    const onHost = lifecycleEvents.filter(event => event !== "BlockTraffic" && event !== "AllowTraffic");
    if (events === undefined) {
        return onHost;
    }
    if (events === "without-traffic") {
        return onHost.filter(event => !event.endsWith("Traffic"));
    }
    return [...(["DownloadBundle", "Install"] as const).filter(event => !events.includes(event)), ...events];
}

function deploymentOf({ fileExistsBehavior }: CaseStep, number: number, bundle: Bundle): Deployment {
    const option = fileExistsBehavior as FileExistsBehavior | undefined;
    return { id: `step${number}`, bundle, ...(option !== undefined && { fileExistsBehavior: option }) };
}

function bundleOf(step: CaseStep, zip: Uint8Array, format = "zip"): Bundle {
    return {
        format: format as BundleFormat,
        bucket: "gapless-case",
        key: `${step.revision}.zip`,
        ...(step.version !== undefined && { version: step.version }),
        ...(step.etag !== undefined && { etag: createHash("md5").update(zip).digest("hex") }),
    };
}

function groupOf(step: CaseStep): string {
    return step.group ?? "group-1";
}

function fieldOf(name: string, value: string, number: number): string {
    if (name === "DEPLOYMENT_ID") {
        return value === `step${number}` ? "<id>" : value;
    }
    return name === "BUNDLE_ETAG" ? "<etag>" : value;
}
