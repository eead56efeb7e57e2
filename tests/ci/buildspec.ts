import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const phase = z.strictObject({ "runtime-versions": z.record(z.string(), z.number()).optional(), commands: z.array(z.string()) });

/** What we use of CodeBuild's build specification. https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html */
const buildspecSchema = z.strictObject({
    version: z.literal(0.2),
    env: z.strictObject({ shell: z.literal("bash"), "exported-variables": z.array(z.string()) }),
    phases: z.strictObject({ install: phase, build: phase }),
    artifacts: z.strictObject({ name: z.string(), "base-directory": z.string(), files: z.array(z.string()) }),
    cache: z.strictObject({ paths: z.array(z.string()) }),
});

export type Buildspec = z.output<typeof buildspecSchema>;

export function readBuildspec(stage: string): Buildspec {
    return buildspecSchema.parse(parse(readFileSync(`app-scripts/buildspec.${stage}.yml`, "utf8")));
}

/**
 * A bash text that runs a build as CodeBuild does: all commands in one shell, a phase ends with its first failure, and the next one only
 * follows a phase that succeeded. https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
 *
 * Writes the variables that the build exports to the file `$EXPORTED`, from the environment, where CodeBuild finds them.
 */
export function asCodeBuild({ phases, env }: Buildspec): string {
    const commands = [...phases.install.commands, ...phases.build.commands].map(command => `${command} || exit 1`);
    return [...commands, `for name in ${env["exported-variables"].join(" ")}; do echo "$name=$(printenv "$name")"; done >"$EXPORTED"`].join("\n");
}
