import { access, constants, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { DeliveryError } from "../../release/aws/error";
import { type Diagnosis, fail, ok, warn } from "../../release/doctor";
import { backendAt, folderOf, missingPassphrase, secretsOf } from "../automation/pulumi/backend";
import { findPulumiCli, pulumiHome, wantedVersion } from "../automation/pulumi/pulumi-cli";
import type { CommandContext } from "../context";
import type { Patient } from "./patient";

type Env = CommandContext["env"];

export async function checkPulumi(env: Env): Promise<Diagnosis> {
    const cli = await findPulumiCli(env);
    if (cli) return ok(`${cli.version}, ${cli.path}`);
    return warn(`no Pulumi command line that fits ${wantedVersion}`, "nothing, where the internet is in reach: up and preview install it; else see https://www.pulumi.com/docs/install/");
}

/** Whether the plugins of the program's providers are there. Pulumi downloads what is missing. */
export async function checkPlugins(folder: string, env: Env): Promise<Diagnosis> {
    const there = await readdir(join(pulumiHome(env), "plugins")).catch((): string[] => []);
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

/**
 * Whether Pulumi will find its state, and may read its secrets.
 * @throws DeliveryError as `up` would
 */
export async function checkBackend({ stack, backend: given }: Pick<Patient, "stack" | "backend">, { env, folder }: Pick<CommandContext, "env" | "folder">): Promise<Diagnosis> {
    const accounts = await readAccounts(env);
    const url = given || env["PULUMI_BACKEND_URL"] || accounts.current;
    if (url === undefined || url === "") {
        return fail("nothing says where Pulumi keeps its state", "run pulumi login once, or name it with --backend or PULUMI_BACKEND_URL");
    }
    const backend = backendAt(url);
    if (backend.kind === "cloud") return diagnoseService(url, accounts, env);
    const problem = backend.kind === "file" ? await problemOfFolder(folderOf(backend, folder, env["HOME"])) : undefined;
    if (problem) return problem;
    const missing = missingPassphrase(stack, backend, secretsOf(folder, stack), env);
    if (missing !== undefined) throw new DeliveryError(missing, "usage");
    return ok(url);
}

function diagnoseService(url: string, { accounts }: Accounts, env: Env): Diagnosis {
    if (env["PULUMI_ACCESS_TOKEN"] || accounts[url]?.accessToken) return ok(url);
    return fail(`not logged in to ${url}`, `run pulumi login ${url}, or set PULUMI_ACCESS_TOKEN`);
}

async function problemOfFolder(path: string): Promise<Diagnosis | undefined> {
    const usable = await access(path, constants.R_OK | constants.W_OK).then(() => true, () => false);
    return usable ? undefined : fail(`${path}, where the state lies, cannot be read and written`, `make the folder, or name another one with --backend`);
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
    const text = await readFile(join(env["PULUMI_CREDENTIALS_PATH"] || pulumiHome(env), "credentials.json"), "utf8").catch(() => "{}");
    return credentials.parse(JSON.parse(text));
}
