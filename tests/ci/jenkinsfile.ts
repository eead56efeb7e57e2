import { readFileSync } from "node:fs";

/** What we use of Jenkins' declarative pipeline. */
export interface Jenkinsfile {
    readonly environment: Readonly<Record<string, string>>;
    readonly stages: readonly JenkinsStage[];
    /** What Jenkins makes of the words that a stage calls `./gapless` with. */
    readonly gapless: (words: string, sh: Sh) => Outcome;
}

export interface JenkinsStage {
    readonly name: string;
    /** The Groovy expression that decides whether it runs. */
    readonly when: string;
    /** What it calls `./gapless` with, as the shell reads it. */
    readonly words: string;
}

/** Jenkins' step of this name, told to return the exit code. */
type Sh = (script: string) => number;

export interface Outcome {
    readonly result: "SUCCESS" | "UNSTABLE" | "FAILURE";
    readonly message?: string;
}

/** Reads a Jenkinsfile whose stages call its function `gapless`, one line each. Anything else between the braces of `steps` is refused. */
export function readJenkinsfile(text = readFileSync("Jenkinsfile", "utf8")): Jenkinsfile {
    const [declared = "", functionBody] = text.replaceAll(/^\s*\/\/.*$/gm, "").split(/^def gapless\(String words\) \{$/m);
    const pipeline = only(blocks(declared), "pipeline");
    const stages = only(pipeline, "stages").blocks.map(({ head, ...stage }) => ({
        name: /^stage\('(\w+)'\)$/.exec(head)?.[1] ?? refuse(head),
        when: only(only(stage, "when"), "expression").lines.join(" "),
        words: words(only(stage, "steps")),
    }));
    const environment = only(pipeline, "environment").lines.map(line => {
        const [, name = "", value = ""] = /^(\w+) = (?:credentials\()?['"](.*?)['"]\)?$/.exec(line) ?? refuse(line);
        return [name, value] as const;
    });
    return { environment: Object.fromEntries(environment), stages, gapless: outcomeOf(functionBody ?? refuse("no function gapless")) };
}

interface Block {
    readonly head: string;
    readonly lines: readonly string[];
    readonly blocks: readonly Block[];
}

/** Takes a text apart at braces that end a line or stand alone, or enclose a line's end: `when { expression { x } }` too. */
function blocks(text: string): Block {
    const whole = /^\s*(\w+ =|gapless\(|choice\(|booleanParam\() ?/;
    const tokens = text.split("\n").flatMap(line => (whole.test(line) ? [line.trim()] : line.split(/(?<=\{)|(?=\})|(?<=\})/).map(part => part.trim())));
    const rest = tokens.filter(Boolean);
    const take = (head: string): Block => {
        const lines: string[] = [];
        const inner: Block[] = [];
        for (let token = rest.shift(); token !== undefined && token !== "}"; token = rest.shift()) {
            if (token.endsWith("{")) inner.push(take(token.slice(0, -1).trim()));
            else lines.push(token);
        }
        return { head, lines, blocks: inner };
    };
    const root = take("");
    if (rest.length > 0) throw new Error(`A brace too many before: ${rest.join(" ")}`);
    return root;
}

function only(of: Pick<Block, "blocks">, head: string): Block {
    const [found, ...more] = of.blocks.filter(block => block.head === head);
    if (!found || more.length > 0) throw new Error(`There must be one '${head}', found ${more.length + (found ? 1 : 0)}`);
    return found;
}

// Single-quoted, so that the shell and not Groovy puts in values.
function words({ lines, blocks: inner }: Block): string {
    const [line = "", ...more] = [...lines, ...inner.map(({ head }) => head)];
    if (more.length > 0) refuse(more.join(" "));
    return /^gapless\('([^'\\]*)'\)$/.exec(line)?.[1] ?? refuse(line);
}

/** The function's body, run as the JavaScript that it is but for `def` and the names of arguments. */
function outcomeOf(body: string): Jenkinsfile["gapless"] {
    const script = body.trim().replace(/\}$/, "").replace("def code =", "const code =").replace(/sh\(([^)]*)\)/, "sh({ $1 })");
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is a text of this project
    const run = new Function("words", "sh", "unstable", "error", script) as (...args: readonly unknown[]) => void;
    return (said, sh) => {
        let outcome: Outcome = { result: "SUCCESS" };
        const step = (options: { readonly script: string; readonly returnStatus: true }): number => {
            if (JSON.stringify(Object.keys(options)) !== '["script","returnStatus"]') refuse(JSON.stringify(options));
            return sh(options.script);
        };
        try {
            run(said, step, (message: string) => { outcome = { result: "UNSTABLE", message }; }, (message: string) => { throw new JobError(message); });
            return outcome;
        } catch (error) {
            if (error instanceof JobError) return { result: "FAILURE", message: error.message };
            throw error;
        }
    };
}

/** Jenkins' step `error` has ended the job. */
class JobError extends Error {}

function refuse(text: string): never {
    throw new Error(`The Jenkinsfile has what this reader does not know: ${text}`);
}
