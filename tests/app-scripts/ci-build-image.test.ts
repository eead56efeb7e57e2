import assert from "node:assert/strict";
import { callsOf, CiHost, commit, digest, image, repository } from "./ci-host";

const recipe = {
    image: {
        context: "app", dockerfile: "app/Dockerfile.prod", platform: "linux/arm64", tag: "build-abc",
        args: { TIER: "web", TEXT: "two words\nand a line" },
    },
};
const notFound = 'echo "An error occurred (ImageNotFoundException) when calling DescribeImages" >&2; exit 254';
const ecr = (action: string) => `ecr ${action} --region eu-central-1 --registry-id 111122223333 --repository-name web`;
const tagging = {
    [ecr("batch-get-image")]: `printf 'application/json\\t{\\n "layers": []\\n}\\n\\n'`,
    [ecr("put-image")]: 'for word in "$@"; do case $word in file://*) cp "\${word#file://}" "$HOST/manifest" ;; esac; done',
};

/** An agent for this recipe, with ECR and a Docker without buildx. */
function agent(aws: Readonly<Record<string, string>>, docker: Readonly<Record<string, string>> = {}): CiHost {
    const host = new CiHost();
    host.gapless({ recipe: `cat "$HOST/recipe.json"` });
    host.write("recipe.json", JSON.stringify(recipe));
    host.answer("aws", { ...tagging, ...aws });
    host.answer("docker", { buildx: "exit 1", ...docker });
    return host;
}

const build = (host: CiHost, env: Record<string, string> = {}) => host.script("build-image", ["prod"], env);
const built = { [ecr("describe-images")]: `echo ${digest}` };
/** Unknown until it was pushed. */
const unbuilt = { [ecr("describe-images")]: `[ -e "$HOST/pushed" ] && echo ${digest} || { ${notFound}; }` };

