import type { Rule } from "./finding";

export const quotedModes: Rule = ({ appspec }) => (appspec?.parts.permissions ?? []).flatMap(({ path, mode }) => {
    const written = appspec?.lines.bare([...path, "mode"]);
    if (written === undefined || !/^0[0-7]+$/.test(written)) return [];
    return [{
        severity: "warning",
        file: "appspec.yml",
        line: appspec?.lines.of([...path, "mode"]) ?? 1,
        happens: `YAML reads ${written} as octal, and the agent then sets 0${mode ?? ""}.`,
        fix: `Write mode: "${written}".`,
    }];
});

export const ownersForRoot: Rule = ({ appspec, runByRoot }) => (appspec?.parts.permissions ?? [])
    .filter(({ owner, group }) => !runByRoot && (owner ?? group) !== undefined)
    .map(({ path }) => ({
        severity: "warning",
        file: "appspec.yml",
        line: appspec?.lines.of(path) ?? 1,
        happens: "The agent runs as root and changes the owner. The rehearsal refuses it here, where you are not root.",
        fix: "Rehearse as root, or have a script change the owner.",
    }));

export const effectivePermissions: Rule = ({ appspec }) => (appspec?.install.idle ?? []).map(path => ({
    severity: "warning",
    file: "appspec.yml",
    line: appspec?.lines.of(path) ?? 1,
    happens: "Nothing that this release installs is meant: the permission is passed over without a word. A folder is reached by the object above it and a pattern.",
    fix: "Name a file or folder below a destination of files:, with a mode, owner or group.",
}));
