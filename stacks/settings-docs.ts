import { type Setting, settingGroups, settings } from "./settings-schema";

/** The text of docs/settings.md, made from the schema. */
export function renderSettingsDocs(): string {
    return [introduction, ...Object.entries(settingGroups).map(([heading, group]) => section(heading, Object.keys(group)))].join("\n");
}

const introduction = `# Settings

Made from \`stacks/schema/\` by \`node --import tsx stacks/write-settings-docs.ts\`; a test keeps the two equal.

Write a setting into the stack's file, \`Pulumi.<stack>.yaml\`, under \`config:\` as \`gapless:<name>\`, or run
\`pulumi config set <name> <value>\`; for an entry of a list \`pulumi config set --path '<name>[0]' <value>\`, of an object
\`pulumi config set --path '<name>.<key>' <value>\`. A setting with a default that is text, a number, true/false or a list
stands in \`Pulumi.yaml\`, too.

Two keys are Pulumi's own. \`aws:region\` is the region and has no default. \`aws:allowedAccountIds\` is a list of the accounts
that the stack may lie in: with credentials of another one nothing is made.

All problems of a stack file are reported at once; then, at once again, all that AWS had to be asked about. Both come before the
first resource ([decision 15](decisions/0015-checked-before-the-first-resource.md)).
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