describe("image of CI", () => {
    it("is the one that was built before from the same files, and gets the commit's tag", () => {
        using host = agent(built);
        const run = build(host);
        assert.deepEqual([run.code, run.result], [0, `${image}\n`], run.output);
        assert.deepEqual(callsOf(run, "docker build "), []);
        assert.deepEqual(callsOf(run, "docker push"), []);
        assert.equal(callsOf(run, "aws ecr describe-images")[0], `aws ${ecr("describe-images")} --image-ids imageTag=build-abc --query imageDetails[0].imageDigest --output text`);
        assert.deepEqual(callsOf(run, "aws ecr put-image").map(call => call.replace(/file:\S+/, "FILE")), [commit, "latest"].map(tag =>
            `aws ${ecr("put-image")} --image-tag ${tag} --image-digest ${digest} --image-manifest FILE --image-manifest-media-type application/json`));
        // Byte for byte, its own line end too.
        assert.equal(host.read("manifest"), '{\n "layers": []\n}\n');
    });

    it("is built by plain Docker where there is no buildx, from the stage's recipe, and pushed under the tag of its content", () => {
        using host = agent(unbuilt, { push: 'touch "$HOST/pushed"', build: 'echo "the builder says this"; printf "%s\\0" "$@" >"$HOST/arguments"' });
        const run = build(host);
        assert.deepEqual([run.code, run.result], [0, `${image}\n`], run.output);
        assert.deepEqual(host.read("arguments").split("\0").slice(0, -1), [
            "build", "--platform", "linux/arm64", "--file", "app/Dockerfile.prod", "--tag", `${repository}:build-abc`,
            "--build-arg", "TIER=web", "--build-arg", "TEXT=two words\nand a line", "app",
        ]);
        assert.deepEqual(callsOf(run, "docker push"), [`docker push --quiet ${repository}:build-abc`]);
        assert.match(run.output, /the builder says this/);
    });

    it("is built by buildx with the cache that lies beside it, as one image without an index around it", () => {
        using host = agent(unbuilt);
        host.answer("docker", { "buildx build": 'touch "$HOST/pushed"' });
        const run = build(host);
        assert.deepEqual([run.code, run.result], [0, `${image}\n`], run.output);
        const cache = `type=registry,ref=${repository}:cache`;
        const text = run.calls.join("\n");
        assert.ok(text.includes(` --builder gapless-jenkins-web-7 --cache-from ${cache} --cache-to ${cache},mode=max,image-manifest=true,oci-mediatypes=true --provenance=false --push app\n`), text);
        assert.deepEqual(callsOf(run, "docker push"), []);
    });

    it("is built by buildx without a cache when the builder that exports one does not start, and that is said", () => {
        using host = agent(unbuilt);
        // As Docker does it: the builder is there by name although its image could not be pulled.
        host.answer("docker", {
            "buildx create": 'touch "$HOST/named"; echo toomanyrequests >&2; exit 1', "buildx inspect --bootstrap": "echo toomanyrequests >&2; exit 1",
            "buildx inspect": '[ -e "$HOST/named" ]', "buildx rm --force": 'rm "$HOST/named"', "buildx build": 'touch "$HOST/pushed"',
        });
        const run = build(host);
        assert.deepEqual([run.code, run.result], [0, `${image}\n`], run.output);
        assert.doesNotMatch(run.calls.join("\n"), /--cache-|--builder/);
        assert.match(run.output, /Builds without a cache: toomanyrequests/);
        assert.ok(!host.has("named"), "a builder that does not work is left");
    });

    it("is built by the builder that is there already, once it runs", () => {
        using host = agent(unbuilt);
        host.answer("docker", { "buildx create": "echo existing instance >&2; exit 1", "buildx inspect --bootstrap gapless-jenkins-web-7": ":", "buildx build": 'touch "$HOST/pushed"' });
        const run = build(host);
        assert.deepEqual([run.code, run.result], [0, `${image}\n`], run.output);
        assert.match(run.calls.join("\n"), / --builder gapless-jenkins-web-7 --cache-from /);
    });

    for (const [what, broken] of [
        ["its platform", "process.argv[2] === 'platform'"], ["its context", "process.argv[2] === 'context'"], ["its arguments", "process.argv.length === 2"],
    ] as const) {
        it(`is not built when ${what} cannot be read from the recipe`, () => {
            using host = agent(unbuilt);
            host.write("break.cjs", `if (${broken.replace("process.argv[2]", "process.argv.at(-1)").replace("process.argv.length === 2", "process.execArgv.some(word => word.includes('image.args'))")}) process.exit(7);`);
            host.stub("node", `exec '${process.execPath}' --require "$HOST/break.cjs" "$@"`);
            const run = build(host);
            assert.deepEqual([run.code, run.result], [7, ""], run.output);
            assert.deepEqual(callsOf(run, "docker build "), []);
        });
    }

    it("is not built when the settings name it", () => {
        using host = agent({});
        host.write("recipe.json", JSON.stringify({ image: { prebuilt: "other.test/app@sha256:0" } }));
        const run = build(host);
        assert.deepEqual([run.code, run.result], [0, "other.test/app@sha256:0\n"], run.output);
        assert.deepEqual([...callsOf(run, "aws"), ...callsOf(run, "docker")], []);
    });

    it("is tagged with no commit outside of git", () => {
        using host = agent(built);
        const run = build(host, { GIT_COMMIT: "main" });
        assert.equal(run.code, 0, run.output);
        assert.deepEqual(callsOf(run, "aws ecr put-image").map(call => /--image-tag (\S+)/.exec(call)?.[1]), ["latest"]);
    });

    for (const [what, error, said] of [
        ["has the tag already", "ImageAlreadyExistsException", /^(?!.*stays)/s],
        ["had another image for this commit", "ImageTagAlreadyExistsException", new RegExp(`The tag ${commit} stays with the image that has it`)],
    ] as const) {
        it(`is content with a registry that ${what}`, () => {
            using host = agent({ ...built, [ecr("put-image")]: `echo "An error occurred (${error})" >&2; exit 254` });
            const run = build(host);
            assert.deepEqual([run.code, run.result], [0, `${image}\n`], run.output);
            assert.match(run.output, said);
        });
    }

    for (const [what, aws, docker, reason] of [
        ["the recipe cannot be read", built, {}, /settings are wrong/],
        ["the registry does not answer", { [ecr("describe-images")]: 'echo "AccessDeniedException: no" >&2; exit 254' }, {}, /^Cannot look up .*:build-abc: AccessDeniedException: no$/m],
        ["it does not build", unbuilt, { build: "echo no such package >&2; exit 1" }, /no such package/],
        ["it cannot be pushed", unbuilt, { push: "echo denied >&2; exit 1" }, /denied/],
        ["the registry does not know what was pushed", { [ecr("describe-images")]: notFound }, {}, /does not know .*:build-abc, which was just pushed/],
        ["the image it found is gone", { ...built, [ecr("batch-get-image")]: "echo None" }, {}, /There is no image .*@sha256:d+\./],
        ["it cannot be tagged", { ...built, [ecr("put-image")]: "echo denied by a policy >&2; exit 254" }, {}, /Cannot tag .* as c{40}: denied by a policy/],
    ] as const) {
        it(`fails, and prints no image, when ${what}`, () => {
            using host = agent(aws, docker);
            if (what.includes("recipe")) host.gapless({ recipe: "echo settings are wrong >&2; exit 2" });
            const run = build(host);
            assert.notEqual(run.code, 0);
            assert.equal(run.result, "");
            assert.match(run.output, reason);
            if (!what.includes("tagged")) assert.deepEqual(callsOf(run, "aws ecr put-image"), []);
        });
    }

    describe("outside of ECR", () => {
        const hub = { GAPLESS_REPOSITORY: "docker.io/acme/shop" };
        const result = `docker.io/acme/shop@${digest}\n`;
        const said = (words: string) => `echo '${words}' >&2; exit 1`;
        const missing = [
            said("Error response from daemon: manifest for acme/shop:build-abc not found: manifest unknown: manifest unknown"),
            said("Error response from daemon: failed to resolve reference \"docker.io/acme/shop:build-abc\": docker.io/acme/shop:build-abc: not found"),
            said("ERROR: docker.io/acme/shop:build-abc: not found"),
            said("Error response from daemon: name unknown: repository name not known to registry"),
        ] as const;

        for (const [index, answer] of missing.entries()) {
            it(`is built by ${index === 2 ? "buildx" : "plain Docker"} when the registry says, in its way ${index + 1}, that it is not there`, () => {
                using host = agent({});
                const asked = `[ -e "$HOST/pushed" ] && echo ${digest} || { ${answer}; }`;
                host.answer("docker", index === 2 ? { "buildx imagetools inspect": asked, "buildx build": 'touch "$HOST/pushed"' } : {
                    "buildx": "exit 1", "pull --quiet docker.io/acme/shop:build-abc": asked, "push": 'touch "$HOST/pushed"', "image inspect": `echo acme/shop@${digest}`,
                });
                const run = build(host, hub);
                assert.deepEqual([run.code, run.result], [0, result], run.output);
            });
        }

        for (const words of [
            "toomanyrequests: You have reached your unauthenticated pull rate limit.",
            "pull access denied for acme/shop, repository does not exist or may require docker login: denied",
            'error getting credentials - err: exec: "docker-credential-x": executable file not found in $PATH, out: ``',
            "dial tcp: lookup registry-1.docker.io: no such host",
        ]) {
            for (const by of ["buildx", "plain Docker"]) {
                it(`is not taken for missing by ${by} when the registry says: ${words.slice(0, 40)}…`, () => {
                    using host = agent({});
                    host.answer("docker", { ...(by === "buildx" ? {} : { buildx: "exit 1" }), "buildx imagetools inspect": said(words), pull: said(words) });
                    const run = build(host, hub);
                    assert.deepEqual([run.code, run.result, run.output], [1, "", `Cannot look up docker.io/acme/shop:build-abc: ${words}`]);
                    assert.deepEqual(run.calls.filter(call => /docker (buildx )?build /.test(call)), []);
                });
            }
        }

        it("is found by plain Docker, which leaves Docker Hub's name out, and tagged by pushing it again", () => {
            using host = agent({}, { "image inspect": `printf 'other/shop@sha256:0\\nacme/shop@${digest}\\n'` });
            const run = build(host, hub);
            assert.deepEqual([run.code, run.result], [0, result], run.output);
            assert.deepEqual(callsOf(run, "docker push"), [commit, "latest"].map(tag => `docker push --quiet docker.io/acme/shop:${tag}`));
            assert.deepEqual([...callsOf(run, "docker build "), ...callsOf(run, "aws")], []);
        });

        it("is built by plain Docker when it is not there", () => {
            using host = agent({}, {
                "pull --quiet docker.io/acme/shop:build-abc": `[ -e "$HOST/pushed" ] || { ${missing[0]}; }`, push: 'touch "$HOST/pushed"',
                "image inspect": `echo acme/shop@${digest}`,
            });
            const run = build(host, hub);
            assert.deepEqual([run.code, run.result], [0, result], run.output);
            assert.equal(callsOf(run, "docker push")[0], "docker push --quiet docker.io/acme/shop:build-abc");
        });

        it("is found and tagged by buildx without being pulled", () => {
            using host = agent({});
            host.answer("docker", { "buildx imagetools inspect": `echo ${digest}` });
            const run = build(host, hub);
            assert.deepEqual([run.code, run.result], [0, result], run.output);
            assert.deepEqual(callsOf(run, "docker buildx imagetools create"), [commit, "latest"].map(tag =>
                `docker buildx imagetools create --prefer-index=false --tag docker.io/acme/shop:${tag} docker.io/acme/shop@${digest}`));
            assert.deepEqual(callsOf(run, "docker pull"), []);
        });
    });
});
