import { type Change, shortType } from "./change";
import { count, describeProperty, words } from "./change-words";
import type { Performed } from "./perform";

/** As long as a comment on GitHub may be. */
export const longestComment = 65_536;
const longestNotes = 12_000;

export interface About {
    readonly project: string;
    readonly stack: string;
    /** Commit that was looked at; undefined where it is not known. */
    readonly commit?: string | undefined;
}

/** First line of the summary, by which CI finds the comment that it is to write anew. */
export function marker({ project, stack }: About): string {
    return `<!-- gapless preview ${project}/${stack} -->`;
}

/** A preview for a pull request. What is replaced and deleted comes first; what does not fit is counted. */
export function renderMarkdown(about: About, { operation, failure }: Performed): string {
    const changes = operation.changesOf();
    const head = [marker(about), headline(about, changes, operation.outputsChange, failure), commitLine(about)].filter(Boolean).join("\n\n");
    const notes = cut(notesOf(operation, failure), longestNotes);
    const left = longestComment - head.length - notes.length - 8;
    const table = tableOf(changes, left);
    const details = detailsOf(changes, left - table.length);
    return `${[head, notes, table, details].filter(Boolean).join("\n\n")}\n`;
}

function headline({ stack }: About, changes: readonly Change[], outputsChange: boolean, failure: Error | undefined): string {
    const name = escapeMarkdown(stack);
    if (failure) return `### ❌ Preview of ${name} failed`;
    if (changes.length === 0) return `### Preview of ${name}: no changes${outputsChange ? ", only its outputs become others" : ""}`;
    const hurts = changes.some(({ kind }) => kind === "replace" || kind === "delete");
    return `### ${hurts ? "⚠️ " : ""}Preview of ${name}: ${count("preview", changes)}`;
}

function commitLine({ commit }: About): string {
    return commit === undefined ? "" : `Commit ${escapeMarkdown(commit)}`;
}

function notesOf({ diagnostics, violations }: Performed["operation"], failure: Error | undefined): string {
    const warnings = diagnostics.filter(({ severity }) => severity === "warning").map(({ resource, message }) => listItem(resource, message));
    const policies = violations.map(({ resource, message, policy, mandatory }) => listItem(resource, `${message} (policy ${policy}${mandatory ? ", mandatory" : ""})`));
    return [
        failure ? fenced("", failure.message) : "",
        policies.length > 0 ? `**Policies**\n\n${policies.join("\n")}` : "",
        warnings.length > 0 ? `**Warnings**\n\n${warnings.join("\n")}` : "",
    ].filter(Boolean).join("\n\n");
}

function listItem(resource: string | undefined, message: string): string {
    return `- ${resource === undefined ? "" : `**${escapeMarkdown(resource)}**: `}${escapeMarkdown(message)}`;
}

function tableOf(changes: readonly Change[], room: number): string {
    if (changes.length === 0) return "";
    const rows = ["| change | resource | type | by |", "|---|---|---|---|"];
    let length = rows.join("\n").length;
    for (const [place, change] of changes.entries()) {
        const row = rowOf(change);
        // Room for the line that counts the others.
        if (length + row.length + 60 > room) return `${rows.join("\n")}\n\n…and ${changes.length - place} more changes, which have no room here.`;
        rows.push(row);
        length += row.length + 1;
    }
    return rows.join("\n");
}

function rowOf({ kind, name, type, properties }: Change): string {
    const bold = kind === "replace" || kind === "delete" ? "**" : "";
    const by = properties.filter(({ replaces }) => kind !== "replace" || replaces).map(({ path }) => escapeMarkdown(path));
    const shown = by.length > 4 ? [...by.slice(0, 4), `${by.length - 4} more`] : by;
    return `| ${bold}${words[kind].todo}${bold} | ${bold}${escapeMarkdown(name)}${bold} | ${escapeMarkdown(shortType(type))} | ${shown.join(", ")} |`;
}

function detailsOf(changes: readonly Change[], room: number): string {
    const blocks: string[] = [];
    const told = changes.filter(({ properties }) => properties.length > 0);
    let length = 0;
    for (const [place, change] of told.entries()) {
        const block = detailOf(change);
        if (length + block.length + 60 > room) {
            blocks.push(`…and the properties of ${told.length - place} more, which have no room here.`);
            break;
        }
        blocks.push(block);
        length += block.length + 2;
    }
    return room < 100 ? "" : blocks.join("\n\n");
}

function detailOf({ kind, name, properties }: Change): string {
    const lines = properties.map(property => describeProperty(property).replace(/^~/, "!")).join("\n");
    return `<details><summary>${escapeHtml(`${words[kind].todo} ${name}`)}</summary>\n\n${fenced("diff", lines)}\n\n</details>`;
}

/** Code that no text inside can end. */
function fenced(language: string, text: string): string {
    const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
    const fence = "`".repeat(longest + 1);
    return `${fence}${language}\n${text}\n${fence}`;
}

function cut(text: string, most: number): string {
    if (text.length <= most) return text;
    const fence = /^(`{3,})/.exec(text)?.[1];
    const shortened = text.slice(0, most - 20);
    const open = fence !== undefined && !shortened.slice(fence.length).includes(`\n${fence}`);
    return `${shortened}…${open ? `\n${fence}` : ""}`;
}

/** Text that Markdown, HTML and mentions of people leave as it is, on one line. */
export function escapeMarkdown(text: string): string {
    return escapeHtml(text).replaceAll(/[\\`*_[\]|~]/g, "\\$&").replaceAll("@", "&#64;").replaceAll(/\s*\n\s*/g, " ");
}

function escapeHtml(text: string): string {
    return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
