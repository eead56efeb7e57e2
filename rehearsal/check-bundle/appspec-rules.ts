import { NotModelled } from "../agent/failure";
import { isMap, type PartFailure } from "./appspec-parts";
import type { Finding, Rule } from "./finding";
import { nearest } from "./nearest";

/** Everything that the agent's own parser refuses, part by part. */
export const readable: Rule = ({ appspec }) => (appspec?.parts.failures ?? []).map((failure): Finding => {
    const line = appspec?.lines.of(failure.path) ?? 1;
    if (failure.error instanceof NotModelled) {
        return { severity: "warning", file: "appspec.yml", line, happens: `A host does it; ${failure.error.message}.`, fix: "Do it in a script, which the rehearsal runs." };
    }
    return {
        severity: "error",
        file: "appspec.yml",
        line: lineInMessage(failure.error.message) ?? line,
        // The first event with the new bundle, whether or not it has a script.
        event: "BeforeInstall",
        errorCode: 5,
        happens: failure.error.message,
        fix: fixOf(failure, appspec?.text ?? ""),
    };
});

function lineInMessage(message: string): number | undefined {
    const [, line] = /^\(<unknown>\): .* at line (\d+)/.exec(message) ?? [];
    return line === undefined ? undefined : Number(line);
}

const fixes: Readonly<Record<string, string>> = {
    version: "Write version: 0.0, a number without quotes.",
    os: "Write os: linux.",
    hooks: "Write every hook as a list of scripts, each with location: and a timeout: above 0.",
    files: "Write files as a list, each entry with source: and destination:.",
    permissions: "Write each permission with object:, type: as a list of file and directory, and a mode in quotes of octal digits.",
    file_exists_behavior: "Write DISALLOW, OVERWRITE or RETAIN, in capitals.",
};

function fixOf({ path: [key = ""] }: PartFailure, text: string): string {
    if (text.startsWith("\uFEFF")) return "Save the file without a byte order mark, behind which only the first key is read.";
    if (key === "" && /^\s*\t/m.test(text)) return "Indent with blanks: YAML takes no tabs.";
    return fixes[key] ?? "Mend the YAML.";
}

const topLevelKeys = ["version", "os", "files", "hooks", "permissions", "file_exists_behavior"];

export const knownKeys: Rule = ({ appspec }) => {
    const root = appspec?.parts.root;
    if (!isMap(root)) return [];
    return Object.keys(root).filter(key => !topLevelKeys.includes(key)).map(key => {
        const meant = nearest(key, topLevelKeys);
        return {
            severity: "warning",
            file: "appspec.yml",
            line: appspec?.lines.of([key]) ?? 1,
            happens: `The agent knows no ${key} and passes over it without a word.`,
            fix: meant === undefined ? "Leave it out." : `Is ${meant} meant?`,
        };
    });
};

export const writtenOnce: Rule = ({ appspec }) => (appspec?.lines.doubleKeys ?? []).map(line => ({
    severity: "warning",
    file: "appspec.yml",
    line,
    happens: "The same key stands above: only this later one counts.",
    fix: "Make one of the two.",
}));

export const oneDocument: Rule = ({ appspec }) => appspec?.lines.goesOn ? [{
    severity: "warning",
    file: "appspec.yml",
    happens: "The agent reads up to the second ---, and nothing after it.",
    fix: "Leave the rest out.",
}] : [];
