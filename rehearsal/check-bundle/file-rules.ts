import { posix } from "node:path";
import type { AppspecParts } from "./appspec-parts";
import { behindLink, isBehindLink } from "./behind-link";
import { archive } from "./checked-bundle";
import type { Finding, Rule } from "./finding";

export const installable: Rule = ({ appspec, links }) => (appspec?.install.failures ?? []).map(({ path, message }): Finding => {
    const line = appspec?.lines.of(path) ?? 1;
    const [, missing] = message.split(`No such file or directory - ${archive}/`);
    if (missing !== undefined && isBehindLink(missing, links)) return behindLink(missing, "appspec.yml", line);
    return { severity: "error", file: "appspec.yml", line, event: "Install", errorCode: 5, happens: message, fix: fixOf(path[0] === "permissions", message) };
});

function fixOf(isPermission: boolean, message: string): string {
    if (isPermission) return "Name each object once, and a file without pattern and except.";
    if (message.startsWith("No such file")) return "Put the source into the bundle, or mend its path, which counts from the root and takes no stars.";
    return "Give every file a destination of its own.";
}

export const foldersForDestinations: Rule = ({ appspec, files }) => (appspec?.parts.files ?? []).filter(({ source, destination }) =>
    files.get(posix.join("/", source).slice(1))?.type === "file" && posix.extname(destination) !== "").map(({ path, source, destination }) => ({
    severity: "warning",
    file: "appspec.yml",
    line: appspec?.lines.of(path) ?? 1,
    happens: `A destination is always a folder: the file becomes ${posix.join(destination, posix.basename(source))}.`,
    fix: `Write destination: ${posix.dirname(destination)}, and give the file its name in the bundle.`,
}));

export const absoluteDestinations: Rule = ({ appspec }) => (appspec?.parts.files ?? []).filter(({ destination }) => !destination.startsWith("/")).map(({ path, destination }) => ({
    severity: "warning",
    file: "appspec.yml",
    line: appspec?.lines.of(path) ?? 1,
    happens: `${destination} counts from the folder that the agent was started in.`,
    fix: "Begin the destination with /.",
}));

export const saysWhatOfExistingFiles: Rule = ({ appspec }) => {
    if (appspec === undefined || !leavesDefault(appspec.parts)) return [];
    return [{
        severity: "warning",
        file: "appspec.yml",
        line: appspec.lines.of(["files"]),
        happens: "Install fails with \"a specified file already exists at this location\" when one is there that no earlier install of this deployment group made, as after the group was replaced.",
        fix: "Write file_exists_behavior: OVERWRITE.",
    }];
};

/** A behaviour that is wrong is told by itself. */
function leavesDefault({ files, fileExistsBehavior = "DISALLOW", failures }: AppspecParts): boolean {
    return files.length > 0 && fileExistsBehavior === "DISALLOW" && !failures.some(({ path: [key] }) => key === "file_exists_behavior");
}
