import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { callsOf, CiHost } from "./ci-host";

describe("clean-up of CI", () => {
    it("removes the job's own builder while Docker still knows it, then logins and sessions, and nothing else", () => {
        using host = new CiHost();
        for (const file of ["tmp/docker/config.json", "tmp/aws/config", "tmp/aws/session.json", "tmp/aws/.aws/cli/cache/x.json", "tmp/aws/mine"]) host.write(file, "");
        host.stub("docker", '[ -e "$DOCKER_CONFIG/config.json" ] && touch "$HOST/known"; exit 1');
        const run = host.script("clean-up", [], {
            DOCKER_CONFIG: `${host.folder}/tmp/docker`, AWS_CONFIG_FILE: `${host.folder}/tmp/aws/config`, BUILD_TAG: "jenkins-team shop/main-7",
        });
        assert.deepEqual([run.code, run.output, run.calls], [0, "", ["docker buildx rm --force gapless-jenkins-team-shop-main-7"]]);
        assert.deepEqual(["known", "tmp/docker", "tmp/aws/config", "tmp/aws/session.json", "tmp/aws/.aws", "tmp/aws/mine"].map(path => host.has(path)), [true, false, false, false, false, true]);
    });

    it("takes away what a build has made", () => {
        using host = new CiHost();
        host.gapless({ recipe: `echo '{"image":{"context":"app","dockerfile":"app/Dockerfile","args":{},"platform":"linux/amd64","tag":"build-abc"}}'` });
        host.stub("aws", '[ -e "$HOST/pushed" ] || { echo ImageNotFoundException >&2; exit 254; }; printf "x\\t{}\\n"');
        host.answer("docker", { "buildx build": 'touch "$HOST/pushed"' });
        const env = { BUILD_TAG: "jenkins-a-1", DOCKER_CONFIG: `${host.folder}/tmp/docker`, AWS_CONFIG_FILE: `${host.folder}/tmp/aws/config` };
        const made = / --builder (\S+) /.exec(host.script("build-image", ["prod"], env).calls.join("\n"))?.[1];
        assert.equal(made, "gapless-jenkins-a-1");
        assert.deepEqual(callsOf(host.script("clean-up", [], env), "docker"), [`docker buildx rm --force ${made}`]);
    });
});

describe("agent of CI", () => {
    it("lacks commands that are named together, before anything is done", () => {
        using host = new CiHost();
        // Nothing is on PATH but what any machine has.
        for (const name of ["bash", "dirname", "mktemp", "rm"]) symlinkSync(`/usr/bin/${name}`, join(host.write(`few/.keep`, "").slice(0, -6), name));
        const run = host.script("publish", ["prod", "x"], { PATH: `${host.folder}/few` });
        assert.deepEqual([run.code, run.output, run.calls], [1, "Not on PATH: aws node. CI needs the AWS CLI 2.17.34, Node 20.19 and Docker, or newer ones.", []]);
    });
});
