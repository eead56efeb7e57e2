import { archive, type CheckedScript } from "./checked-bundle";
import type { Finding, Rule } from "./finding";
import { eventOf } from "./hook-rules";

export type TextScript = CheckedScript & { readonly text: string };

/** Every script once, however many events it has, with a text and a known event. */
export function distinct(scripts: readonly CheckedScript[] = []): readonly TextScript[] {
    return scripts.filter((script): script is TextScript =>
        script.text !== undefined && eventOf(script) !== undefined && scripts.findIndex(({ location }) => location === script.location) === scripts.indexOf(script));
}

export const unixLineEnds: Rule = ({ appspec }) => distinct(appspec?.scripts).flatMap((script): readonly Finding[] => {
    const { location: file, text } = script;
    const line = text.split("\n").findIndex(content => content.endsWith("\r")) + 1;
    if (line === 0) return [];
    const fix = "Save it with LF line ends, and keep them: *.sh text eol=lf in .gitattributes.";
    const event = eventOf(script);
    if (line > 1 || !text.startsWith("#!") || event === undefined) {
        return [{ severity: "warning", file, line, happens: "A line ends in CRLF: the CR belongs to its last word.", fix }];
    }
    const happens = `Script at specified location: ${file} failed with error Errno::ENOENT with message No such file or directory - ${archive}/${file}`;
    return [{ severity: "error", file, line, event, errorCode: 4, happens, fix }];
});

/** Of what a first line names, Amazon Linux 2023 has these, the agent's own Ruby among them. */
const programs = ["sh", "bash", "env", "awk", "gawk", "sed", "perl", "python3", "ruby"];

export const interpretersThere: Rule = ({ appspec }) => distinct(appspec?.scripts).flatMap(({ location: file, text }): readonly Finding[] => {
    const [, interpreter, rest = ""] = /^#!\s*(\S+)[ \t]*(.*)/.exec(text) ?? [];
    const [missing, failure] = isThere(interpreter) ? [programOf(interpreter, rest), "exit code 127"] : [interpreter, "Errno::ENOENT"];
    if (missing === undefined) return [];
    return [{
        severity: "warning",
        file,
        line: 1,
        happens: `Amazon Linux 2023 comes without ${missing}; where it is missing the script fails with ${failure} (code 4).`,
        fix: "Use /bin/bash, or install it with the instance.",
    }];
});

function isThere(path: string | undefined): boolean {
    const [, name] = /^(?:\/usr)?\/bin\/([^/]+)$/.exec(path ?? "") ?? [];
    return path === undefined || (name !== undefined && programs.includes(name));
}

/** What `env` would have to find, behind its options and variables, and does not. */
function programOf(interpreter: string | undefined, words: string): string | undefined {
    if (interpreter?.endsWith("/env") !== true) return undefined;
    const wanted = words.trim().split(/\s+/).find(word => word !== "" && !word.startsWith("-") && !word.includes("="));
    return wanted === undefined || programs.includes(wanted) || (wanted.includes("/") && isThere(wanted)) ? undefined : wanted;
}

export const noChildOnOutput: Rule = ({ appspec }) => distinct(appspec?.scripts).flatMap(({ location: file, text }): readonly Finding[] => {
    const lines = text.split("\n").map(line => line.trim());
    // What follows has no output of the agent's any more.
    const redirected = lines.findIndex(line => /^exec\b.*>/.test(line));
    const waited = lines.findLastIndex(line => /^wait\b/.test(line));
    return lines.flatMap((line, index): readonly Finding[] => {
        const inBackground = /(?<![&>|\\])&\s*(#.*)?$/.test(line) && !line.startsWith("#");
        if (!inBackground || line.includes(">") || index < waited || (redirected >= 0 && redirected < index)) return [];
        return [{
            severity: "warning",
            file,
            line: index + 1,
            happens: "A child in the background keeps the script's outputs: the event waits for it, and at the timeout fails with code 6, failed to close STDOUT.",
            fix: "End the line with >/dev/null 2>&1 </dev/null &, or wait for the child.",
        }];
    });
});
