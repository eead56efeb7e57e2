import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { toolKey } from "../../release/store-keys";
import { Host, type Run } from "./host";

interface Buildspec {
    readonly version: number;
    readonly env: { readonly shell: string };
    readonly phases: {
        readonly install: { readonly "runtime-versions": { readonly nodejs: number } };
        readonly build: { readonly commands: readonly string[] };
    };
}

const tool = "console.log('done');\n";
const sha256 = createHash("sha256").update(tool).digest("hex");
const env = {
    GAPLESS_STACK: "dev-eu", GAPLESS_RELEASE_BUCKET: "releases-1", GAPLESS_TOOL: toolKey(sha256), GAPLESS_TOOL_SHA256: sha256, GAPLESS_EXECUTION: "execution-1",
};

/** A build container with a release in it, and an `aws` that knows one object. */
class Container extends Host {
    constructor(private readonly spec: Buildspec, { stored = tool, releaseEnv }: { readonly stored?: string; readonly releaseEnv: string }) {
        super();
        this.write("src/release/release.env", releaseEnv);
        this.write("stored", stored);
        this.stub("aws", `[[ "$*" == "s3 cp --no-progress s3://releases-1/${toolKey(sha256)} "* ]] || exit 99\ncp "$HOST/stored" "$5"`);
        this.stub("node", 'printf "<%s>\\n" "$@"');
    }

    /** Commands one after the other, up to the first that fails, as CodeBuild runs them. */
    build(): Run {
        const commands = this.spec.phases.build.commands.map(command => `( ${command}\n) || exit $?`);
        return this.run(["/bin/bash", this.write("phase.sh", `cd "$HOST/src/release"\n${commands.join("\n")}`)], env);
    }
}

/**
 * Tests of a build that runs the command line in a release's folder.
 * @param words what it runs, word for word
 */
export function describeToolBuild(file: string, releaseEnv: string, words: readonly string[]): void {
    const spec = parse(readFileSync(`app-scripts/${file}`, "utf8")) as Buildspec;
    const container = (stored?: string) => new Container(spec, { releaseEnv, ...(stored !== undefined && { stored }) });

    it("is for bash and for the Node.js that CodeBuild has, and asks for nothing else", () => {
        const { version, env, phases } = spec;
        assert.deepEqual({ version, env, install: phases.install, phases: Object.keys(phases) }, {
            version: 0.2, env: { shell: "bash" }, install: { "runtime-versions": { nodejs: 22 } }, phases: ["install", "build"],
        });
    });

    it("runs the command line that it is told of, in the folder of the release, whose files it leaves alone", () => {
        using host = container();
        const { code, calls, output } = host.build();
        assert.equal(code, 0, output);
        assert.deepEqual(calls, [
            `aws s3 cp --no-progress s3://releases-1/tools/gapless-${sha256.slice(0, 12)}.mjs ../gapless.mjs`,
            `node ../gapless.mjs ${words.join(" ")}`,
        ]);
        assert.equal(output, ["../gapless.mjs", ...words].map(word => `<${word}>`).join("\n"));
        assert.deepEqual([host.has("src/gapless.mjs"), host.has("src/release/gapless.mjs")], [true, false]);
        assert.equal(host.read("src/release/release.env"), releaseEnv);
    });

    it("runs nothing else than those very bytes", () => {
        using host = container(`${tool} `);
        const { code, calls, output } = host.build();
        assert.deepEqual([code, calls.length], [1, 1], output);
        assert.match(output, /gapless\.mjs: FAILED/);
    });

    it("fails when there is no such command line", () => {
        using host = container();
        host.stub("aws", "exit 1");
        assert.deepEqual([host.build().code, host.build().calls.length], [1, 1]);
    });

    it("fails as the command line does", () => {
        using host = container();
        host.stub("node", "exit 3");
        assert.equal(host.build().code, 3);
    });

    it("is sound to shellcheck", () => {
        using host = container();
        const script = host.write("command.sh", `${spec.phases.build.commands.join("\n")}\n`);
        const { code, output } = host.run(["shellcheck", "--shell=bash", script]);
        assert.equal(code, 0, output);
    });
}
