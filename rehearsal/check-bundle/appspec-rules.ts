import { NotModelled } from "../agent/failure";
import { isMap, type PartFailure, type PartPath } from "./appspec-parts";
import type { CheckedAppspec } from "./checked-bundle";
import type { Finding, Rule } from "./finding";

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
        fix: fixOf(failure, appspec),
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

function fixOf({ path, error }: PartFailure, appspec: CheckedAppspec | undefined): string {
    const [key = ""] = path;
    return fixOfText(appspec?.text ?? "", key === "", error.message)
        ?? fixOfScript(partOf(appspec?.parts.root, path))
        ?? fixes[key] ?? "Mend the YAML.";
}

function fixOfText(text: string, isWhole: boolean, message: string): string | undefined {
    if (text.startsWith("\uFEFF")) return "Save the file without a byte order mark, behind which only the first key is read.";
    // A file in UTF-16 that is read as UTF-8.
    if (text.includes("\0")) return "Save it as UTF-8.";
    if (message.includes("specification file was empty")) return "Write version: 0.0 and os: linux.";
    return isWhole && /^\s*\t/m.test(text) ? "Indent with blanks: YAML takes no tabs." : undefined;
}

/** For an entry of a hook that has only one thing wrong with it. */
function fixOfScript(script: unknown): string | undefined {
    if (!isMap(script) || !("location" in script || "timeout" in script)) return undefined;
    const { location, timeout } = script;
    if (typeof location !== "string" || location.trim() === "") return `Give each script a location:; received ${JSON.stringify(script)}.`;
    return timeout === undefined ? undefined : `Give ${location} a timeout: in whole seconds above 0; received ${JSON.stringify(timeout)}.`;
}

function partOf(root: unknown, path: PartPath): unknown {
    return path.reduce((part: unknown, key) => {
        if (Array.isArray(part)) return part[Number(key)] as unknown;
        return isMap(part) ? part[key] : undefined;
    }, root);
}

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
