import { nearest } from "../../release/nearest";
import { isMap, type PartPath } from "./appspec-parts";
import type { Rule } from "./finding";

const topLevelKeys = ["version", "os", "files", "hooks", "permissions", "file_exists_behavior"];
const scriptKeys = ["location", "timeout", "runas", "sudo"];
const fileKeys = ["source", "destination"];
const permissionKeys = ["object", "pattern", "except", "owner", "group", "mode", "acls", "context", "type"];

interface KnownMap {
    readonly path: PartPath;
    readonly map: unknown;
    readonly known: readonly string[];
}

export const knownKeys: Rule = ({ appspec }) => mapsOf(appspec?.parts.root).flatMap(({ path, map, known }) => {
    if (!isMap(map)) return [];
    return Object.keys(map).filter(key => !known.includes(key)).map(key => {
        const meant = nearest(key, known);
        return {
            severity: "warning",
            file: "appspec.yml",
            line: appspec?.lines.of([...path, key]) ?? 1,
            happens: `The agent knows no ${key}${path.length === 0 ? "" : " here"} and passes over it without a word.`,
            fix: meant === undefined ? "Leave it out." : `Is ${meant} meant?`,
        };
    });
});

/** The document and the entries of its lists, each with the keys that the agent reads. */
function mapsOf(root: unknown): readonly KnownMap[] {
    if (!isMap(root)) return [];
    const { hooks, files, permissions } = root;
    const scripts = isMap(hooks) ? Object.entries(hooks).flatMap(([event, list]) => entriesOf(["hooks", event], list, scriptKeys)) : [];
    return [{ path: [], map: root, known: topLevelKeys }, ...scripts, ...entriesOf(["files"], files, fileKeys), ...entriesOf(["permissions"], permissions, permissionKeys)];
}

function entriesOf(path: PartPath, list: unknown, known: readonly string[]): readonly KnownMap[] {
    return Array.isArray(list) ? list.map((map: unknown, index) => ({ path: [...path, index], map, known })) : [];
}
