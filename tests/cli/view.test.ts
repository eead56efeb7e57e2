import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { makeView } from "../../cli/view";
import { makeReport } from "../../rehearsal/report/report";
import type { View } from "../../rehearsal/view";
import { goodRehearsal } from "../rehearsal/report/material";

const root = join(import.meta.dirname, "../..");
const report = makeReport(goodRehearsal());
const rehearsed = { report, reportFile: ".gapless/rehearsal/report.json", page: ".gapless/rehearsal/report.html" };
const escape = "\u001b";

interface Circumstances {
    readonly json?: boolean;
    /** Standard error is a terminal. */
    readonly terminal?: boolean;
    readonly noColour?: boolean;
}

/** What a view prints on standard output and on standard error. Its clock stands still. */
function print(tell: (view: View) => void, { json = false, terminal = false, noColour = false }: Circumstances = {}) {
    const printed = { out: "", err: "" };
    const { stdout, stderr } = process;
    const { NO_COLOR } = process.env;
    stdout.write = text => Boolean((printed.out += String(text)));
    stderr.write = text => Boolean((printed.err += String(text)));
    stderr.isTTY = terminal;
    performance.now = () => 5000;
    process.env["NO_COLOR"] = noColour ? "1" : "";
    try {
        tell(makeView(json));
    } finally {
        // What they are by nature is on their prototypes.
        for (const stream of [stdout, stderr]) Reflect.deleteProperty(stream, "write");
        Reflect.deleteProperty(stderr, "isTTY");
        Reflect.deleteProperty(performance, "now");
        if (NO_COLOR === undefined) delete process.env["NO_COLOR"];
        else process.env["NO_COLOR"] = NO_COLOR;
    }
    return printed;
}

function tellAll(view: View): void {
    view.step("building versions 1 and 2");
    view.note("using the stand-in");
    view.warn("drainSeconds is low");
    view.event({ atMs: 0, event: "WaveStarted", detail: "1: i-1, i-2" });
    view.event({ atMs: 0, instance: "i-1", event: "Install", status: "started" });
    view.event({ atMs: 0, instance: "i-1", event: "Install", status: "failed", detail: "disk full" });
}

describe("view of a rehearsal", () => {
    it("tells in plain lines, one for each event that ends, where no terminal is", () => {
        assert.deepEqual(print(tellAll), {
            out: "",
            err: [
                "  0.0 s building versions 1 and 2",
                "  0.0 s using the stand-in",
                "warning: drainSeconds is low",
                "  0.0 s    WaveStarted 1: i-1, i-2",
                "  0.0 s    i-1 Install failed disk full",
                "",
            ].join("\n"),
        });
    });

    it("has a moving picture in place of the events on a terminal, and nowhere else", () => {
        let live: View["live"];
        const { err } = print(view => {
            tellAll(view);
            ({ live } = view);
        }, { terminal: true });
        assert.ok(live);
        assert.doesNotMatch(err, /Install|WaveStarted/);
        print(view => { assert.equal(view.live, undefined); });
        print(view => { assert.equal(view.live, undefined); }, { terminal: true, json: true });
    });

    it("prints only the report on standard output as JSON, and beside it only warnings", () => {
        const { out, err } = print(view => {
            tellAll(view);
            view.result(rehearsed);
        }, { json: true });
        assert.deepEqual(JSON.parse(out), report);
        assert.equal(err, "warning: drainSeconds is low\n");
    });

    it("prints the summary and where the report is on standard output", () => {
        const { out, err } = print(view => { view.result(rehearsed); });
        assert.match(out, /PASSED[\s\S]*\nreport {6}\.gapless\/rehearsal\/report\.html \(and \.gapless\/rehearsal\/report\.json\)\n$/);
        assert.equal(err, "");
    });

    it("tells how to reach and remove what is kept", () => {
        const kept = { url: "http://127.0.0.1:8000", removeCommand: "sh cleanup.sh" };
        const { out } = print(view => { view.result({ ...rehearsed, kept }); });
        assert.match(out, /\nrunning {5}http:\/\/127\.0\.0\.1:8000\nremove with sh cleanup\.sh\n$/);
    });

    it("has colours on a terminal, but not with NO_COLOR", () => {
        const colourful = print(tellAll, { terminal: true }).err;
        assert.ok(colourful.includes(escape));
        assert.equal(print(tellAll, { terminal: true, noColour: true }).err, stripVTControlCharacters(colourful));
    });

    it("has no colours in a file or a pipe, not even in a pipeline", () => {
        const program = 'import { makeView } from "./cli/view"; makeView(false).warn("low");';
        const { PATH = "", HOME = "" } = process.env;
        const { stderr } = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
            cwd: root, encoding: "utf8", env: { PATH, HOME, CI: "true" },
        });
        assert.equal(stderr, "warning: low\n");
    });
});
