import { readFile, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { ensureProgram } from "../../rehearsal/docker/packages";
import { exitCodes, type ExitCode } from "../exit-code";

/** A command that is green or red, and how many tests it counts. */
interface Check {
    readonly name: string;
    readonly command: readonly [string, ...string[]];
    /** True = mocha, which leaves its own counts in a file; else the command counts as one test. */
    readonly counts?: true;
}

interface Counts {
    readonly passes: number;
    readonly failures: number;
    readonly pending: number;
}

const countsFile = join("node_modules", ".cache", "test-counts.json");
// They start Docker, or Pulumi's own runner once for each stage, and take minutes.
const slowTests = "tests/**/*.{docker,runner}.test.ts";
/** Mocha hands it on to the process in which the tests run; of another it dies alone. */
export const killSignal = "SIGINT";
/** They are of the long series, since each is one rehearsal after another. */
export const soakTests = "tests/**/*.soak.test.ts";
// They share one server, which a fixture starts for the whole run.
const awsTests = "tests/**/*.aws.test.ts";
const awsSupport = "tests/support/aws";

/** Runs lint, types, shell scripts and tests, all of them even when one fails, and counts. */
export async function testCommand(all: boolean, signal: AbortSignal): Promise<ExitCode> {
    await ensureProgram({ program: "shellcheck", packages: ["shellcheck"], advice: "Install shellcheck.", announce: say, signal });
    // Meanwhile, since it takes half a minute once. Without it the tests that need it try again, and tell why they fail.
    void execa("node", ["--import", "tsx", `${awsSupport}/install-moto.ts`], { stdio: "inherit", reject: false, cancelSignal: signal });
    let total: Counts = { passes: 0, failures: 0, pending: 0 };
    for (const check of await checks(all)) {
        const counts = await run(check, signal);
        total = {
            passes: total.passes + counts.passes,
            failures: total.failures + counts.failures,
            pending: total.pending + counts.pending,
        };
    }
    const skipped = total.pending > 0 ? `, ${total.pending} skipped` : "";
    say(`${total.passes} passed, ${total.failures} failed${skipped}`);
    return total.failures === 0 ? exitCodes.done : exitCodes.failed;
}

async function checks(all: boolean): Promise<readonly Check[]> {
    // One more than processors: many tests wait for a process or a socket.
    const jobs = String(availableParallelism() + 1);
    const onlyLoopback = ["--require", `${awsSupport}/only-loopback.mjs`];
    const scripts = (await execa("git", ["ls-files", "*.sh", "gapless", ".ci/run"])).stdout.split("\n");
    return [
        { name: "lint", command: ["eslint", "."] },
        { name: "types", command: ["tsc", "-p", "."] },
        { name: "shell scripts", command: ["shellcheck", "-x", ...scripts] },
        {
            name: "unit tests", counts: true,
            command: ["mocha", "tests/**/*.test.ts", "--ignore", slowTests, "--ignore", soakTests, "--ignore", awsTests, ...onlyLoopback, "--parallel", "--jobs", jobs],
        },
        {
            name: "tests against stand-ins for AWS", counts: true,
            command: ["mocha", awsTests, ...onlyLoopback, "--require", `${awsSupport}/moto-fixture.ts`, "--parallel", "--jobs", jobs],
        },
        ...(all ? [{ name: "rehearsals and Pulumi's runner", command: ["mocha", slowTests, "--timeout", "300000"], counts: true } as const] : []),
    ];
}

async function run({ name, command: [file, ...args], counts }: Check, signal: AbortSignal): Promise<Counts> {
    say(`--- ${name}: ${[file, ...args].join(" ")}`);
    await rm(countsFile, { force: true });
    const { exitCode, shortMessage } = await execa(file, args, {
        preferLocal: true, stdio: "inherit", reject: false, cancelSignal: signal, killSignal, env: { TEST_COUNTS_FILE: countsFile },
    });
    signal.throwIfAborted();
    if (exitCode === undefined) say(shortMessage ?? `${file} did not start`);
    const green = exitCode === 0;
    return counts ? countTests(green) : { passes: Number(green), failures: Number(!green), pending: 0 };
}

// A suite that broke off, or ran nothing, has failed even though no test of it has.
async function countTests(green: boolean): Promise<Counts> {
    const none = { passes: 0, failures: 0, pending: 0 };
    const counts = await readFile(countsFile, "utf8").then(text => JSON.parse(text) as Counts, () => none);
    return green && counts.passes > 0 ? counts : { ...counts, failures: Math.max(1, counts.failures) };
}

function say(line: string): void {
    process.stdout.write(`${line}\n`);
}
