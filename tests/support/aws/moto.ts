import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { accessAt, type DoubleAccess } from "./double-access";
import { installMoto, motoFolder, pythonOf } from "./moto-installation";

const program = join(import.meta.dirname, "moto-server.py");
/** Where whoever runs the tests tells their processes that it has started a server for all of them. */
export const addressVariable = "GAPLESS_TEST_MOTO";

let ofThisProcess: Promise<string> | undefined;

/** Address of the server that stands in for AWS, started for this process unless whoever runs the tests has done so. */
export async function motoUrl(): Promise<string> {
    const given = process.env[addressVariable];
    if (given !== undefined) return given;
    ofThisProcess ??= startMoto();
    return ofThisProcess;
}

/** For `new XClient(await motoAccess())`: everything of AWS that moto knows. Names must be a test's own. */
export async function motoAccess(): Promise<DoubleAccess> {
    return accessAt(await motoUrl());
}

/** A name that no other test has: tests share the server. */
export function uniqueName(noun: string): string {
    return `${noun}-${randomBytes(5).toString("hex")}`;
}

/** Starts a server that ends with this process, however that ends. */
export async function startMoto(): Promise<string> {
    const folder = await motoFolder();
    const install = (): Promise<void> => installMoto(line => process.stderr.write(`${line}\n`), new AbortController().signal);
    if (!existsSync(folder)) await install();
    try {
        return await serve(folder);
    } catch {
        // Whole as it was once, it lacks something now, such as the Python that it was made with.
        await rm(folder, { recursive: true, force: true });
        await install();
        return serve(folder);
    }
}

function serve(folder: string): Promise<string> {
    return new Promise((resolve, reject) => {
        // It ends with its standard input, which this process holds open.
        const server = spawn(pythonOf(folder), [program], {
            stdio: "pipe",
            // Images of machines that no test asks for take a second for each account.
            env: { ...process.env, MOTO_EC2_LOAD_DEFAULT_AMIS: "false" },
        });
        const said: string[] = [];
        server.stderr.setEncoding("utf8").on("data", (text: string) => said.push(text));
        server.once("error", reject);
        server.once("exit", code => { reject(new Error(`moto ended with exit code ${code ?? "none"} before it answered:\n${said.join("")}`)); });
        createInterface(server.stdout).once("line", port => {
            letGo(server);
            resolve(`http://127.0.0.1:${port}`);
        });
    });
}

/** Keeps the child from keeping this process. */
function letGo(server: ChildProcessWithoutNullStreams): void {
    server.unref();
    for (const stream of [server.stdin, server.stdout, server.stderr]) (stream as unknown as Socket).unref();
}
