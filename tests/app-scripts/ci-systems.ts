import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const phase = z.strictObject({ "runtime-versions": z.record(z.string(), z.number()).optional(), commands: z.array(z.string()) });

/** What we use of CodeBuild's build specification. https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html */
const buildspecSchema = z.strictObject({
    version: z.literal(0.2),
    env: z.strictObject({ shell: z.literal("bash") }),
    phases: z.strictObject({ install: phase, pre_build: phase, build: phase, post_build: phase }),
    artifacts: z.strictObject({ name: z.string(), "base-directory": z.string(), files: z.array(z.string()) }),
    cache: z.strictObject({ paths: z.array(z.string()) }),
});

export type Buildspec = z.output<typeof buildspecSchema>;

export function readBuildspec(stage: string): Buildspec {
    return buildspecSchema.parse(parse(readFileSync(`app-scripts/buildspec.${stage}.yml`, "utf8")));
}

/**
 * A bash text that runs a build as CodeBuild does: all commands in one shell, a phase ends with its first failure, and only
 * `post_build` follows a failed `build`. https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
 */
export function asCodeBuild({ phases }: Buildspec): string {
    const run = ({ commands }: { readonly commands: readonly string[] }) =>
        `while true; do\n${commands.map(command => `${command} || { CODEBUILD_BUILD_SUCCEEDING=0; break; }`).join("\n")}\nbreak; done`;
    const ended = '[ "$CODEBUILD_BUILD_SUCCEEDING" = 1 ] || exit 1';
    return [
        "export CODEBUILD_BUILD_SUCCEEDING=1",
        run(phases.install), ended, run(phases.pre_build), ended, run(phases.build), run(phases.post_build), ended,
    ].join("\n");
}

/** What we use of Jenkins' declarative pipeline. */
export interface Jenkinsfile {
    readonly environment: Readonly<Record<string, string>>;
    readonly stages: readonly JenkinsStage[];
    readonly always: readonly string[];
}

export interface JenkinsStage {
    readonly name: string;
    /** The Groovy expression that decides whether it runs. */
    readonly when: string | undefined;
    /** Shell texts of its steps. */
    readonly steps: readonly string[];
}

/** Reads a Jenkinsfile whose steps are `sh '…'`, one a line. Anything else between the braces of `steps` is refused. */
export function readJenkinsfile(text = readFileSync("Jenkinsfile", "utf8")): Jenkinsfile {
    const root = blocks(text.replaceAll(/^\s*\/\/.*$/gm, ""));
    const pipeline = only(root, "pipeline");
    const stages = only(pipeline, "stages").blocks.map(({ head, ...stage }) => ({
        name: /^stage\('(\w+)'\)$/.exec(head)?.[1] ?? refuse(head),
        when: stage.blocks.find(block => block.head === "when")?.blocks[0]?.lines.join(" "),
        steps: steps(only(stage, "steps")),
    }));
    const environment = only(pipeline, "environment").lines.map(line => {
        const [, name = "", value = ""] = /^(\w+) = (?:credentials\()?['"](.*?)['"]\)?$/.exec(line) ?? refuse(line);
        return [name, value] as const;
    });
    return { environment: Object.fromEntries(environment), stages, always: steps(only(only(pipeline, "post"), "always")) };
}

interface Block {
    readonly head: string;
    readonly lines: readonly string[];
    readonly blocks: readonly Block[];
}

/** Takes a text apart at braces that end a line or stand alone, or enclose a line's end: `when { expression { x } }` too. */
function blocks(text: string): Block {
    const tokens = text.split("\n").flatMap(line => (/^\s*(sh|\w+ =|\w+\() ?/.test(line) ? [line.trim()] : line.split(/(?<=\{)|(?=\})|(?<=\})/).map(part => part.trim())));
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
function steps({ lines, blocks: inner }: Block): readonly string[] {
    if (inner.length > 0) refuse(inner[0]?.head ?? "");
    return lines.map(line => /^sh '([^'\\]*)'$/.exec(line)?.[1] ?? refuse(line));
}

function refuse(text: string): never {
    throw new Error(`The Jenkinsfile has what this reader does not know: ${text}`);
}
