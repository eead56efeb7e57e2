import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { reportCommand } from "../../../cli/commands/report";
import type { CommandContext } from "../../../cli/context";
import { exitCodeOf } from "../../../cli/failure";
import { openerOf, openPage } from "../../../cli/open-page";
import { makeReport } from "../../../rehearsal/report/report";
import { renderSummary } from "../../../rehearsal/report/summary";
import { goodRehearsal } from "../../rehearsal/report/material";

const report = makeReport(goodRehearsal());

describe("report", () => {
    let folder: string;
    beforeEach(async () => {
        folder = await mkdtemp(join(tmpdir(), "report-"));
        await mkdir(join(folder, ".gapless", "rehearsal"), { recursive: true });
    });
    afterEach(() => rm(folder, { recursive: true }));

    const last = (): string => join(folder, ".gapless", "rehearsal", "report.json");
    const leave = (text: string, file = last()): Promise<void> => writeFile(file, text);

    async function run(options: { readonly path?: string; readonly open?: boolean } = {}) {
        const printed: { result?: object; text?: string } = {};
        const shown: string[] = [];
        const context: Pick<CommandContext, "folder" | "callerFolder" | "print"> = { folder, callerFolder: folder, print: (result, text) => { Object.assign(printed, { result, text }); } };
        const code = await reportCommand({ open: false, ...options }, context as CommandContext, page => {
            shown.push(page);
            return Promise.resolve();
        });
        return { code, shown, result: printed.result, text: stripVTControlCharacters(printed.text ?? "") };
    }

    it("prints the summary of the last rehearsal and where its page is, which it makes when there is none", async () => {
        await leave(JSON.stringify(report));
        const { code, text, result, shown } = await run();
        assert.equal(code, 0);
        assert.equal(text, [
            stripVTControlCharacters(renderSummary(report)), "rehearsed   stage dev, 1970-01-01 00:00 UTC", "again       ./gapless rehearse dev --seed 7",
            `page        ${join(".gapless", "rehearsal", "report.html")}`,
        ].join("\n"));
        assert.deepEqual([result, shown], [report, []]);
        assert.match(await readFile(join(folder, ".gapless", "rehearsal", "report.html"), "utf8"), /^<!doctype html>/);
    });

    for (const [what, pageSecond, kept] of [["leaves a page alone that is as new as the report", 10, true], ["makes a page anew that is of an older report", 9, false]] as const) {
        it(what, async () => {
            const page = join(folder, ".gapless", "rehearsal", "report.html");
            await leave(JSON.stringify(report));
            await leave("mine", page);
            await utimes(last(), 10, 10);
            await utimes(page, pageSecond, pageSecond);
            await run();
            assert.equal(await readFile(page, "utf8") === "mine", kept);
        });
    }

    it("takes another report, from where the user is, and shows its page", async () => {
        await leave(JSON.stringify(report), join(folder, "ci.json"));
        const { text, shown } = await run({ path: "ci.json", open: true });
        assert.match(text, /page {8}ci\.html$/);
        assert.deepEqual(shown, [join(folder, "ci.html")]);
    });

    it("tells its summary all the same where no page can be written, and shows one from elsewhere", async () => {
        await leave(JSON.stringify(report));
        // Even a superuser writes no file over a folder.
        await mkdir(join(folder, ".gapless", "rehearsal", "report.html.new"));
        const { code, text, shown } = await run();
        assert.equal(code, 0);
        assert.match(text, /^PASSED .*\npage {8}none: it cannot be written, EISDIR.* \(--open shows one from the temporary folder\)$/s);
        assert.deepEqual(shown, []);

        const { shown: [page = ""] } = await run({ open: true });
        assert.ok(page.startsWith(tmpdir()) && !page.startsWith(folder), page);
        assert.match(await readFile(page, "utf8"), /^<!doctype html>/);
        await rm(dirname(page), { recursive: true });
    });

    it("reads a report with members of a later version", async () => {
        await leave(JSON.stringify({ ...report, later: 1, requests: { ...report.requests, later: 1 } }));
        assert.equal((await run()).code, 0);
    });

    for (const [what, text, message] of [
        ["there is none", undefined, /^There is no report at .*report\.json\. Run \.\/gapless rehearse to make one\.$/],
        ["it is no JSON", '{"schemaVersion": 2,', /report\.json is no JSON: .*\. Run \.\/gapless rehearse/],
        ["it is of another version", JSON.stringify({ ...report, schemaVersion: 1 }), /has schemaVersion 1, and this version of Gapless reads 2\. Run \.\/gapless rehearse/],
        ["it is something else", JSON.stringify({ requests: 7 }), /is no report of a rehearsal: .*\. Run \.\/gapless rehearse/],
        ["a member is missing", JSON.stringify({ ...report, reason: undefined }), /is no report of a rehearsal: .*reason.*\. Run \.\/gapless rehearse/],
    ] as const) {
        it(`is refused in one line with exit code 2 when ${what}`, async () => {
            if (text !== undefined) await leave(text);
            await assert.rejects(run(), (error: Error) => {
                assert.match(error.message, message);
                assert.doesNotMatch(error.message, /\n/);
                return exitCodeOf(error, new AbortController().signal) === 2;
            });
        });
    }
});

describe("opening a page", () => {
    let folder: string;
    const { PATH } = process.env;
    beforeEach(async () => { process.env["PATH"] = folder = await mkdtemp(join(tmpdir(), "open-")); });
    afterEach(async () => {
        process.env["PATH"] = PATH;
        await rm(folder, { recursive: true });
    });

    async function install(script: string): Promise<void> {
        await writeFile(join(folder, "xdg-open"), `#!/bin/sh\n${script}\n`);
        await chmod(join(folder, "xdg-open"), 0o755);
    }

    it("is the system's own way, with the path as one word", () => {
        assert.deepEqual(openerOf("/a b.html", "linux"), ["xdg-open", "/a b.html"]);
        assert.deepEqual(openerOf("/a b.html", "darwin"), ["open", "/a b.html"]);
        assert.deepEqual(openerOf("/a b.html", "win32"), ["cmd", "/c", "start", "", "/a b.html"]);
    });

    it("hands it over", async () => {
        await install(`printf %s "$1" > "${folder}/seen"`);
        await openPage("/my report.html", "linux");
        assert.equal(await readFile(join(folder, "seen"), "utf8"), "/my report.html");
    });

    it("says what is missing and where the page is when there is no browser", async () => {
        await assert.rejects(openPage("/my report.html", "linux"), { name: "OpenError", message: "No browser can be opened here: xdg-open is missing. Open file:///my%20report.html yourself." });
    });

    it("says so too when the program that is there finds none", async () => {
        await install("exit 3");
        await assert.rejects(openPage("/r.html", "linux"), { message: "No browser can be opened here: xdg-open failed with exit code 3. Open file:///r.html yourself." });
    });
});
