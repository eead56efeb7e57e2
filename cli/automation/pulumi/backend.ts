import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

/** Where Pulumi keeps its state. `cloud` is a service that also keeps secrets; the others are files in some store. */
export interface Backend {
    readonly url: string;
    readonly kind: "cloud" | "file" | "s3" | "other";
}

export function backendAt(url: string): Backend {
    const scheme = /^([a-z0-9+]+):/.exec(url)?.[1] ?? "";
    if (scheme === "https" || scheme === "http") return { url, kind: "cloud" };
    return { url, kind: scheme === "file" || scheme === "s3" ? scheme : "other" };
}

/** Folder of a backend of kind file. Pulumi takes `file://~` and `file://./folder`, too. */
export function folderOf({ url }: Backend, programFolder: string, home: string = homedir()): string {
    const path = url.slice("file://".length);
    if (path === "~" || path.startsWith("~/")) return resolve(home, path.slice(2));
    return path.startsWith("/") ? fileURLToPath(`file://${path.split("?", 1)[0] ?? ""}`) : resolve(programFolder, path);
}

/** What a stack's file says of how its secrets are encrypted. */
export interface SecretsFile {
    readonly secretsprovider?: string | undefined;
}

export function secretsOf(folder: string, stack: string): SecretsFile {
    return (parse(readFileSync(join(folder, `Pulumi.${stack}.yaml`), "utf8")) as SecretsFile | null) ?? {};
}

/** What is missing to read and write a stack's secrets; undefined for nothing. */
export function missingPassphrase(
    stack: string, backend: Backend, { secretsprovider = "passphrase" }: SecretsFile, env: Readonly<Record<string, string | undefined>>,
): string | undefined {
    // A service encrypts by itself; a key of KMS or a vault needs no passphrase. An empty passphrase is one, too.
    if (backend.kind === "cloud" || secretsprovider !== "passphrase") return undefined;
    if (env["PULUMI_CONFIG_PASSPHRASE"] !== undefined || env["PULUMI_CONFIG_PASSPHRASE_FILE"]) return undefined;
    return `The secrets of ${stack} in ${backend.url} are encrypted by a passphrase, and there is none. `
        + "Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it, and repeat the command.";
}
