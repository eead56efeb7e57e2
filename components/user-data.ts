/**
 * Bytes of a boot script that fit into the 16 KiB of user data that EC2 takes, beside 1 KiB for variables.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html
 */
export const maximumScriptBytes = 15 * 1024;

/** A boot script with the variables it needs exported in front of it. */
export function userData(variables: Readonly<Record<string, string | number>>, script: string): string {
    const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(String(value))}`);
    return ["#!/bin/bash", ...exports, script].join("\n");
}

function quoted(value: string): string {
    return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
