import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { exitCodeOf } from "../../cli/failure";
import { makeProgram } from "../../cli/program";

const root = join(import.meta.dirname, "..", "..");
const signal = new AbortController().signal;

/** Parses words as `./gapless` does, without a process; nothing runs, because all of these are refused. */
async function refuse(...words: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
    let out = "";
    let err = "";
    const program = makeProgram(() => assert.fail("it ran"));
    for (const command of [program, ...program.commands]) {
        command.configureOutput({ writeOut: text => (out += text), writeErr: text => (err += text) });
    }
    const refusal: unknown = await program.parseAsync(words, { from: "user" }).then(() => assert.fail("it was accepted"), (error: unknown) => error);
    return { code: exitCodeOf(refusal, signal), out, err };
}

describe("command line", () => {
    for (const [what, words, message] of [
        ["an unknown command", ["reherse"], /unknown command 'reherse'[\s\S]*rehearse/],
        ["an unknown stage", ["rehearse", "production"], /production[\s\S]*one of dev, stg, prod/],
        ["an unknown option", ["rehearse", "--fast"], /unknown option '--fast'/],
        ["a word too many", ["rehearse", "dev", "now"], /too many arguments/],
        ["an unknown kind of release", ["rehearse", "--release", "ugly"], /good, broken, failing/],
        ["an unknown strategy", ["rehearse", "--strategy", "canary"], /rolling, blueGreen/],
        ["an unknown fault", ["rehearse", "--fault", "rain"], /There is no fault 'rain'\. docs\/faults\.md lists all\./],
        ["a misspelled fault", ["rehearse", "--fault", "never-healty"], /There is no fault 'never-healty'; did you mean never-healthy\? docs\/faults\.md lists all\./],
        ["an unknown fault among others", ["rehearse", "--fault", "scale-out,rain"], /There is no fault 'rain'\./],
        ["a fault twice", ["rehearse", "--fault", "scale-out,scale-out"], /Name each fault once; 'scale-out' is there twice\./],
        ["one fault and all", ["rehearse", "--fault", "scale-out", "--faults", "all"], /'--fault <names>' cannot be used with option '--faults <which>'/],
        ["all faults with a release of one's own", ["rehearse", "--faults", "all", "--release", "broken"], /cannot be used with option '--release <kind>'/],
        ["a fault with shares", ["rehearse", "--fault", "scale-out", "--shift", "100"], /cannot be used with option '--shift <percents>'/],
        ["shares that are no percents", ["rehearse", "--shift", "half"], /10,50,100/],
        ["a bake without a unit", ["rehearse", "--bake", "60"], /such as 90s/],
        ["a rate that is no number", ["rehearse", "--rate", "many"], /many[\s\S]*whole number from 1 to 2000/],
        ["a port out of range", ["rehearse", "--port", "70000"], /whole number from 1 to 65535/],
        ["no command", [], /Usage: gapless/],
        ["a recipe of no stack", ["recipe"], /missing required argument 'stack'/],
        ["a bundle that goes nowhere", ["bundle", "dev"], /say where to: --folder DIR or --zip FILE/],
        ["a bundle that goes to two places", ["bundle", "dev", "--folder", "a", "--zip", "b"], /'--zip <path>' cannot be used with option '--folder <path>'/],
        ["a tag in place of a digest", ["bundle", "dev", "--zip", "a", "--image", "app:latest"], /app:latest[\s\S]*a tag may lead to another image tomorrow/],
    ] as const) {
        it(`refuses ${what} with exit code 2`, async () => {
            const { code, out, err } = await refuse(...words);
            assert.equal(code, 2, err);
            assert.match(err, message);
            assert.equal(out, "");
        });
    }

    it("is reached by ./gapless, whose exit code is the command's", () => {
        const help = spawnSync("./gapless", ["--help"], { cwd: root, encoding: "utf8" });
        assert.equal(help.status, 0, help.stderr);
        assert.match(help.stdout, /rehearse[\s\S]*test[\s\S]*up[\s\S]*deploy[\s\S]*recipe[\s\S]*bundle/);
        assert.equal(spawnSync("./gapless", ["reherse"], { cwd: root }).status, 2);
    });

    it("refuses a single instance under half-at-a-time with the setting to change", () => {
        const { status, stderr } = spawnSync("./gapless", ["rehearse", "--instances", "1"], { cwd: root, encoding: "utf8" });
        assert.equal(status, 2, stderr);
        assert.match(stderr, /minSize: .*received 1/);
    });
});
