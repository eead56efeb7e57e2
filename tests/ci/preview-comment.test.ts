import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { jobOf, readWorkflow } from "./workflow";

const withOf = (file: string, job: string, action: string) => jobOf(readWorkflow(file), job).steps.find(({ uses }) => uses?.startsWith(`actions/${action}@`))?.with;
const script = String(withOf("preview.yml", "comment", "github-script")?.["script"]);
const mergesArtifacts = withOf("preview.yml", "comment", "download-artifact")?.["merge-multiple"] === true;
const uploaded = basename(String(withOf("preview-stack.yml", "preview", "upload-artifact")?.["path"]));
const where = { owner: "acme", repo: "shop" };
const run = "https://github.com/acme/shop/actions/runs/42";
const marker = "<!-- gapless preview -->";

interface Comment {
    readonly id: number;
    readonly user: { readonly type: string } | null;
    readonly body: string;
}

interface Stage {
    readonly results: Readonly<Record<string, "success" | "failure" | "skipped">>;
    /** Markdown of the previews, by stack. */
    readonly previews: Readonly<Record<string, string>>;
    readonly comments?: readonly Comment[];
}

/** Runs the comment's script as GitHub does, in a folder with the previews; returns the calls of GitHub that change something. */
async function comment({ results, previews, comments = [] }: Stage): Promise<readonly (readonly [string, Readonly<Record<string, unknown>>])[]> {
    const calls: [string, Record<string, unknown>][] = [];
    const listComments = Symbol("listComments");
    const github = {
        paginate: (list: unknown, words: unknown) => {
            assert.deepEqual([list, words], [listComments, { ...where, issue_number: 7, per_page: 100 }]);
            return Promise.resolve(comments);
        },
        rest: {
            issues: {
                listComments,
                createComment: (words: Record<string, unknown>) => Promise.resolve(calls.push(["create", words])),
                updateComment: (words: Record<string, unknown>) => Promise.resolve(calls.push(["update", words])),
            },
        },
    };
    const context = { serverUrl: "https://github.com", repo: where, runId: 42, issue: { number: 7 } };
    const folder = mkdtempSync(join(tmpdir(), "preview-comment-"));
    try {
        download(join(folder, "previews"), previews);
        const NEEDS = JSON.stringify(Object.fromEntries(Object.entries(results).map(([stack, result]) => [stack, { result, outputs: {} }])));
        await asAction(github, context, folder, { NEEDS });
    } finally {
        rmSync(folder, { recursive: true });
    }
    return calls;
}

/** Leaves artifacts of one file each as actions/download-artifact does: of several each in a folder of its own, but where they are merged or one alone. */
function download(folder: string, previews: Stage["previews"]): void {
    const stacks = Object.entries(previews);
    for (const [stack, text] of stacks) {
        const inside = mergesArtifacts || stacks.length === 1 ? folder : join(folder, `preview-${stack}`);
        mkdirSync(inside, { recursive: true });
        writeFileSync(join(inside, uploaded.replace("${{ inputs.stack }}", stack)), text);
    }
}

async function asAction(github: object, context: object, folder: string, env: Readonly<Record<string, string>>): Promise<void> {
    // The action gives scripts a require; ours gives paths the folder that the job runs in.
    const files = createRequire(import.meta.url)("node:fs") as typeof import("node:fs");
    const inFolder = { existsSync: (path: string) => files.existsSync(join(folder, path)), readFileSync: (path: string) => files.readFileSync(join(folder, path), "utf8") };
    const requireStub = (name: string) => (name === "node:fs" ? inFolder : assert.fail(name));
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is a text of this project
    const action = new Function("github", "context", "require", "process", `return (async () => {\n${script}\n})();`) as (...args: readonly unknown[]) => Promise<void>;
    await action(github, context, requireStub, { env });
}

describe("comment of a preview", () => {
    it("shows the stacks in their order and leaves out those that were not asked for", async () => {
        assert.deepEqual(await comment({ results: { dev: "success", stg: "skipped", prod: "success" }, previews: { prod: "## prod\n\n1 to create\n", dev: "## dev\n\nno changes\n" } }), [
            ["create", { ...where, issue_number: 7, body: `${marker}\n\n## dev\n\nno changes\n\n## prod\n\n1 to create` }],
        ]);
    });

    it("shows the one stack that there is, whose artifact alone is laid out otherwise", async () => {
        assert.deepEqual(await comment({ results: { dev: "success", stg: "failure" }, previews: { dev: "## dev" } }), [
            ["create", { ...where, issue_number: 7, body: `${marker}\n\n## dev\n\n**stg**: no preview, it ended with failure: [see why](${run}).` }],
        ]);
    });

    it("says where to look when a preview has failed and left nothing", async () => {
        assert.deepEqual(await comment({ results: { dev: "failure", stg: "skipped", prod: "skipped" }, previews: {} }), [
            ["create", { ...where, issue_number: 7, body: `${marker}\n\n**dev**: no preview, it ended with failure: [see why](${run}).` }],
        ]);
    });

    it("is changed, not written again, and no other comment is", async () => {
        const bot = { type: "Bot" };
        const comments = [
            { id: 1, user: { type: "User" }, body: `${marker} quoted` }, { id: 2, user: bot, body: `coverage\n${marker}` }, { id: 3, user: null, body: marker },
            { id: 4, user: bot, body: `${marker}\n\n## dev` },
        ];
        assert.deepEqual(await comment({ results: { dev: "success" }, previews: { dev: "## dev, anew" }, comments }), [
            ["update", { ...where, comment_id: 4, body: `${marker}\n\n## dev, anew` }],
        ]);
        assert.deepEqual((await comment({ results: { dev: "success" }, previews: { dev: "x" }, comments: comments.slice(0, 3) })).map(([call]) => call), ["create"]);
    });

    it("stays within what GitHub takes, and says where the rest is", async () => {
        const [[, { body }] = assert.fail()] = await comment({ results: { dev: "success" }, previews: { dev: "x".repeat(70_000) } });
        assert.ok(String(body).length < 65_536);
        assert.ok(String(body).endsWith(`x\n\nThere is more: [the whole previews](${run}).`));
    });
});
