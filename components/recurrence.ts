/** The five fields of a cron: the least and the greatest number, and the names that stand for numbers from the least on. */
const fields: readonly { readonly from: number; readonly to: number; readonly names: readonly string[] }[] = [
    { from: 0, to: 59, names: [] },
    { from: 0, to: 23, names: [] },
    { from: 1, to: 31, names: [] },
    { from: 1, to: 12, names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"] },
    { from: 0, to: 7, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] },
];

/** Whether a text is a cron of five fields, minute to day of the week, such as `0 7 * * MON-FRI`. */
export function isCron(text: string): boolean {
    const parts = text.split(" ");
    return parts.length === fields.length && fields.every((field, index) => (parts[index] ?? "").split(",").every(part => isPart(part, field)));
}

/** `*`, a value or a range of values, each with or without a step. */
function isPart(part: string, field: (typeof fields)[number]): boolean {
    const [, range = "", step = "1"] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    return (range === "*" || isRange(range, field)) && Number(step) >= 1 && Number(step) <= field.to;
}

function isRange(range: string, field: (typeof fields)[number]): boolean {
    const ends = range.split("-").map(end => numberOf(end, field));
    const [from = NaN, to = from] = ends;
    return ends.length <= 2 && from >= field.from && to <= field.to && from <= to;
}

function numberOf(text: string, { from, names }: (typeof fields)[number]): number {
    if (/^\d{1,2}$/.test(text)) return Number(text);
    const place = names.indexOf(text.toUpperCase());
    return place < 0 ? NaN : from + place;
}

/** Whether a text names a zone of the IANA time zone database, such as `Europe/Berlin`; an offset such as `+01:00` does not. */
export function isTimeZone(text: string): boolean {
    if (!/^[A-Za-z_]+\/[\w/+-]+$/.test(text)) return false;
    try {
        return Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone !== "";
    } catch {
        return false;
    }
}
