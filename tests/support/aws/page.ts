import { ServiceError } from "./service-error";

/** A part of a list, and where the next one begins. */
export interface Page<Item> {
    readonly items: readonly Item[];
    /** Undefined when there is no more. */
    readonly nextToken: string | undefined;
}

/** Cuts a page out of a list. Tokens are of no use elsewhere: they name their list. */
export function pageOf<Item>(list: string, items: readonly Item[], size: number, token: string | undefined): Page<Item> {
    const [name, begin] = token === undefined ? [list, "0"] : token.split("#");
    const from = Number(begin);
    if (name !== list || !Number.isInteger(from) || from > items.length) {
        throw new ServiceError("InvalidNextTokenException", "The next token was specified in an invalid format.");
    }
    return {
        items: items.slice(from, from + size),
        nextToken: from + size < items.length ? `${list}#${from + size}` : undefined,
    };
}
