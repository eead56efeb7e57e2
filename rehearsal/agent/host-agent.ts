import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import { doneBy, lifecycleEvents, revisionOf, type LifecycleEvent } from "../../release/lifecycle";
import { parseAppspec, type Appspec, type FileExistsBehavior } from "./appspec";
import { EventFailure, type ErrorCode } from "./failure";
import { runHooks } from "./hook-runner";
import { HostRoot, isSystemError, statLink } from "./host-root";
import { install } from "./install";
import { missingAppspec } from "./missing-appspec";
import { OngoingEvents } from "./ongoing-events";
import { archiveOf, readIfPresent, Revisions } from "./revisions";
import { inspect } from "./ruby";
import { systemText } from "./system-text";
import { unpackBundle, type BundleFormat } from "./unpack-bundle";

/** Where a release lies in S3. */
export interface Bundle {
    readonly bucket: string;
    readonly key: string;
    /** Version of the object. @default the newest, and scripts see no `BUNDLE_VERSION` */
    readonly version?: string;
    /** What the object's ETag must be, with or without quotes. @default not compared, and scripts see no `BUNDLE_ETAG` */
    readonly etag?: string;
    /** @default zip */
    readonly format?: BundleFormat;
}

export interface Deployment {
    readonly id: string;
    readonly bundle: Bundle;
    /** What happens to somebody's file in the place of one of the release; the appspec's own word beats it. @default DISALLOW */
    readonly fileExistsBehavior?: FileExistsBehavior;
}

export interface HostAgentArgs {
    /** Folder that stands for the host's `/`; nothing outside it is written. It must exist. */
    readonly root: string;
    /** What the agent files its state under; another id starts afresh, as after a replaced deployment group. */
    readonly deploymentGroupId: string;
    readonly deploymentGroupName: string;
    readonly applicationName: string;
    /** The agent's own environment; every script sees it, and nothing of this process's. */
    readonly environment: Readonly<Record<string, string>>;
    /** Gets a bundle. */
    readonly fetchBundle: (bundle: Bundle) => Promise<Uint8Array>;
}

/** How an event went on one host. `noop`: the revision has no script for it, or there is no revision yet. */
export interface EventOutcome {
    readonly status: "succeeded" | "failed" | "noop";
    readonly errorCode?: ErrorCode;
    readonly scriptName?: string;
    readonly message?: string;
    /** End of the output, as the CodeDeploy console shows it. */
    readonly logTail?: string;
}

/** Does on one host what the AWS CodeDeploy agent 1.8.1 does there, one event of a deployment at a time. */
export class HostAgent {
    private readonly host: HostRoot;
    private readonly revisions: Revisions;
    private readonly ongoing: OngoingEvents;
    private life = new AbortController();

    constructor(private readonly args: HostAgentArgs) {
        this.host = new HostRoot(args.root);
        this.revisions = new Revisions(this.host, args.deploymentGroupId);
        this.ongoing = new OngoingEvents(this.host);
    }

    /**
     * Carries out an event that reaches the host. What fails on a host is an outcome; the promise rejects when the signal
     * aborts (a running script gets TERM first) and with `NotModelled` when the bundle needs more than this agent can do.
     */
    async run(event: LifecycleEvent, deployment: Deployment, signal?: AbortSignal): Promise<EventOutcome> {
        if (doneBy(event) === "loadBalancer") {
            throw new TypeError(`${event} is done at the load balancer and never reaches a host`);
        }
        signal?.throwIfAborted();
        const life = this.life.signal;
        const end = signal === undefined ? life : AbortSignal.any([signal, life]);
        try {
            await this.ongoing.begin(deployment.id, event);
            const outcome = await this.carryOut(event, deployment, end);
            await this.ongoing.end(deployment.id);
            return outcome;
        } catch (error) {
            if (life.aborted && signal?.aborted !== true) return await this.start() ?? this.failed(error);
            await this.ongoing.end(deployment.id);
            signal?.throwIfAborted();
            return this.failed(error);
        }
    }

    /**
     * Ends the agent in the middle of what it does, as KILL would, and starts it again: the running event fails with code 7. Its
     * script gets TERM, which is systemd's answer to a unit that has failed. A download is carried to its end, for nobody sees the difference.
     */
    crash(): void {
        const { life } = this;
        this.life = new AbortController();
        life.abort(new Error("the agent was killed"));
    }

    /** What an agent does first: it reports the event that one before it was at. Undefined: there was none. */
    async start(): Promise<EventOutcome | undefined> {
        const restarted = "Failed: Failing in-progress lifecycle event after an agent restart.";
        return await this.ongoing.forget() ? { status: "failed", errorCode: 7, scriptName: "", message: restarted, logTail: "" } : undefined;
    }

    private async carryOut(event: LifecycleEvent, deployment: Deployment, end: AbortSignal): Promise<EventOutcome> {
        await this.revisions.makeFolders(deployment.id);
        const outcome = await this.eventOf(event, deployment, end);
        end.throwIfAborted();
        return outcome;
    }

    private async eventOf(event: LifecycleEvent, deployment: Deployment, end: AbortSignal): Promise<EventOutcome> {
        switch (event) {
            case "DownloadBundle":
                return this.downloadBundle(deployment);
            case "Install":
                return this.install(deployment, end);
            default:
                return this.runScripts(event, deployment, end);
        }
    }

