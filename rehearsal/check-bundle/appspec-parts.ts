import { interpret, readYaml, type Appspec, type FileRule, type HookScript, type Written } from "../agent/appspec";
import { EventFailure, NotModelled } from "../agent/failure";
import type { Permission } from "../agent/permission";

/** Where a part stands in the appspec: keys and places in lists. */
export type PartPath = readonly (string | number)[];

export interface PartFailure {
    readonly path: PartPath;
    readonly error: EventFailure | NotModelled;
}

interface At {
    readonly path: PartPath;
}

/** An appspec taken apart, so that one wrong part does not hide the next. */
export interface AppspecParts {
    /** The document; undefined when it is no YAML. */
    readonly root: unknown;
    readonly failures: readonly PartFailure[];
    readonly scripts: readonly (At & HookScript & { readonly event: string })[];
    readonly files: readonly (At & FileRule)[];
    readonly permissions: readonly (At & Permission)[];
    readonly fileExistsBehavior: Appspec["fileExistsBehavior"];
}

/** Gives each part of an appspec by itself to the agent's parser, in an appspec that is right otherwise. */
export function takeApart(text: string): AppspecParts {
    const failures: PartFailure[] = [];
    const attempt = <T>(path: PartPath, work: () => T): T | undefined => {
        try {
            return work();
        } catch (error) {
            if (!(error instanceof EventFailure || error instanceof NotModelled)) throw error;
            failures.push({ path, error });
            return undefined;
        }
    };
    const written = attempt([], () => readYaml(text));
    if (written === undefined || !isMap(written.root)) {
        if (written !== undefined) attempt([], () => interpret(written));
        return { root: written?.root, failures, scripts: [], files: [], permissions: [], fileExistsBehavior: undefined };
    }
    const { root } = written;
    const part = (path: PartPath, content: object): readonly (Appspec & At)[] => {
        const appspec = attempt(path, () => interpret(alone(content, written)));
        return appspec === undefined ? [] : [{ ...appspec, path }];
    };
    part(["version"], { version: root["version"] });
    part(["os"], { os: root["os"] });
    const scripts = itemsOfHooks(root["hooks"]).flatMap(({ path, content }) => part(path, content));
    const files = itemsOf("files", root["files"]).flatMap(({ path, content }) => part(path, content));
    const permissions = itemsOf("permissions", root["permissions"]).flatMap(({ path, content }) => part(path, content));
    const [behavior] = part(["file_exists_behavior"], { file_exists_behavior: root["file_exists_behavior"] });
    return {
        root,
        failures,
        scripts: scripts.flatMap(({ path, hooks }) => [...hooks].flatMap(([event, list]) => list.map(script => ({ ...script, event, path })))),
        files: files.flatMap(({ path, files: rules }) => rules.map(rule => ({ ...rule, path }))),
        permissions: permissions.flatMap(({ path, permissions: rules }) => rules.map(rule => ({ ...rule, path }))),
        fileExistsBehavior: behavior?.fileExistsBehavior,
    };
}

interface Item extends At {
    readonly content: object;
}

function alone(content: object, { version }: Written): Written {
    return { root: { version: 0, os: "linux", ...content }, version };
}

function itemsOfHooks(hooks: unknown): readonly Item[] {
    if (!isMap(hooks)) return [{ path: ["hooks"], content: { hooks } }];
    return Object.entries(hooks).flatMap(([event, scripts]): readonly Item[] => Array.isArray(scripts)
        ? scripts.map((script: unknown, index) => ({ path: ["hooks", event, index], content: { hooks: { [event]: [script] } } }))
        : [{ path: ["hooks", event], content: { hooks: { [event]: scripts } } }]);
}

function itemsOf(key: "files" | "permissions", list: unknown): readonly Item[] {
    if (!Array.isArray(list)) return [{ path: [key], content: { [key]: list } }];
    return list.map((entry: unknown, index) => ({ path: [key, index], content: { [key]: [entry] } }));
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
