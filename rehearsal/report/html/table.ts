import { type Content, html, type Markup } from "./markup";

export interface Column {
    readonly title: string;
    /** Numbers stand on the right, under each other. @default false */
    readonly number?: true;
}

/** A table; on a phone each row is a block, with the titles beside its cells. */
export function table(columns: readonly Column[], rows: readonly (readonly Content[])[]): Markup {
    return html`<table>
<thead><tr>${columns.map(column => html`<th scope="col"${kind(column)}>${column.title}</th>`)}</tr></thead>
<tbody>${rows.map(cells => html`
<tr>${cells.map((cell, at) => html`<td data-title="${columns[at]?.title}"${kind(columns[at])}>${cell}</td>`)}</tr>`)}
</tbody></table>`;
}

function kind(column: Column | undefined): Markup | undefined {
    return column?.number && html` class="number"`;
}
