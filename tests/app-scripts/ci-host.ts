import { chmodSync, cpSync, statSync } from "node:fs";
import { join } from "node:path";
import { Host, type Run } from "./host";

export const repository = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/web";
export const digest = `sha256:${"d".repeat(64)}`;
export const image = `${repository}@${digest}`;
export const commit = "c".repeat(40);
export const releaseVersion = "0123456789ab";

export interface CiRun extends Run {
    /** What the script printed on standard output; `output` is standard error. */
    readonly result: string;
}

/** A CI agent that has checked out the project: AWS, Docker and `./gapless` are stubs, time only passes when a script sleeps. */
export class CiHost extends Host {
    constructor() {
        super();
        cpSync("app-scripts/ci", join(this.folder, "project/app-scripts/ci"), { recursive: true });
        this.stub("node", `exec '${process.execPath}' "$@"`);
        this.answer("docker", {});
        this.answer("aws", {});
        this.gapless({ bundle: `echo release >"\${@: -1}"; echo ${releaseVersion}` });
    }

    /** What a command answers, by the beginning of its arguments; the first that fits counts, and nothing is a silent success. */
    answer(command: string, answers: Readonly<Record<string, string>>): void {
        this.stub(command, cases(answers));
    }

    /** What `./gapless` answers, by its command. */
    gapless(answers: Readonly<Record<string, string>>): void {
        chmodSync(this.write("project/gapless", `#!/bin/bash\necho "gapless $*" >>"$HOST/calls"\n${cases(answers)}\n`), 0o755);
    }

    isExecutable(path: string): boolean {
        return (statSync(join(this.folder, path)).mode & 0o100) !== 0;
    }

    /** Runs a CI script as a CI system does, from the project's folder. */
    script(name: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): CiRun {
        const run = this.run(["/bin/sh", "-c", 'cd "$HOST/project" && exec /bin/bash "$0" "$@" >"$HOST/result"', `app-scripts/ci/${name}.sh`, ...args], {
            GAPLESS_REPOSITORY: repository, GAPLESS_RELEASE_BUCKET: "releases-bucket", GAPLESS_PIPELINE: "web-deploy",
            GAPLESS_APPLICATION: "web", GAPLESS_DEPLOYMENT_GROUP: "prod", GIT_COMMIT: commit, BUILD_TAG: "jenkins-web-7", ...env,
        });
        return { ...run, result: this.read("result") };
    }
}

function cases(answers: Readonly<Record<string, string>>): string {
    const lines = Object.entries(answers).map(([words, body]) => `    "${words}"*) ${body} ;;`);
    return `case "$*" in\n${lines.join("\n")}\n    *) : ;;\nesac`;
}

/** The calls of a command that begin like this. */
export function callsOf({ calls }: Run, words: string): readonly string[] {
    return calls.filter(call => call.startsWith(words));
}

/** A bash text that answers the first, the second, ... call; the last answer stays. */
export function inTurn(name: string, ...answers: readonly string[]): string {
    const list = answers.map(answer => `'${answer}'`).join(" ");
    return `answers=(${list}); n=$(cat "$HOST/${name}" 2>/dev/null || echo 0); echo $((n + 1)) >"$HOST/${name}"; `
        + `[ "$n" -lt ${answers.length} ] || n=${answers.length - 1}; echo "\${answers[$n]}"`;
}
