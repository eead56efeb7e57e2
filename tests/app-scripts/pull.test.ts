import assert from "node:assert/strict";
import { ReleaseHost, allowedSeconds, envFile, image } from "./release-host";

describe("pull", () => {
    const toPull = {
        "image inspect": `[[ "$*" == *Size* ]] && echo ${300 * 1024 * 1024} || exit 1`,
        "container inspect": "echo sha256:running",
        info: 'echo "$HOST"',
    };
    const disk = (freeMib: number) => `printf 'Filesystem 1024-blocks Used Available Capacity Mounted\\n/dev/x 1 1 ${freeMib * 1024} 1%% /\\n'`;

    it("pulls nothing and asks for no disk when the image is there already", () => {
        using host = new ReleaseHost();
        host.stub("df", "exit 1");
        const { code, calls, lastLine } = host.hook("pull");
        assert.equal(code, 0);
        assert.equal(calls.at(-1), `docker image inspect ${image}`);
        assert.equal(lastLine, `Already here: ${image}`);
    });

    it("removes old images also when its own was pulled ahead, as every rollout does", () => {
        using host = new ReleaseHost();
        const old = `registry.test/app@sha256:${"0".repeat(64)}`;
        host.docker({ "image ls --digests": `printf '%s\\n' ${old} ${image}` });
        const { code, calls, lastLine } = host.hook("pull");
        assert.deepEqual([code, lastLine], [0, `Already here: ${image}`]);
        assert.deepEqual(calls.filter(call => call.startsWith("docker image rm")), [`docker image rm ${old}`]);
    });

    it("pulls by digest after it has looked at the disk", () => {
        using host = new ReleaseHost();
        host.docker(toPull);
        host.stub("df", disk(5000));
        const { code, calls, output } = host.hook("pull");
        assert.equal(code, 0, output);
        assert.match(output, /^Disk: 5000 MiB free, 812 MiB needed in /m);
        assert.equal(calls.at(-1), `docker pull --quiet ${image}`);
    });

    it("leaves the host alone and says both figures when the disk is too full", () => {
        using host = new ReleaseHost();
        host.docker(toPull);
        host.stub("df", disk(811));
        const { code, calls, lastLine } = host.hook("pull");
        assert.equal(code, 1);
        assert.equal(lastLine, `Too little disk for ${image}: 811 MiB free, 812 MiB needed in ${host.folder}. Make rootVolumeGiB larger.`);
        assert.ok(!calls.some(call => call.startsWith("docker pull")));
    });

    it("removes old images of its repository, but none that a kept bundle names", () => {
        using host = new ReleaseHost();
        const ref = (digit: string) => `registry.test/app@sha256:${digit.repeat(64)}`;
        host.write("deployment-root/group/d-2/deployment-archive/release.env", envFile({ IMAGE: ref("2") }));
        host.write("deployment-root/group/d-1/deployment-archive/release.env", envFile({ IMAGE: ref("1") }));
        host.docker({ ...toPull, "image ls --digests": `printf '%s\\n' ${ref("0")} ${ref("1")} ${ref("2")} 'registry.test/app@<none>'` });
        host.stub("df", disk(5000));
        const { code, calls } = host.hook("pull");
        assert.equal(code, 0);
        assert.ok(calls.some(call => call.startsWith("docker image ls") && call.endsWith(" registry.test/app")));
        assert.deepEqual(
            calls.filter(call => call.startsWith("docker image rm")),
            [`docker image rm ${ref("0")}`, "docker image rm registry.test/app@<none>"],
        );
    });

    it("prunes nothing where Docker is shared", () => {
        using host = new ReleaseHost();
        host.docker(toPull);
        host.stub("df", disk(5000));
        const { calls } = host.hook("pull", { GAPLESS_PRUNE: "no" });
        assert.deepEqual(calls.filter(call => /image (ls|rm|prune)/.test(call)), []);
    });

    it("gives up after three attempts, within the event's 300 s, with the reason last", () => {
        using host = new ReleaseHost();
        host.docker({ ...toPull, pull: "echo no route to registry >&2; exit 1" });
        host.stub("df", disk(5000));
        const { code, calls, output, lastLine } = host.hook("pull");
        assert.equal(code, 1);
        assert.equal(calls.filter(call => call.startsWith("docker pull")).length, 3);
        assert.ok(allowedSeconds(calls) + host.clockSeconds < 290, `${allowedSeconds(calls)} s + ${host.clockSeconds} s`);
        assert.match(output, /no route to registry/);
        assert.equal(lastLine, `Cannot pull ${image}: the reason is in the lines above.`);
    });

    it("is content with a later attempt", () => {
        using host = new ReleaseHost();
        host.docker({ ...toPull, pull: '[ -e "$HOST/second" ] || { touch "$HOST/second"; exit 1; }' });
        host.stub("df", disk(5000));
        assert.equal(host.hook("pull").code, 0);
    });
});
