import { posix } from "node:path";
import { EventFailure, NotModelled } from "./failure";
import { each, field, hasKey, inspect, isNothing, toText } from "./ruby";

type ObjectType = "file" | "directory";

/** Mode and owner for what an install puts at or under `object`. */
export interface Permission {
    readonly object: string;
    /** `**` for everything under the object, else a name with stars for its direct children. */
    readonly pattern: string;
    readonly except: readonly string[];
    readonly types: readonly ObjectType[];
    /** Three or four octal digits. */
    readonly mode: string | undefined;
    readonly owner: string | undefined;
    readonly group: string | undefined;
}

export function parsePermissions(permissions: unknown): readonly Permission[] {
    return each(isNothing(permissions) ? [] : permissions).map(parsePermission);
}

/** Whether a permission for a folder covers a path below it. The folder itself is never covered. */
export function covers(permission: Permission, hostPath: string): boolean {
    const base = posix.join(posix.resolve("/", permission.object), "/");
    if (!hostPath.startsWith(base)) {
        return false;
    }
    const name = hostPath.slice(base.length);
    const wanted = permission.pattern === "**" || matches(name, permission.pattern);
    return wanted && !permission.except.some(pattern => matches(name, pattern));
}

/** A permission for one file takes no patterns. */
export function checkFilePermission({ object, pattern, except }: Permission): void {
    if (pattern !== "**") {
        throw new EventFailure(`The deployment failed because the application specification file includes an object (${object}) with an invalid pattern (${pattern}), such as a pattern for a file applied to a directory. Correct the permissions section of the AppSpec file, and then try again.`);
    }
    if (except.length > 0) {
        throw new EventFailure(`The deployment failed because the except parameter for a pattern in the permissions section (${inspect(except)}) for the object named ${object} contains an invalid format. Update the AppSpec file, and then try again.`);
    }
}

function parsePermission(permission: unknown): Permission {
    const object = hasKey(permission, "object") ? toText(field(permission, "object")).trim() : "";
    if (object === "") {
        throw new EventFailure("The deployment failed because a permission listed in the application specification file has no object value. Update the permissions section of the AppSpec file, and then try again.");
    }
    const pattern = field(permission, "pattern");
    const parsed = {
        object,
        pattern: pattern === null ? "**" : toText(pattern),
        except: each(field(permission, "except") ?? []).map(toText),
        types: parseTypes(field(permission, "type")),
        owner: parseName(field(permission, "owner")),
        group: parseName(field(permission, "group")),
        mode: parseMode(field(permission, "mode")),
    };
    for (const key of ["acls", "context"]) {
        if (field(permission, key) !== null) {
            throw new NotModelled(`${key} (permissions of ${object})`);
        }
    }
    return parsed;
}

const objectTypes: readonly ObjectType[] = ["file", "directory"];

function parseTypes(types: unknown): readonly ObjectType[] {
    if (isNothing(types)) {
        return objectTypes;
    }
    return each(types).map(type => {
        const known = objectTypes.find(objectType => objectType === type);
        if (known === undefined) {
            throw new EventFailure(`The deployment failed because the application specification filespecifies a permission for an object type not supported for permissions (${toText(type)}). Update the permissions section of the AppSpec file, and then try again.`);
        }
        return known;
    });
}

function parseName(name: unknown): string | undefined {
    return isNothing(name) ? undefined : toText(name);
}

/** A number of YAML arrives here as decimal digits: `0640` without quotes is 416, and the agent then sets 0416. */
function parseMode(value: unknown): string | undefined {
    if (value === null) {
        return undefined;
    }
    const mode = toText(value).padStart(3, "0");
    if (mode.length > 4) {
        throw new EventFailure(`The deployment failed because the length of a permissions mode (${mode}) in the application specification file is invalid. Permissions modes must be between one and four characters long. Update the permissions section of the AppSpec file, and then try again.`);
    }
    const wrong = /[^0-7]/.exec(mode)?.[0];
    if (wrong !== undefined) {
        throw new EventFailure(`The deployment failed because the permissions mode (${mode}) in the application specification file contains an invalid character (${wrong}). Update the permissions section of the AppSpec file, and then try again.`);
    }
    return mode;
}

/** A star stands for any characters of one name; everything else for itself. */
function matches(name: string, pattern: string): boolean {
    const expression = pattern.split("*").map(part => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join(".*");
    return !name.includes("/") && new RegExp(`^${expression}$`, "su").test(name);
}
