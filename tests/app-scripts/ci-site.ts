import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { Run } from "../../rehearsal/cleanup/run";
import { baseImage, canHave, nodeImage, registryImage, standIn } from "../../rehearsal/docker/base-images";
import { openDocker } from "../../rehearsal/docker/open-docker";
import { startRegistry } from "../../rehearsal/release/registry";

/** S3 is a folder here; AWS, for the rest, says what makes a job go on. */
const aws = `#!/bin/bash
set -eu
if [ "$1" = --profile ]; then shift 2; fi
words="$*" key='' body='' bucket='' once=''
case $words in
    "s3 cp --recursive --no-progress "*) target=$S3/\${6#s3://}; mkdir -p "$target"; cp -R "$5/." "$target"; exit ;;
    "sts get-caller-identity"*) echo arn:aws:sts::111122223333:assumed-role/ci/gapless; exit ;;
    "codepipeline list-pipeline-executions"*) echo 11111111-2222-3333-4444-555555555555 None; exit ;;
    "codepipeline get-pipeline-execution"*) echo Succeeded; exit ;;
    "s3api put-object "*) ;;
    *) echo "aws stand-in: $words" >&2; exit 252 ;;
esac
while [ $# -gt 0 ]; do
    case $1 in --key) key=$2 ;; --body) body=$2 ;; --bucket) bucket=$2 ;; --if-none-match) once=yes ;; esac
    shift
done
object=$S3/$bucket/$key
if [ "$once" = yes ] && [ -e "$object" ]; then echo "An error occurred (PreconditionFailed)" >&2; exit 254; fi
mkdir -p "$(dirname "$object")"
cp "$body" "$object"
printf 'version-1\\t"etag"\\n'
`;

export interface CiJob {
    /** Folder of the project. */
    readonly project: string;
    readonly shell: readonly [string, ...string[]];
    readonly text: string;
    readonly env: Readonly<Record<string, string>>;
}

/** An agent of a CI system: real Docker with a registry that it pushes to, and AWS in a folder. */
export class CiSite {
    private constructor(
        private readonly run: Run,
        private readonly dockerEnvironment: Readonly<Record<string, string>>,
        /** Where the registry answers. */
        readonly registry: string,
        /** A base for the sample service's Dockerfiles that this machine has. */
        readonly base: string,
    ) {}

    static async open(): Promise<CiSite> {
        const run = await Run.open();
        try {
            const signal = AbortSignal.timeout(120_000);
            const announce = () => undefined;
            const docker = await openDocker({ run: run.name, folder: run.folder, announce, signal });
            const images = { docker, folder: run.folder, announce, signal };
            await docker.run(["network", "create", run.name]);
            const image = await baseImage(registryImage, images);
            const { host, port } = await startRegistry(docker, { image, name: `${run.name}-registry`, network: run.name }, signal);
            const base = (await canHave(nodeImage.published, images)) ? nodeImage.published : await standIn(nodeImage, nodeImage.published, images);
            const site = new CiSite(run, docker.environment, `${host}:${port}`, base);
            await site.#addCommands(docker.buildNetwork);
            return site;
        } catch (error) {
            await run[Symbol.asyncDispose]();
            throw error;
        }
    }

    /** Folder of a bucket, or of something in it. */
    s3(...path: readonly string[]): string {
        return join(this.run.folder, "s3", ...path);
    }

    /** A folder for what a test unpacks. */
    folder(name: string): string {
        return join(this.run.folder, name);
    }

    /** Runs a job's text and returns what it printed; throws when it fails. */
    async execute({ project, shell: [program, ...args], text, env }: CiJob): Promise<string> {
        const { all } = await execa(program, [...args, "-c", text], {
            cwd: project, all: true, extendEnv: false,
            env: {
                PATH: `${join(this.run.folder, "bin")}:${process.env["PATH"] ?? ""}`, HOME: this.run.folder, S3: this.s3(),
                ...this.dockerEnvironment, ...env,
            },
        });
        return all;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.run[Symbol.asyncDispose]();
    }

    // A private daemon has no bridge of its own, so build steps need to be told a network; images carry the run for its clean-up.
    async #addCommands(buildNetwork: string | undefined): Promise<void> {
        const bin = join(this.run.folder, "bin");
        await mkdir(bin, { recursive: true });
        const docker = (await execa("sh", ["-c", "command -v docker"])).stdout;
        const more = [...(buildNetwork ? ["--network", buildNetwork] : []), "--label", `gapless.run=${this.run.name}`].join(" ");
        await writeFile(join(bin, "aws"), aws);
        await writeFile(join(bin, "docker"), [
            "#!/bin/bash", '[ "$1" != buildx ] || exit 1', `if [ "$1" = build ]; then set -- build ${more} "\${@:2}"; fi`, `exec ${docker} "$@"`, "",
        ].join("\n"));
        for (const name of ["aws", "docker"]) await chmod(join(bin, name), 0o755);
    }
}
