/** Names and values of a container's environment. */
export type Environment = Readonly<Record<string, string>>;

const bareValue = /^[A-Za-z0-9_./:@%+,=-]*$/;

// What compose sets itself in the container: a value given here would be lost without a word.
const reserved = ["VERSION", "INSTANCE_ID"];

/** What is wrong with an environment, a sentence each. */
export function environmentProblems(environment: Environment): readonly string[] {
    return Object.entries(environment).flatMap(([name, value]) => {
        const problem = nameProblem(name) ?? valueProblem(value);
        return problem === undefined ? [] : [`environment: ${JSON.stringify(name)} ${problem}`];
    });
}

/** The environment as a compose `env_file`, sorted by name, so that the order in which it was written does not matter. */
export function renderEnvironment(environment: Environment): string {
    return Object.entries(environment)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => `${name}=${bareValue.test(value) ? value : `'${value}'`}\n`)
        .join("");
}

function nameProblem(name: string): string | undefined {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return "is no name: letters, digits and _ only, no digit first";
    return reserved.includes(name) ? "is set by the release itself; choose another name" : undefined;
}

// Compose 1 expands ${...} and halves backslashes even in single quotes, compose 2 does neither, and neither can escape
// a single quote there. What both read alike is what may be written.
function valueProblem(value: string): string | undefined {
    if (/[\r\n\0]/.test(value)) return "has a line end in its value; encode it, for instance as base64";
    return /['\\]|\$\{/.test(value)
        ? "has ', \\ or ${ in its value, which not every compose reads alike; encode it, for instance as base64"
        : undefined;
}
