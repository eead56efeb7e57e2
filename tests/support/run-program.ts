import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import type { StackConfig } from "../../rehearsal/program/stack-config";
import { EngineDouble } from "./engine-double";

const root = join(import.meta.dirname, "../..");
const runner = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run/index.js");

interface ProjectFile {
    readonly main: string;
    readonly runtime: { readonly options: { readonly typescript: boolean; readonly nodeargs: string } };
}

/** What came of a program that Pulumi's own Node runner ran. */
export interface ProgramRun {
    readonly exitCode: number | undefined;
    readonly engine: Pick<EngineDouble, "resources" | "messages" | "outputs">;
    /** Everything the process printed past the engine. */
    readonly printed: string;
}

/**
 * Runs this project's program as the Pulumi CLI would, with the runtime options of Pulumi.yaml, for a stack.
 * @param account config that the AWS account fits. @default that of the stack
 */
export async function runProgram(
    stack: string, { project, config, secretKeys }: StackConfig, env: Readonly<Record<string, string>> = {}, account = config,
): Promise<ProgramRun> {
    const { main, runtime: { options } } = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as ProjectFile;
    using engine = await EngineDouble.start(account);
    const args = [
        ...options.nodeargs.split(" "), runner,
        "--monitor", engine.address, "--engine", engine.address,
        "--project", project, "--stack", stack, "--pwd", root, "--root-directory", root, "--parallel", "16", main,
    ];
    const child = await execa(process.execPath, args, {
        cwd: root,
        reject: false,
        all: true,
        env: {
            PULUMI_CONFIG: JSON.stringify(config),
            PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
            PULUMI_NODEJS_TYPESCRIPT: String(options.typescript),
            ...env,
        },
    });
    return { exitCode: child.exitCode, engine, printed: child.all };
}
