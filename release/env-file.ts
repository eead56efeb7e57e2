/** Names and values of a container's environment. */
export type Environment = Readonly<Record<string, string>>;

// What compose sets itself in the container: a value given here would be lost without a word.
const reserved = ["VERSION", "INSTANCE_ID"];

/** What is wrong with an environment, a sentence each. */
export function environmentProblems(environment: Environment): readonly string[] {
    return Object.entries(environment).flatMap(([name, value]) => {
        const problem = nameProblem(name) ?? valueProblem(value);
        return problem === undefined ? [] : [`environment: ${JSON.stringify(name)} ${problem}`];
    });
}

/** Lines `NAME=value` with the value as it is, sorted by name, so that the order in which it was written does not matter. */
export function renderEnvironment(environment: Environment): string {
    return Object.entries(environment)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => `${name}=${value}\n`)
        .join("");
}

function nameProblem(name: string): string | undefined {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return "is no name: letters, digits and _ only, no digit first";
    return reserved.includes(name) ? "is set by the release itself; choose another name" : undefined;
}

// The file has a line for each name, and `scripts/run.sh` makes JSON of it, which holds a tab at most; to compose, whose JSON is
// YAML, U+2028 and U+2029 are line ends, too.
function valueProblem(value: string): string | undefined {
    return /[^\P{Cc}\t]|[\u2028\u2029]/u.test(value)
        ? "has a line end or another control character in its value; encode it, for instance as base64"
        : undefined;
}
