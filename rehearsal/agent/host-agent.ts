import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import { doneBy, lifecycleEvents, revisionOf, type LifecycleEvent } from "../../release/lifecycle";
import { parseAppspec, type Appspec } from "./appspec";
import { unpackBundle } from "./archive";
import { EventFailure, type ErrorCode } from "./failure";
import { runHooks } from "./hook-runner";
import { HostRoot, isSystemError, statLink } from "./host-root";
import { install } from "./install";
import { archiveOf, readIfPresent, Revisions } from "./revisions";
import { inspect } from "./ruby";
import { systemText } from "./system-text";

/** Where a release lies in S3. */
export interface Bundle {
    readonly bucket: string;
    readonly key: string;
    /** Version of the object. @default the newest, and scripts see no `BUNDLE_VERSION` */
    readonly version?: string;
    /** What the object's ETag must be, with or without quotes. @default not compared, and scripts see no `BUNDLE_ETAG` */
    readonly etag?: string;
}

export interface Deployment {
    readonly id: string;
    readonly bundle: Bundle;
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
    /** Gets a bundle, a zip. */
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

    constructor(private readonly args: HostAgentArgs) {
        this.host = new HostRoot(args.root);
        this.revisions = new Revisions(this.host, args.deploymentGroupId);
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
        try {
            await this.revisions.makeFolders(deployment.id);
            switch (event) {
                case "DownloadBundle":
                    return await this.downloadBundle(deployment);
                case "Install":
                    return await this.install(deployment);
                default:
                    return await this.runScripts(event, deployment, signal);
            }
        } catch (error) {
            signal?.throwIfAborted();
            return this.failed(error);
        }
    }

    private async downloadBundle({ id, bundle }: Deployment): Promise<EventOutcome> {
        await this.revisions.makeRoom(id);
        const zip = await this.args.fetchBundle(bundle).catch((error: unknown) => {
            throw new EventFailure(error instanceof Error ? error.message : String(error), undefined, { cause: error });
        });
        checkEtag(bundle, zip);
        await unpackBundle(zip, this.host.locate(this.archive(id)));
        return { status: "succeeded" };
    }

    private async install({ id }: Deployment): Promise<EventOutcome> {
        const archive = this.archive(id);
        const appspec = parseAppspec(await readFile(this.host.locate(await this.appspecForInstall(archive)), "utf8"));
        checkHookNames(appspec);
        await install(this.host, archive, appspec, this.revisions.cleanupList);
        await this.revisions.markInstalled(id);
        return { status: "succeeded" };
    }

    private async runScripts(event: LifecycleEvent, deployment: Deployment, signal?: AbortSignal): Promise<EventOutcome> {
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
        }, signal);
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
            throw new EventFailure(`The CodeDeploy agent did not find an AppSpec file within the unpacked revision directory at revision-relative path "appspec.yml". The revision was unpacked to directory "${archive}", and the AppSpec file was expected but not found at path "${file}". Consult the AWS CodeDeploy Appspec documentation for more information at http://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file.html`);
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
function checkEtag({ etag }: Bundle, zip: Uint8Array): void {
    const actual = createHash("md5").update(zip).digest("hex");
    if (etag !== undefined && etag.replaceAll('"', "") !== actual) {
        throw new EventFailure(`Expected deployment artifact bundle etag ${etag} but was actually "${actual}"`);
    }
}

function checkHookNames({ hooks }: Appspec): void {
    const known = new Set<string>(lifecycleEvents.filter(event => doneBy(event) !== "loadBalancer"));
    const unknown = [...hooks.keys()].filter(name => !known.has(name));
    if (unknown.length > 0) {
        throw new EventFailure(`appspec.yml file contains unknown lifecycle events: ${inspect(unknown)}`);
    }
}
