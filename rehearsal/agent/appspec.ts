import { isMap, isScalar, parseAllDocuments, type Document, type Tags } from "yaml";
import { EventFailure, NotModelled } from "./failure";
import { parsePermissions, type Permission } from "./permission";
import { each, field, hasKey, inspect, isNothing, refuseMethod, toInteger, toText } from "./ruby";

/** A file or folder of the bundle and the folder of the host into which it goes. */
export interface FileRule {
    readonly source: string;
    readonly destination: string;
}

export interface HookScript {
    /** Path in the bundle. */
    readonly location: string;
    readonly timeoutSeconds: number;
    /** Who runs it; empty means root, as `su` takes it. @default the agent's own user */
    readonly user?: string;
}

export type FileExistsBehavior = "DISALLOW" | "OVERWRITE" | "RETAIN";

/** What a bundle asks the agent to do. */
export interface Appspec {
    readonly hooks: ReadonlyMap<string, readonly HookScript[]>;
    readonly files: readonly FileRule[];
    readonly permissions: readonly Permission[];
    /** What happens to a file that no earlier install of this deployment group made. @default what the deployment says, or DISALLOW */
    readonly fileExistsBehavior?: FileExistsBehavior;
}

/** Seconds a script may take when the appspec names no timeout. */
export const defaultTimeoutSeconds = 3600;

/** Reads an appspec as the agent does: YAML 1.1 and Ruby's idea of wrong shapes, checked in its order and told in its words. */
export function parseAppspec(text: string): Appspec {
    return interpret(readYaml(text));
}

/** What stands in an appspec, before the agent looks at it. */
export interface Written {
    readonly root: unknown;
    /** The version as Ruby prints it. */
    readonly version: string;
}

/** Makes of what is written what the agent makes of it. */
export function interpret({ root, version }: Written): Appspec {
    checkVersion(field(root, "version"), version);
    checkOs(field(root, "os"));
    const hooks = parseHooks(field(root, "hooks"));
    const files = parseFiles(field(root, "files"));
    const permissions = parsePermissions(field(root, "permissions"));
    const fileExistsBehavior = parseFileExistsBehavior(field(root, "file_exists_behavior"));
    return { hooks, files, permissions, ...(fileExistsBehavior !== undefined && { fileExistsBehavior }) };
}

/** Reads the YAML of an appspec. */
export function readYaml(text: string): Written {
    // The agent reads the first document and nothing after it; of two equal keys the later one wins.
    const [document] = parseAllDocuments(text, { version: "1.1", uniqueKeys: false, customTags: dotIsText });
    if (document === undefined || !("contents" in document)) {
        throw emptyAppspec();
    }
    const [error] = document.errors;
    if (error !== undefined) {
        throw new EventFailure(`(<unknown>): ${error.message.split("\n")[0] ?? ""}`, undefined, { cause: error });
    }
    const root: unknown = document.toJS();
    if (isNothing(root)) {
        throw emptyAppspec();
    }
    return { root: text.startsWith("\uFEFF") ? firstKeyOnly(root) : root, version: versionText(document, root) };
}

/** The parser takes a lone dot, which is a good `source`, for a number without digits. */
function dotIsText(tags: Tags): Tags {
    const withDigits = /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)$/;
    return tags.map(tag => (typeof tag === "object" && !tag.collection && tag.test?.test(".") ? { ...tag, test: withDigits } : tag));
}

/** Behind a byte order mark libyaml takes the first key for the whole document. */
function firstKeyOnly(root: unknown): unknown {
    return typeof root === "object" && root !== null ? Object.fromEntries(Object.entries(root).slice(0, 1)) : root;
}

/** The version as Ruby prints it: `1.0` stays `1.0`, which a number of JavaScript would forget. */
function versionText(document: Document, root: unknown): string {
    const node = isMap(document.contents) ? document.contents.get("version", true) : undefined;
    const written = isScalar(node) && typeof node.value === "number" ? node.source : undefined;
    return written ?? toText(field(root, "version"));
}

function emptyAppspec(): EventFailure {
    return new EventFailure("The deployment failed because the application specification file was empty. Make sure your AppSpec file defines at minimum the 'version' and 'os' properties.");
}

function checkVersion(version: unknown, text: string): void {
    if (version !== 0) {
        throw new EventFailure(`The deployment failed because an invalid version value (${text}) was entered in the application specification file. Make sure your AppSpec file specifies "0.0" as the version, and then try again.`);
    }
}

function checkOs(os: unknown): void {
    if (os !== "linux") {
        throw new EventFailure(`The deployment failed because the application specification file specifies an unsupported operating system (${toText(os)}). Specify either "linux" or "windows" in the os section of the AppSpec file, and then try again.`);
    }
}

function parseHooks(hooks: unknown): ReadonlyMap<string, readonly HookScript[]> {
    if (isNothing(hooks)) {
        return new Map();
    }
    if (typeof hooks !== "object" || hooks === null || Array.isArray(hooks)) {
        throw refuseMethod("each_pair", hooks);
    }
    const given = Object.entries(hooks).filter(([, scripts]) => scripts !== null);
    return new Map(given.map(([event, scripts]) => [event, each(scripts).map(parseScript)]));
}

function parseScript(script: unknown): HookScript {
    const location = hasKey(script, "location") ? toText(field(script, "location")).trim() : "";
    if (location === "") {
        throw new EventFailure("The deployment failed because the application specification file specifies a script with no location value. Specify the location in the hooks section of the AppSpec file, and then try again.");
    }
    if (!isNothing(field(script, "sudo"))) {
        throw new NotModelled(`a script under sudo, an option that AWS does not document (${location})`);
    }
    // An empty `runas:` is none; `runas: ""` is `su` to root.
    const user = field(script, "runas");
    return { location, timeoutSeconds: parseTimeout(field(script, "timeout")), ...(!isNothing(user) && { user: toText(user) }) };
}

function parseTimeout(timeout: unknown): number {
    const seconds = isNothing(timeout) ? defaultTimeoutSeconds : toInteger(timeout);
    if (seconds <= 0) {
        throw new EventFailure("The deployment failed because an invalid timeout value was provided for a script in the application specification file. Make corrections in the hooks section of the AppSpec file, and then try again.");
    }
    return seconds;
}

function parseFiles(files: unknown): readonly FileRule[] {
    return each(files ?? []).map(rule => {
        const source = field(rule, "source");
        const destination = field(rule, "destination");
        if (source === null) {
            throw new EventFailure("The deployment failed because the application specification file specifies a destination file, but no source file. Update the files section of the AppSpec file, and then try again.");
        }
        if (destination === null) {
            throw new EventFailure(`The deployment failed because the application specification file specifies only a source file (${toText(source)}). Add the name of the destination file to the files section of the AppSpec file, and then try again.`);
        }
        return { source: path(source), destination: path(destination) };
    });
}

function path(value: unknown): string {
    if (typeof value !== "string") {
        throw new EventFailure(`no implicit conversion of ${inspect(value)} into String`);
    }
    return value;
}

const behaviors: readonly FileExistsBehavior[] = ["DISALLOW", "OVERWRITE", "RETAIN"];

function parseFileExistsBehavior(value: unknown): FileExistsBehavior | undefined {
    if (isNothing(value)) {
        return undefined;
    }
    const behavior = behaviors.find(known => known === value);
    if (behavior === undefined) {
        throw new EventFailure(`The deployment failed because an invalid file_exists_behavior value (${toText(value)}) was entered in the application specification file. Make sure your AppSpec file specifies one of ${behaviors.join(",")} as the file_exists_behavior, and then try again.`);
    }
    return behavior;
}
