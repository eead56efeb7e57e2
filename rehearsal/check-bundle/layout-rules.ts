import { missingAppspec } from "../agent/missing-appspec";
import { behindLink, isBehindLink } from "./behind-link";
import { archive } from "./checked-bundle";
import type { Rule } from "./finding";

/** The hooks of every event are looked for in appspec.yml at the root, and nowhere else. */
export const appspecAtRoot: Rule = ({ files, appspec, links }) => {
    if (appspec !== undefined) return [];
    if (isBehindLink("appspec.yml", links)) return [behindLink("appspec.yml", "appspec.yml")];
    const other = [...files.keys()].find(path => /(^|\/)appspec\.ya?ml$/i.test(path));
    return [{
        severity: "error",
        file: other ?? "appspec.yml",
        event: "BeforeInstall",
        errorCode: 5,
        happens: missingAppspec(archive),
        fix: other === undefined ? "Put an appspec.yml at the root of the bundle." : `Call it appspec.yml, at the root of the bundle, not ${other}.`,
    }];
};

export const noLeadingFolder: Rule = ({ leadingFolder }) => leadingFolder === undefined ? [] : [{
    severity: "warning",
    file: leadingFolder,
    happens: `The agent leaves the folder ${leadingFolder} out, but only while it is alone and holds a name with "appspec" in it.`,
    fix: "Pack what is in the folder, not the folder.",
}];

export const noLinks: Rule = ({ links }) => links.map(file => ({
    severity: "warning",
    file,
    happens: "A symbolic link: a host installs it as a link, or as copies when it leads to a folder, and OVERWRITE does not replace one. The rehearsal refuses it.",
    fix: "Put the file itself into the bundle.",
}));
