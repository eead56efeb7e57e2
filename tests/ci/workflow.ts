import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const permissions = z.record(z.string(), z.enum(["read", "write"]));
const texts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const concurrency = z.strictObject({ group: z.string(), "cancel-in-progress": z.boolean() });

const step = z.strictObject({ if: z.string().optional(), uses: z.string().optional(), run: z.string().optional(), with: texts.optional(), env: texts.optional() });

const job = z.strictObject({
    if: z.string().optional(),
    needs: z.union([z.string().transform(one => [one]), z.array(z.string())]).default([]),
    permissions: permissions.optional(),
    "runs-on": z.literal("ubuntu-latest").optional(),
    environment: z.string().optional(),
    concurrency: concurrency.optional(),
    "timeout-minutes": z.number().optional(),
    env: texts.optional(),
    steps: z.array(step).default([]),
    uses: z.string().optional(),
    with: texts.optional(),
    secrets: z.record(z.string(), z.string()).optional(),
});

const declared = z.record(z.string(), z.strictObject({ description: z.string(), type: z.literal("string").optional(), required: z.boolean() }));
const events = z.strictObject({
    push: z.strictObject({ branches: z.array(z.string()) }).optional(),
    pull_request: z.null().optional(),
    workflow_call: z.strictObject({ inputs: declared, secrets: declared.optional() }).optional(),
});

/** What we use of GitHub's workflows. https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax */
const workflowSchema = z.strictObject({
    name: z.string(),
    on: z.preprocess(on => (on === "pull_request" ? { pull_request: null } : on), events),
    permissions,
    concurrency: concurrency.optional(),
    jobs: z.record(z.string(), job),
});

export type Workflow = z.output<typeof workflowSchema>;
export type Job = z.output<typeof job>;

const folder = ".github/workflows";

export const workflowFiles: readonly string[] = readdirSync(folder);

export function workflowText(file: string): string {
    return readFileSync(`${folder}/${file}`, "utf8");
}

export function readWorkflow(file: string): Workflow {
    return workflowSchema.parse(parse(workflowText(file)));
}

export function jobOf({ jobs }: Workflow, name: string): Job {
    const found = jobs[name];
    if (!found) throw new Error(`There is no job ${name}`);
    return found;
}

/** What GitHub knows when it decides whether a job runs. */
export interface Circumstances {
    /** Variables of the repository. */
    readonly vars: Readonly<Record<string, string>>;
    /** Repository that a pull request comes from. @default the repository itself */
    readonly from?: string;
    /** Who has pushed. @default ann */
    readonly actor?: string;
    /** Jobs that fail, or whose preview does. */
    readonly failing?: readonly string[];
    /** Whether somebody has cancelled the run. */
    readonly cancelled?: boolean;
}

export type Result = "success" | "failure" | "skipped";

/** What becomes of each job of a workflow, in the order of the file, which is also that of their needs. */
export function resultsOf({ jobs }: Workflow, circumstances: Circumstances): Readonly<Record<string, Result>> {
    const results: Record<string, Result> = {};
    for (const [name, { if: condition, needs }] of Object.entries(jobs)) {
        const before = needs.map(each => results[each] ?? "skipped");
        const ends = circumstances.failing?.includes(name) ? "failure" : "success";
        results[name] = isTrue(condition, before, circumstances) ? ends : "skipped";
    }
    return results;
}

/** The value of a job's condition. Without one that names a state, a job only runs when all that it needs has succeeded. */
function isTrue(condition: string | undefined, before: readonly Result[], { vars, from = "acme/shop", actor = "ann", cancelled = false }: Circumstances): boolean {
    const failed = before.includes("failure");
    const names = {
        // What is not set is empty, and equals the empty text.
        vars: new Proxy(vars, { get: (of, name) => of[String(name)] ?? "" }),
        github: { repository: "acme/shop", actor, event: { pull_request: { number: 7, head: { repo: { full_name: from } } } } },
        results: before,
        contains: (list: readonly string[], one: string) => list.includes(one),
        cancelled: () => cancelled,
        failure: () => failed,
    };
    const [, expression = "true"] = /^\$\{\{ (.*) \}\}$/.exec(condition ?? "${{ true }}") ?? [];
    const text = expression.replaceAll("needs.*.result", "results");
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- GitHub's expressions that we use are JavaScript's, too
    const value = (new Function(...Object.keys(names), `return Boolean(${text});`) as (...args: readonly unknown[]) => boolean)(...Object.values(names));
    const namesState = /\b(cancelled|failure|success|always)\(\)/.test(text);
    return value && (namesState || before.every(result => result === "success"));
}
