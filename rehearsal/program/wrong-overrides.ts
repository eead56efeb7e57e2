/**
 * Tells of the settings that somebody gave by `--set` as such. The program, which finds what is wrong, knows only one place where settings stand.
 * @param text what the program says, in the form of a SettingsError
 * @param given the settings by their names
 */
export function blameOverrides(text: string, stackFile: string, given: Readonly<Record<string, string>>): string {
    const places = new Set<string>();
    const told = text.replaceAll(problem, (all: string, project: string, name: string, what: string, fix: string) => {
        const isGiven = project !== "aws" && name in given;
        places.add(isGiven ? "--set" : stackFile);
        return isGiven ? `  ${name}${what}\n      Fix: ${fixBySet(fix, stackFile, name, given[name] ?? "")}` : all;
    });
    const where = [...places].sort().join(" and ");
    return told.replace(`wrong in ${stackFile}:`, `wrong in ${where || stackFile}:`);
}

/** A finding in two lines, as `describeFinding` has it. */
const problem = /^ {2}([\w-]+):(\w+)(.*)\n {6}Fix: (.*)$/gm;

function fixBySet(fix: string, stackFile: string, name: string, value: string): string {
    const [, meant] = /^did you mean [\w-]+:(\w+)\?$/.exec(fix) ?? [];
    if (meant !== undefined) return `did you mean ${setting(meant, value)}?`;
    const [start, example] = fix.split(`in ${stackFile} write such as `).map(part => part.replace(/^[\w-]+:\w+: /, ""));
    if (start === "" && example !== undefined) return setting(name, plain(example));
    return fix.replace(`remove it from ${stackFile}`, `leave out --set ${name}`);
}

function plain(json: string): string {
    const value: unknown = JSON.parse(json);
    return typeof value === "string" ? value : json;
}

/** As it is typed into a shell. */
function setting(name: string, value: string): string {
    return `--set ${name}=${/^[\w./:@%+,-]*$/.test(value) ? value : `'${value}'`}`;
}
