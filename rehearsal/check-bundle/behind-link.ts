import { join } from "node:path";
import type { Finding } from "./finding";

/** Whether a path of the bundle is a symbolic link or leads through one: what is not there may be there on a host. */
export function isBehindLink(path: string, links: readonly string[]): boolean {
    return links.some(link => `${join(path)}/`.startsWith(`${link}/`));
}

export function behindLink(path: string, file: string, line?: number): Finding {
    return {
        severity: "notChecked",
        file,
        ...(line !== undefined && { line }),
        happens: `${path} lies behind a symbolic link to a folder, to nothing or out of the bundle, and was not looked at.`,
        fix: "Put the file itself into the bundle.",
    };
}
