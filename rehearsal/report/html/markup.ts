/** Text of a page that needs no escaping any more. */
export class Markup {
    constructor(readonly text: string) {}
}

/** What may stand in a template; `undefined` leaves nothing. */
export type Content = string | number | Markup | readonly Content[] | undefined;

/** A piece of a page: all that is put into the template is escaped, but for other pieces. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
    return new Markup(parts.reduce((text, part, at) => text + print(contents[at - 1]) + part));
}

/** Text of a report between tags or in an attribute in double quotes: it may quote what any service has written. */
export function escapeText(text: string): string {
    return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}

/**
 * A value as JSON within a script element, whose end the HTML parser finds before any script is read. U+2028 and U+2029 end a line
 * in older scripts.
 */
export function embedJson(value: unknown): Markup {
    const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
    return new Markup(JSON.stringify(value).replace(/[<>\u2028\u2029]/g, escape));
}

function print(content: Content): string {
    if (content === undefined) return "";
    if (content instanceof Markup) return content.text;
    return typeof content === "object" ? content.map(print).join("") : escapeText(String(content));
}
