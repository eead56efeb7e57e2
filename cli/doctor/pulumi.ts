import { access, constants, readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type Diagnosis, fail, ok, warn } from "../../release/doctor";
import { findPulumiCli, wantedVersion } from "../automation/pulumi/pulumi-cli";
import type { CommandContext } from "../context";

type Env = CommandContext["env"];

export async function checkPulumi(env: Env): Promise<Diagnosis> {
    const cli = await findPulumiCli(env);
    if (cli) return ok(`${cli.version}, ${cli.path}`);
    return warn(`no Pulumi command line that fits ${wantedVersion}`, "nothing, where the internet is in reach: up and preview install it; else see https://www.pulumi.com/docs/install/");
}

/** Whether the plugins of the program's providers are there. Pulumi downloads what is missing. */
export async function checkPlugins(folder: string, env: Env): Promise<Diagnosis> {
    const there = await readdir(join(homeOf(env), "plugins")).catch((): string[] => []);
    const wanted = await pluginsOf(folder);
    const missing = wanted.filter(plugin => !there.includes(plugin));
    if (missing.length === 0) return ok(wanted.join(", "));
    return warn(`not there yet: ${missing.join(", ")}`, "nothing, where the internet is in reach: Pulumi downloads them at the first preview or up; else pulumi plugin install");
}

const packageFile = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });
const providerFile = z.object({ version: z.string(), pulumi: z.object({ resource: z.boolean().default(false), name: z.string().optional(), version: z.string().optional() }).optional() });

async function pluginsOf(folder: string): Promise<readonly string[]> {
    const { dependencies } = packageFile.parse(JSON.parse(await readFile(join(folder, "package.json"), "utf8")));
    const packages = Object.keys(dependencies).filter(name => name.startsWith("@pulumi/"));
    const plugins = await Promise.all(packages.map(async name => {
        const { version, pulumi } = providerFile.parse(JSON.parse(await readFile(join(folder, "node_modules", name, "package.json"), "utf8")));
        return pulumi?.resource && pulumi.name !== undefined ? [`resource-${pulumi.name}-v${pulumi.version ?? version}`] : [];
    }));
    return plugins.flat();
}

/** Where Pulumi keeps its state, as far as that is known without asking it. */
export interface Backend {
    /** As --backend or PULUMI_BACKEND_URL name it. */
    readonly given: string | undefined;
    /** The stack's file as text: it says which key its secrets are encrypted by. */
    readonly stackFile: string;
}

/** Whether Pulumi will find its state, and may read its secrets. */
export async function checkBackend({ given, stackFile }: Backend, env: Env): Promise<Diagnosis> {
    const accounts = await readAccounts(env);
    const url = given ?? env["PULUMI_BACKEND_URL"] ?? accounts.current;
    if (url === undefined || url === "") {
        return fail("nothing says where Pulumi keeps its state", "run pulumi login once, or name it with --backend or PULUMI_BACKEND_URL");
    }
    if (url.startsWith("http")) return diagnoseService(url, accounts, env);
    const problem = await problemOfFolder(url);
    if (problem) return problem;
    const keys = env["PULUMI_CONFIG_PASSPHRASE"] ?? env["PULUMI_CONFIG_PASSPHRASE_FILE"];
    if (keys !== undefined || /^secretsprovider:\s*(?!passphrase)\S/m.test(stackFile)) return ok(url);
    return warn(`${url}, and no passphrase for its secrets`, "set PULUMI_CONFIG_PASSPHRASE, empty when the stack has none, or take a key of AWS KMS: pulumi stack change-secrets-provider");
}

function diagnoseService(url: string, { accounts }: Accounts, env: Env): Diagnosis {
    if (env["PULUMI_ACCESS_TOKEN"] || accounts[url]?.accessToken) return ok(url);
    return fail(`not logged in to ${url}`, `run pulumi login ${url}, or set PULUMI_ACCESS_TOKEN`);
}

async function problemOfFolder(url: string): Promise<Diagnosis | undefined> {
    if (!url.startsWith("file://")) return undefined;
    const path = url.startsWith("file://~") ? join(homedir(), url.slice("file://~".length)) : asPath(url);
    const usable = await access(path, constants.R_OK | constants.W_OK).then(() => true, () => false);
    return usable ? undefined : fail(`${path}, where the state lies, cannot be read and written`, `make the folder, or name another one with --backend`);
}

/** Pulumi also takes paths that begin at the current folder, which URLs do not know. */
function asPath(url: string): string {
    return url.startsWith("file:///") ? fileURLToPath(url) : url.slice("file://".length);
}

interface Accounts {
    readonly current?: string | undefined;
    readonly accounts: Readonly<Record<string, { readonly accessToken?: string | undefined }>>;
}

const credentials = z.object({
    current: z.string().optional(),
    accounts: z.record(z.string(), z.object({ accessToken: z.string().optional() })).nullish().transform(accounts => accounts ?? {}),
});

async function readAccounts(env: Env): Promise<Accounts> {
    const text = await readFile(join(env["PULUMI_CREDENTIALS_PATH"] || homeOf(env), "credentials.json"), "utf8").catch(() => "{}");
    return credentials.parse(JSON.parse(text));
}

function homeOf(env: Env): string {
    return env["PULUMI_HOME"] || join(env["HOME"] || homedir(), ".pulumi");
}