    private async downloadBundle({ id, bundle }: Deployment): Promise<EventOutcome> {
        await this.revisions.makeRoom(id);
        const content = await this.args.fetchBundle(bundle).catch((error: unknown) => {
            throw new EventFailure(error instanceof Error ? error.message : String(error), undefined, { cause: error });
        });
        checkEtag(bundle, content);
        await unpackBundle(content, bundle.format ?? "zip", this.host.locate(this.archive(id)));
        return { status: "succeeded" };
    }

    private async install({ id, fileExistsBehavior }: Deployment, end: AbortSignal): Promise<EventOutcome> {
        const archive = this.archive(id);
        const appspec = parseAppspec(await readFile(this.host.locate(await this.appspecForInstall(archive)), "utf8"));
        checkHookNames(appspec);
        await install(this.host, archive, appspec, this.revisions.cleanupList, fileExistsBehavior);
        end.throwIfAborted();
        await this.revisions.markInstalled(id);
        return { status: "succeeded" };
    }

    private async runScripts(event: LifecycleEvent, deployment: Deployment, end: AbortSignal): Promise<EventOutcome> {
        const revisionFolder = await this.revisionFor(event, deployment.id);
        if (revisionFolder === undefined) {
            return { status: "noop" };
        }
        const scripts = (await this.readAppspec(archiveOf(revisionFolder))).hooks.get(event) ?? [];
        if (scripts.length === 0) {
            return { status: "noop" };
        }
        const logTail = await runHooks(this.host, {
            event,
            scripts,
            revisionFolder,
            deploymentFolder: this.revisions.folder(deployment.id),
            environment: this.environmentFor(event, deployment),
        }, end);
        return { status: "succeeded", logTail };
    }

    /** The old revision only counts while the new one is not unpacked, which it is when an event is run out of order. */
    private async revisionFor(event: LifecycleEvent, deploymentId: string): Promise<string | undefined> {
        const unpacked = (await statLink(this.host.locate(this.archive(deploymentId)))) !== undefined;
        if (revisionOf(event) === "lastInstalled" && !unpacked) {
            return this.revisions.lastInstalled();
        }
        return this.revisions.folder(deploymentId);
    }

    private async readAppspec(archive: string): Promise<Appspec> {
        const file = posix.join(archive, "appspec.yml");
        const text = await readIfPresent(this.host.locate(file));
        if (text === undefined) {
            throw new EventFailure(missingAppspec(archive));
        }
        return parseAppspec(text);
    }

    /** Install alone also knows the name `appspec.yaml`. */
    private async appspecForInstall(archive: string): Promise<string> {
        const names = ["appspec.yml", "appspec.yaml"].map(name => posix.join(archive, name));
        const found = await Promise.all(names.map(async name => statLink(this.host.locate(name))));
        return names[found.findIndex(stats => stats !== undefined)] ?? posix.join(archive, "appspec.yml");
    }

    private environmentFor(event: LifecycleEvent, { id, bundle }: Deployment): Readonly<Record<string, string>> {
        return {
            ...Object.fromEntries(Object.entries(this.args.environment).filter(([name]) => !name.startsWith("BUNDLE_"))),
            LIFECYCLE_EVENT: event,
            DEPLOYMENT_ID: id,
            APPLICATION_NAME: this.args.applicationName,
            DEPLOYMENT_GROUP_NAME: this.args.deploymentGroupName,
            DEPLOYMENT_GROUP_ID: this.args.deploymentGroupId,
            BUNDLE_BUCKET: bundle.bucket,
            BUNDLE_KEY: bundle.key,
            ...(bundle.version !== undefined && { BUNDLE_VERSION: bundle.version }),
            ...(bundle.etag !== undefined && { BUNDLE_ETAG: bundle.etag }),
        };
    }

    private archive(deploymentId: string): string {
        return archiveOf(this.revisions.folder(deploymentId));
    }

    private failed(error: unknown): EventOutcome {
        if (error instanceof EventFailure) {
            return { status: "failed", message: error.message, ...error.report };
        }
        // A full disk, a missing source file, a forbidden chmod: on a host, too, it is the event that fails.
        if (isSystemError(error)) {
            return { status: "failed", errorCode: 5, message: `${systemText(error)} - ${this.host.nameOf(error.path ?? "")}` };
        }
        throw error;
    }
}

/** For an object that was stored in one part, as releases are, the ETag is the MD5 of its bytes. */
function checkEtag({ etag }: Bundle, content: Uint8Array): void {
    const actual = createHash("md5").update(content).digest("hex");
    if (etag !== undefined && etag.replaceAll('"', "") !== actual) {
        throw new EventFailure(`Expected deployment artifact bundle etag ${etag} but was actually "${actual}"`);
    }
}

/** Refuses an appspec with hooks for events that no host ever has. */
export function checkHookNames({ hooks }: Appspec): void {
    const known = new Set<string>(lifecycleEvents.filter(event => doneBy(event) !== "loadBalancer"));
    const unknown = [...hooks.keys()].filter(name => !known.has(name));
    if (unknown.length > 0) {
        throw new EventFailure(`appspec.yml file contains unknown lifecycle events: ${inspect(unknown)}`);
    }
}
