import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { eventsWithoutLoadBalancer, type LifecycleEvent } from "../../../release/lifecycle";
import { HostAgent, type Bundle, type EventOutcome, type HostAgentArgs } from "../../../rehearsal/agent/host-agent";

/** Texts of a bundle by path; scripts (`*.sh`) get an execute bit. */
export type BundleFiles = Readonly<Record<string, string>>;

/** A host in a temporary folder, with an agent on it. */
export class TestHost implements AsyncDisposable {
    private deployments = 0;

    private constructor(readonly root: string) {}

    static async make(name = "gapless-host-"): Promise<TestHost> {
        return new TestHost(await mkdtemp(join(tmpdir(), name)));
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await rm(this.root, { recursive: true, force: true });
    }

    agent(files: BundleFiles, args: Partial<HostAgentArgs> = {}): HostAgent {
        return new HostAgent({
            root: this.root,
            deploymentGroupId: "group-1",
            deploymentGroupName: "prod",
            applicationName: "shop",
            environment: { PATH: process.env["PATH"] ?? "" },
            fetchBundle: () => Promise.resolve(zip(files)),
            ...args,
        });
    }

    /** Deploys as `d-1`, `d-2` ... without a load balancer and gives the outcomes up to the first failure. */
    async deploy(files: BundleFiles, args: Partial<HostAgentArgs> = {}): Promise<Partial<Record<LifecycleEvent, EventOutcome>>> {
        this.deployments += 1;
        const agent = this.agent(files, args);
        const outcomes: Partial<Record<LifecycleEvent, EventOutcome>> = {};
        for (const event of eventsWithoutLoadBalancer) {
            const outcome = await agent.run(event, { id: `d-${this.deployments}`, bundle });
            outcomes[event] = outcome;
            if (outcome.status === "failed") {
                break;
            }
        }
        return outcomes;
    }

    async write(path: string, text: string, mode = 0o644): Promise<void> {
        await mkdir(join(this.root, dirname(path)), { recursive: true });
        await writeFile(join(this.root, path), text);
        await chmod(join(this.root, path), mode);
    }

    /** The text of a file, or undefined where there is none. */
    async read(path: string): Promise<string | undefined> {
        return readFile(join(this.root, path), "utf8").catch(() => undefined);
    }

    async mode(path: string): Promise<string> {
        return ((await stat(join(this.root, path))).mode & 0o7777).toString(8);
    }
}

export const bundle: Bundle = { bucket: "releases", key: "releases/one.zip" };

export function zip(files: BundleFiles): Uint8Array {
    return zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => {
        const mode = path.endsWith(".sh") ? 0o100755 : 0o100644;
        return [path, [strToU8(text), { os: 3, attrs: (mode << 16) >>> 0, mtime: new Date(2020, 0, 1) }]];
    })));
}

/** An appspec, one line an argument, below the two lines that each one has. */
export function appspec(...lines: readonly string[]): string {
    return ["version: 0.0", "os: linux", ...lines, ""].join("\n");
}

/** A bundle whose only script runs at ApplicationStart. */
export function startScript(script: string, timeout = 30): BundleFiles {
    return {
        "appspec.yml": appspec(`hooks: {ApplicationStart: [{location: scripts/start.sh, timeout: ${timeout}}]}`),
        "scripts/start.sh": script,
    };
}
