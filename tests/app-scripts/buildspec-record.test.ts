import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { envFile } from "./release-host";
import { Host, type Run } from "./host";

interface Buildspec {
    readonly version: number;
    readonly env: { readonly shell: string };
    readonly phases: Readonly<Record<"build" | "post_build", { readonly commands: readonly string[] }>>;
}

const spec = parse(readFileSync("app-scripts/buildspec.record.yml", "utf8")) as Buildspec;
const repository = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/web";
const digest = `sha256:${"a".repeat(64)}`;
const env = { GAPLESS_REPOSITORY: repository, GAPLESS_REPOSITORY_NAME: "web" };
/** As a builder writes it: with line ends, indented, and another line end last. */
const manifest = `{\n   "schemaVersion": 2,\n   "note": "a\\tb \\"c\\" é %s"\n}\n\n`;
const index = "application/vnd.oci.image.index.v1+json";

/** A build container with a release in it, and an `aws` that knows one image. */
class Container extends Host {
    constructor(release: Readonly<Record<string, string>> = { IMAGE: `${repository}@${digest}`, VERSION: "0123456789ab" }) {
        super();
        this.write("release/release.env", envFile(release));
        // As the CLI writes a list of texts: with a tab between them and a line end behind.
        this.write("answer", `${index}\t${manifest}\n`);
        this.aws({ "ecr batch-get-image": 'cat "$HOST/answer"', "ecr put-image": keepManifest, "cloudfront create-invalidation": "echo I123" });
    }

    /** Answers of `aws`, by the beginning of its arguments. */
    aws(answers: Readonly<Record<string, string>>): void {
        const cases = Object.entries(answers).map(([words, body]) => `"${words}"*) ${body} ;;`);
        this.stub("aws", `case "$*" in\n${cases.join("\n")}\n*) exit 99 ;;\nesac`);
    }

    phase(name: keyof Buildspec["phases"], env: Readonly<Record<string, string>>): Run {
        const script = this.write("phase.sh", `cd "$HOST/release"\n${spec.phases[name].commands.join("\n")}`);
        return this.run(["/bin/bash", script], env);
    }
}

/** Copies the file that `--image-manifest file://…` names. */
const keepManifest = 'all=$*; manifest=${all#*--image-manifest file://}; cp "${manifest%% *}" "$HOST/pushed"';

describe("buildspec.record.yml", () => {
    it("is for bash, in the version whose phases go on after a failure", () => {
        assert.equal(spec.version, 0.2);
        assert.equal(spec.env.shell, "bash");
        assert.deepEqual(Object.keys(spec.phases), ["build", "post_build"]);
        assert.equal(JSON.stringify(spec.phases).includes("on-failure"), false);
    });

    it("tags the image with the release's version, from the very bytes and type that were pushed", () => {
        using container = new Container();
        const { code, calls, output, lastLine } = container.phase("build", env);
        assert.equal(code, 0, output);
        assert.equal(lastLine, `Marked deployed-0123456789ab: ${repository}@${digest}`);
        const [get = "", put = "", ...more] = calls;
        assert.deepEqual(more, []);
        assert.equal(
            get.replace(/ --accepted-media-types .* --query /, " … --query "),
            `aws ecr batch-get-image --repository-name web --image-ids imageDigest=${digest} … --query images[0].[imageManifestMediaType, imageManifest] --output text`,
        );
        assert.equal(
            put.replace(/file:\/\/\S+/, "file://…"),
            `aws ecr put-image --repository-name web --image-tag deployed-0123456789ab --image-digest ${digest} --image-manifest file://… --image-manifest-media-type ${index}`,
        );
        assert.equal(container.read("pushed"), manifest);
    });

    it("takes single images and indexes, of Docker's types and of OCI's", () => {
        using container = new Container();
        const [get = ""] = container.phase("build", env).calls;
        assert.deepEqual(get.replace(/.*--accepted-media-types (.*) --query .*/, "$1").split(" ").sort(), [
            "application/vnd.docker.distribution.manifest.list.v2+json", "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json",
        ]);
    });

    it("is content with an image that has the tag already, as after a rollback", () => {
        using container = new Container();
        container.aws({ "ecr batch-get-image": 'cat "$HOST/answer"', "ecr put-image": "echo 'An error occurred (ImageAlreadyExistsException)' >&2; exit 254" });
        const { code, lastLine } = container.phase("build", env);
        assert.deepEqual([code, lastLine], [0, `Marked deployed-0123456789ab already: ${repository}@${digest}`]);
    });

    it("fails with what ECR says when the tag cannot be put", () => {
        using container = new Container();
        container.aws({ "ecr batch-get-image": 'cat "$HOST/answer"', "ecr put-image": "echo 'An error occurred (ImageTagAlreadyExistsException)' >&2; exit 254" });
        const { code, lastLine } = container.phase("build", env);
        assert.deepEqual([code, lastLine], [1, "An error occurred (ImageTagAlreadyExistsException)"]);
    });

    it("fails when the image is not in the repository", () => {
        using container = new Container();
        container.write("answer", "None\n");
        const { code, calls, lastLine } = container.phase("build", env);
        assert.deepEqual([code, calls.length], [1, 1]);
        assert.equal(lastLine, `web has no image ${digest}.`);
    });

    it("fails when the repository cannot be read", () => {
        using container = new Container();
        container.aws({ "ecr batch-get-image": "exit 254" });
        const { code, calls } = container.phase("build", env);
        assert.deepEqual([code, calls.length], [254, 1]);
    });

    for (const [where, image] of [
        ["another registry", `docker.io/acme/shop@${digest}`],
        ["a repository whose name begins alike", `${repository}-2@${digest}`],
    ] as const) {
        it(`marks nothing in ${where}`, () => {
            using container = new Container({ IMAGE: image, VERSION: "0123456789ab" });
            const { code, calls, lastLine } = container.phase("build", env);
            assert.deepEqual([code, calls, lastLine], [0, [], `Not in this stack's repository, so nothing to mark: ${image}`]);
        });
    }

    it("marks nothing where the stack keeps no images", () => {
        using container = new Container();
        const { code, calls } = container.phase("build", {});
        assert.deepEqual([code, calls], [0, []]);
    });

    for (const release of [{ IMAGE: `${repository}@${digest}` }, { VERSION: "0123456789ab" }]) {
        it(`refuses what is no release, one with ${Object.keys(release).join()} alone`, () => {
            using container = new Container(release);
            const { code, calls, lastLine } = container.phase("build", env);
            assert.deepEqual([code, calls, lastLine], [1, [], "release.env names no image or no version."]);
        });
    }

    it("lets the CDN ask for everything anew, where there is one", () => {
        using container = new Container();
        const { code, calls } = container.phase("post_build", { GAPLESS_DISTRIBUTION: "E1" });
        assert.deepEqual([code, calls], [0, ["aws cloudfront create-invalidation --distribution-id E1 --paths /* --query Invalidation.Id --output text"]]);
        assert.deepEqual(container.phase("post_build", {}).calls, []);
        assert.equal(container.phase("post_build", {}).code, 0);
    });

    it("fails when the CDN cannot be told", () => {
        using container = new Container();
        container.aws({ "cloudfront create-invalidation": "exit 254" });
        assert.equal(container.phase("post_build", { GAPLESS_DISTRIBUTION: "E1" }).code, 254);
    });

    it("is sound to shellcheck", () => {
        using container = new Container();
        for (const { commands } of Object.values(spec.phases)) {
            const { code, output } = container.run(["shellcheck", "--shell=bash", container.write("command.sh", commands.join("\n"))]);
            assert.equal(code, 0, output);
        }
    });
});
