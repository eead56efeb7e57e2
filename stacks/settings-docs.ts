import { type Setting, settingGroups, settings } from "./settings-schema";

/** The text of docs/settings.md, made from the schema. */
export function renderSettingsDocs(): string {
    return [introduction, ...Object.entries(settingGroups).map(([heading, group]) => section(heading, Object.keys(group)))].join("\n");
}

const introduction = `# Settings

Made from \`stacks/settings-schema.ts\` by \`node --import tsx stacks/write-settings-docs.ts\`; a test keeps the two equal.

Write a setting into the stack's file, \`Pulumi.<stack>.yaml\`, under \`config:\` as \`gapless:<name>\`, or run
\`pulumi config set <name> <value>\`. A setting with a default that is text, a number or true/false stands in \`Pulumi.yaml\`, too.
The region is Pulumi's own key \`aws:region\` and has no default. All problems of a stack file are reported at once.
`;

function section(heading: string, names: readonly string[]): string {
    return [`## ${heading}`, "", "| name | meaning | value | default |", "|---|---|---|---|", ...names.map(row), ""].join("\n");
}

function row(name: string): string {
    const setting = settings.get(name);
    if (!setting) throw new Error(`No setting is called ${name}.`);
    return `| \`${name}\` | ${setting.text} | ${valueOf(setting)} | ${defaultOf(name, setting)} |`;
}

function valueOf({ rule, unit }: Setting): string {
    return unit ? `${rule}, in ${unit}` : rule;
}

function defaultOf(name: string, setting: Setting): string {
    if (name === "stage") return "the stack's name";
    return setting.default === undefined ? "none" : `\`${JSON.stringify(setting.default)}\``;
}
