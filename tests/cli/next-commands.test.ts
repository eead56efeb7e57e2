import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makeProgram } from "../../cli/program";

const root = join(import.meta.dirname, "..", "..");
const commands = makeProgram(() => assert.fail("it ran")).commands;
const names = commands.map(command => command.name());
/** Those that do nothing without a stack; `rehearse` takes dev. */
const ofStacks = commands.filter(({ registeredArguments: [first] }) => first?.required).map(command => command.name());

/** What a source tells a person to type: `./gapless`, a command and the word after it. Comments tell nobody. */
function toldIn(source: string): readonly (readonly [text: string, command: string, next: string])[] {
    const lines = source.split("\n").filter(line => !/^\s*(?:\/\/|\/\*|\*)/.test(line)).join("\n");
    return [...lines.matchAll(/\.\/gapless (\$\{[^}]+\}|[\w-]+)(?: (\$\{[^}]+\}|[\w-]+))?/g)].map(([text, command = "", next = ""]) => [text, command, next]);
}

/** Why a text would be refused by the command line; undefined where it is not. */
function whyRefused(command: string, next: string): string | undefined {
    if (command === "--help" || next === "--help") return undefined;
    if (!command.startsWith("$") && !names.includes(command)) return "there is no such command";
    if (!command.startsWith("$") && !ofStacks.includes(command)) return undefined;
    return next.startsWith("$") || next === "STACK" ? undefined : "it names no stack";
}

describe("commands that messages name", () => {
    it("exist, and name their stack", () => {
        const files = ["cli", "release"].flatMap(folder => readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map(file => join(folder, file)));
        const told = files.filter(file => file.endsWith(".ts")).flatMap(file => toldIn(readFileSync(join(root, file), "utf8")).map(text => [file, ...text] as const));
        const refused = told.flatMap(([file, text, command, next]) => whyRefused(command, next) === undefined ? [] : [`${file}: ${text}: ${whyRefused(command, next)}`]);
        assert.deepEqual(refused, []);
        assert.ok(told.length > 50, `only ${told.length} were found`);
    });

    for (const [what, source, problem] of [
        ["an unknown command", "See ./gapless reherse dev.", "there is no such command"],
        ["no stack", "Run ./gapless up again.", "it names no stack"],
        ["no stack at the end", "Run ./gapless up.", "it names no stack"],
        ["a stack that the message knows", "Run ./gapless up ${stack}.", undefined],
        ["a stack that it does not know", "Run ./gapless up STACK.", undefined],
        ["a command that needs none", "Try ./gapless rehearse first.", undefined],
    ] as const) {
        it(`are ${problem === undefined ? "right" : "found wrong"} with ${what}`, () => {
            assert.deepEqual(toldIn(source).map(([, command, next]) => whyRefused(command, next)), [problem]);
        });
    }
});
