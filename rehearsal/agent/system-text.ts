import { getSystemErrorMap } from "node:util";

/** What the operating system says about an error: "No such file or directory". */
export function systemText(error: { readonly errno: number; readonly code?: string | undefined }): string {
    const [, text = error.code ?? "unknown error"] = getSystemErrorMap().get(error.errno) ?? [];
    return text.charAt(0).toUpperCase() + text.slice(1);
}
