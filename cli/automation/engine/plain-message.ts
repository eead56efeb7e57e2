/** The engine's colours, such as `<{%fg 1%}>`. */
const colours = /<\{%[^%]*%\}>/g;
/** Where in a provider's code a message comes from, which tells users nothing. */
const origins = /(?:\S+\/)?provider\d*\.go:\d+: |sdk\.helper_schema: |:?\s*\bprovider=\S+@\S+\s*$/gm;

/** A message of the engine or a provider without colours, places in foreign code and bullets around a single error. */
export function plainMessage(message: string): string {
    return message.replaceAll(colours, "").replaceAll("\r", "").replaceAll(origins, "")
        .replace(/1 error occurred:\s*\*\s*/, "")
        .split("\n").map(line => line.trimEnd()).filter(line => line !== "").join("\n").trim();
}
