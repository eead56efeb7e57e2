import assert from "node:assert/strict";
import { appendFile, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { unpackBundle } from "../../rehearsal/agent/archive";
import type { RecordedProgram } from "../../rehearsal/program/program-facts";
import { ProjectCopy } from "../support/project-copy";
import { CiSite } from "./ci-site";
import { asCodeBuild, readBuildspec, readJenkinsfile } from "./ci-systems";

/** Mode and content of each file, by path. */
type Tree = Readonly<Record<string, { readonly mode: string; readonly content: string }>>;

const stages = ["dev", "stg", "prod"] as const;
const bucket = "releases-bucket";

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
        for (const stage of stages) await set(project, stage, `gapless:buildArgs: { BASE_IMAGE: "${site.base}" }`);
        commit = await clone(project);
    });
    after(async () => {
        await Promise.all([project, personal].map(copy => copy[Symbol.asyncDispose]()));
        await site[Symbol.asyncDispose]();
    });

    for (const stage of stages) {
        it(`is the same by buildspec.${stage}.yml as by pulumi up`, async () => {
            const printed = await codeBuild(stage);
            const folder = await treeOf(join(project.folder, ".gapless/release"));
            const image = /^IMAGE=(.*)$/m.exec(folder["release.env"]?.content ?? "")?.[1] ?? "";
            assert.match(image, new RegExp(`^${site.registry}/${stage}@sha256:[0-9a-f]{64}$`));

            const zip = await registeredZip(stage, image);
            assert.deepEqual(folder, await unpacked(zip, `up-${stage}`));
            await publishedIs(stage, zip);
            const copied = await treeOf(site.s3("build-bucket/build/web:1-2"));
            assert.deepEqual(Object.keys(copied), Object.keys(folder));
            assert.match(printed, new RegExp(`^${site.registry}/${stage}:${commit}$`, "m"), "the image has no tag of the commit");
        });
    }

    it("is the same by the Jenkinsfile as by CodeBuild, which built the image", async () => {
        const zip = await readFile(site.s3(`prod-${bucket}`, "releases/current.zip"));
        await rm(site.s3(`prod-${bucket}`), { recursive: true });
        const printed = await jenkins("prod");
        assert.match(printed, /^Already built: /m);
        await publishedIs("prod", zip);
    });

    it("is another one with a changed hook, which these comparisons see", async () => {
        const published = () => readFile(site.s3(`prod-${bucket}`, "releases/current.zip"));
        const before = await unpacked(await published(), "before");
        const image = /^IMAGE=(.*)$/m.exec(before["release.env"]?.content ?? "")?.[1] ?? "";
        await appendFile(join(project.folder, "app-scripts/scripts/run.sh"), "# changed\n");
        await site.execute({
            project: project.folder, shell: ["bash"], text: `app-scripts/ci/publish.sh prod ${image}`, env: { GAPLESS_RELEASE_BUCKET: `prod-${bucket}` },
        });
        const after = await unpacked(await published(), "after");
        assert.deepEqual(Object.keys(after).filter(path => after[path]?.content !== before[path]?.content), ["release.env", "scripts/run.sh"]);
        assert.equal((await releasesOf("prod")).length, 2);
    });

    /** Runs the stage's buildspec as CodeBuild does. */
    async function codeBuild(stage: string): Promise<string> {
        await rm(join(project.folder, ".gapless/release"), { recursive: true, force: true });
        return site.execute({
            project: project.folder, shell: ["bash"], text: asCodeBuild(readBuildspec(stage)),
            env: {
                GAPLESS_STACK: stage, GAPLESS_REPOSITORY: `${site.registry}/${stage}`, GAPLESS_RELEASE_BUCKET: `${stage}-${bucket}`,
                GAPLESS_BUILD_BUCKET: "build-bucket", CODEBUILD_BUILD_ID: "web:1-2",
            },
        });
    }

    /** Runs the job's steps as Jenkins does, each in a shell of its own. */
    async function jenkins(stage: string): Promise<string> {
        const { environment, stages: jobStages, always } = readJenkinsfile();
        const outputs = { repository: `${site.registry}/${stage}`, releaseBucket: `${stage}-${bucket}`, pipeline: "deploy", region: "eu-central-1", ciRole: "arn:aws:iam::111122223333:role/ci" };
        await project.write("outputs.json", JSON.stringify(outputs));
        const env = {
            ...Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value.replace("${WORKSPACE_TMP}", site.folder("tmp")).replace("${params.STACK}", stage)])),
            GAPLESS_OUTPUTS: "outputs.json", WORKSPACE_TMP: site.folder("tmp"), GIT_COMMIT: commit,
        };
        const steps = [...jobStages.filter(({ when }) => when !== "params.DIRECT").flatMap(({ steps }) => steps), ...always];
        let printed = "";
        for (const text of steps) printed += `${await site.execute({ project: project.folder, shell: ["sh", "-xe"], text, env })}\n`;
        return printed;
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
        for (const name of [...releases, "current.zip"]) {
            assert.ok(zip.equals(await readFile(site.s3(`${stage}-${bucket}`, "releases", name))), `${name} differs`);
        }
    }

    async function releasesOf(stage: string): Promise<readonly string[]> {
        return (await readdir(site.s3(`${stage}-${bucket}`, "releases"))).filter(name => name !== "current.zip");
    }

    async function unpacked(zip: Buffer, name: string): Promise<Tree> {
        await unpackBundle(zip, site.folder(name));
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
