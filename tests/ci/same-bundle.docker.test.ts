import assert from "node:assert/strict";
import { appendFile, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { unpackBundle } from "../../rehearsal/agent/unpack-bundle";
import type { RecordedProgram } from "../../rehearsal/program/program-facts";
import { releaseKey, triggerKey } from "../../release/store-keys";
import { ProjectCopy } from "../support/project-copy";
import { asCodeBuild, readBuildspec } from "./buildspec";
import { readJenkinsfile } from "./jenkinsfile";
import { CiSite } from "./site";
import { jobOf, readWorkflow } from "./workflow";

/** Mode and content of each file, by path. */
type Tree = Readonly<Record<string, { readonly mode: string; readonly content: string }>>;

const stages = ["dev", "stg", "prod"] as const;

describe("bundle of one commit", function () {
    this.timeout(240_000);
    let site: CiSite;
    /** What CI checks out. */
    let project: ProjectCopy;
    /** The commit that it is at. */
    let commit: string;
    /** What a person runs `pulumi up` in, with the image that CI has built. */
    let personal: ProjectCopy;

    before(async () => {
        site = await CiSite.open();
        [project, personal] = await Promise.all([ProjectCopy.make(), ProjectCopy.make()]);
        for (const stage of stages) {
            await set(project, stage, `gapless:buildArgs: { BASE_IMAGE: "${site.base}" }`);
            await site.addStack("gapless", stage);
        }
        commit = await clone(project);
    });
    after(async () => {
        await Promise.all([project, personal].map(copy => copy[Symbol.asyncDispose]()));
        await site[Symbol.asyncDispose]();
    });

    for (const stage of stages) {
        it(`is the same by buildspec.${stage}.yml as by pulumi up`, async () => {
            const exported = await codeBuild(stage);
            const folder = await treeOf(join(project.folder, ".gapless/release"));
            const image = /^IMAGE=(.*)$/m.exec(folder["release.env"]?.content ?? "")?.[1] ?? "";
            assert.match(image, new RegExp(`^${site.registry}/${stage}@sha256:[0-9a-f]{64}$`));

            const zip = await registeredZip(stage, image);
            assert.deepEqual(folder, await unpacked(zip, `up-${stage}`));
            await publishedIs(stage, zip);
            assert.equal(exported, `GAPLESS_OBJECT_VERSION=${(await site.object(stage, triggerKey)).version}\n`);
            assert.equal(await digestOf(`${stage}:${commit}`), image.split("@")[1], "the image has no tag of the commit");
        });
    }

    for (const [what, job] of [["Jenkinsfile", jenkins], ["workflow of GitHub", gitHub]] as const) {
        it(`is the same by the ${what} as by CodeBuild, which built the image, and is deployed`, async () => {
            const { content, version } = await site.object("prod", triggerKey);
            const printed = await job("prod");
            assert.match(printed, /image \S+ is built already/);
            await publishedIs("prod", content);
            assert.notEqual((await site.object("prod", triggerKey)).version, version);
        });
    }

    it("is another one with a changed hook, which these comparisons see", async () => {
        const before = await unpacked((await site.object("prod", triggerKey)).content, "before");
        await appendFile(join(project.folder, "app-scripts/scripts/run.sh"), "# changed\n");
        await codeBuild("prod");
        const after = await unpacked((await site.object("prod", triggerKey)).content, "after");
        assert.deepEqual(Object.keys(after).filter(path => after[path]?.content !== before[path]?.content), ["release.env", "scripts/run.sh"]);
        assert.equal((await releasesOf("prod")).length, 2);
    });

    /** Runs the stage's buildspec as CodeBuild does, and returns what it exports. */
    async function codeBuild(stage: string): Promise<string> {
        await rm(join(project.folder, ".gapless/release"), { recursive: true, force: true });
        const EXPORTED = site.folder("exported");
        await site.execute({
            project: project.folder, shell: ["bash"], text: asCodeBuild(readBuildspec(stage)), env: { GAPLESS_STACK: stage, CODEBUILD_BUILD_ID: "web:1-2", EXPORTED },
        });
        await site.settle(stage);
        return readFile(EXPORTED, "utf8");
    }

    /** Runs the job as Jenkins does. */
    async function jenkins(stage: string): Promise<string> {
        const { environment, stages: jobStages } = readJenkinsfile();
        const env = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value.replace("${params.STACK}", stage)]));
        const words = jobStages.find(({ when }) => when === "!params.DIRECT")?.words ?? "";
        // Here the agent's own identity does what the role may.
        return site.execute({ project: project.folder, shell: ["sh", "-xe"], text: `./gapless ${words}`, env: { ...env, GAPLESS_ROLE_ARN: "", GIT_COMMIT: commit, BUILD_TAG: "jenkins-web-7" } });
    }

    /** Runs the step as GitHub does. */
    async function gitHub(stage: string): Promise<string> {
        const text = jobOf(readWorkflow("deploy-stack.yml"), "deploy").steps.find(({ run }) => run !== undefined)?.run ?? "";
        const env = { GAPLESS_STACK: stage, DOCKER_HUB_USERNAME: "", DOCKER_HUB_PASSWORD: "", GITHUB_SHA: commit, GITHUB_RUN_ID: "42", GITHUB_ACTOR: "ann" };
        return site.execute({ project: project.folder, shell: ["bash", "--noprofile", "--norc", "-eo", "pipefail"], text, env });
    }

    /** What `pulumi up` would publish with this image. */
    async function registeredZip(stage: string, image: string): Promise<Buffer> {
        await set(personal, stage, `gapless:imageDigest: ${image}`);
        const { stdout } = await execa(process.execPath, ["--import", "tsx/esm", "rehearsal/program/record.ts", stage], { cwd: personal.folder });
        const { registrations } = JSON.parse(stdout) as RecordedProgram;
        const contents = registrations.filter(({ inputs }) => /^releases\/.*\.zip$/.test(String(inputs["key"]))).map(({ inputs }) => inputs["contentBase64"]);
        assert.equal(contents.length, 2, "the release and the copy that starts the pipeline");
        assert.equal(contents[0], contents[1]);
        return Buffer.from(String(contents[0]), "base64");
    }

    /** Asserts that a stage's bucket holds these very bytes, as its only release and as the one to deploy. */
    async function publishedIs(stage: string, zip: Buffer): Promise<void> {
        const releases = await releasesOf(stage);
        assert.equal(releases.length, 1);
        for (const key of [...releases, triggerKey]) assert.ok(zip.equals((await site.object(stage, key)).content), `${key} differs`);
    }

    async function releasesOf(stage: string): Promise<readonly string[]> {
        return (await site.keysOf(stage)).filter(key => key !== triggerKey && key.startsWith(releaseKey("").replace(".zip", "")));
    }

    async function digestOf(name: string): Promise<string | null> {
        const [repository, tag] = name.split(":");
        const accept = "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.index.v1+json";
        const answer = await fetch(`http://${site.registry}/v2/${repository}/manifests/${tag}`, { method: "HEAD", headers: { accept } });
        return answer.headers.get("docker-content-digest");
    }

    async function unpacked(zip: Buffer, name: string): Promise<Tree> {
        await unpackBundle(zip, "zip", site.folder(name));
        return treeOf(site.folder(name));
    }
});

/** Makes the copy a clone with its history, as CodePipeline hands it over and Jenkins checks it out; returns its commit. */
async function clone({ folder }: ProjectCopy): Promise<string> {
    const git = async (...words: readonly string[]) => (await execa("git", ["-c", "user.name=ci", "-c", "user.email=ci@example.com", ...words], { cwd: folder })).stdout;
    await git("init", "--quiet");
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "Sell shoes, too");
    return git("rev-parse", "HEAD");
}

/** Adds a setting to a stage's file, whose last part is its settings. */
async function set(copy: ProjectCopy, stage: string, line: string): Promise<void> {
    await appendFile(join(copy.folder, `Pulumi.${stage}.yaml`), `  ${line}\n`);
}

async function treeOf(folder: string): Promise<Tree> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name)).sort();
    return Object.fromEntries(await Promise.all(files.map(async file => {
        const mode = ((await stat(file)).mode & 0o777).toString(8);
        return [file.slice(folder.length + 1), { mode, content: await readFile(file, "latin1") }] as const;
    })));
}
