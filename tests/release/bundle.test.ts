import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { makeRelease, type Release, type ReleaseFile, type ReleaseInputs, writeRelease, zipRelease } from "../../release/bundle";
import { ReleaseError } from "../../release/error";
import { temporaryFolder } from "./scripts-folder";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array | undefined) => new TextDecoder().decode(content);

const scripts: readonly ReleaseFile[] = [
    { path: "scripts/run.sh", mode: 0o755, content: bytes("#!/bin/bash\n") },
    { path: "scripts/common.sh", mode: 0o644, content: bytes("true\n") },
    { path: "appspec.yml", mode: 0o644, content: bytes("version: 0.0\n") },
    { path: "docker-compose.dev.yml", mode: 0o644, content: bytes("dev\n") },
    { path: "docker-compose.stg.yml", mode: 0o644, content: bytes("stg\n") },
    { path: "docker-compose.prod.yml", mode: 0o644, content: bytes("prod\n") },
];
const inputs: ReleaseInputs = {
    image: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/app@sha256:${"a1".repeat(32)}`,
    containerPort: 8080,
    healthPath: "/health",
    probePath: "/items?page=1",
    healthTimeoutSeconds: 3,
    stopGraceSeconds: 30,
    environment: { B: "2", A: "one two" },
};
const release = makeRelease(scripts, inputs);

function fileText({ files }: Release, path: string): string {
    return text(files.find(file => file.path === path)?.content);
}

function replace(path: string, change: Partial<ReleaseFile>): readonly ReleaseFile[] {
    return scripts.map(file => (file.path === path ? { ...file, ...change } : file));
}

describe("a release", () => {
    it("says in release.env what the scripts need to know, and in app.env what the container does", () => {
        assert.equal(
            fileText(release, "release.env"),
            [
                `IMAGE=${inputs.image}`,
                "CONTAINER_PORT=8080",
                "HEALTH_PATH=/health",
                "PROBE_PATH=/items?page=1",
                "HEALTH_TIMEOUT_SECONDS=3",
                "STOP_GRACE_SECONDS=30",
                `VERSION=${release.version}`,
                "",
            ].join("\n"),
        );
        assert.equal(fileText(release, "app.env"), "A=one two\nB=2\n");
        assert.match(release.version, /^[0-9a-f]{12}$/);
    });

    it("lets nobody but the agent's own user read the environment", () => {
        const { mode } = release.files.find(({ path }) => path === "app.env") ?? {};
        assert.equal(mode, 0o600);
    });

    it("has a release.env that bash reads as it is meant", () => {
        using folder = temporaryFolder();
        writeFileSync(join(folder.path, "release.env"), fileText(release, "release.env"));
        const echo = 'set -eu; . ./release.env; echo "$IMAGE $CONTAINER_PORT $HEALTH_PATH $PROBE_PATH $STOP_GRACE_SECONDS"';
        const read = execFileSync("bash", ["-c", echo], { cwd: folder.path, encoding: "utf8" });
        assert.equal(read, `${inputs.image} 8080 /health /items?page=1 30\n`);
    });

    it("is the same whatever the order of its scripts and its environment", () => {
        const same = makeRelease([...scripts].reverse(), { ...inputs, environment: { A: "one two", B: "2" } });
        assert.deepEqual(same, release);
        assert.deepEqual(zipRelease(same), zipRelease(release));
    });

    const changes: readonly [string, () => Release][] = [
        ["the content of a script", () => makeRelease(replace("scripts/run.sh", { content: bytes("#!/bin/sh\n") }), inputs)],
        ["the mode of a script", () => makeRelease(replace("scripts/common.sh", { mode: 0o755 }), inputs)],
        ["the appspec", () => makeRelease(replace("appspec.yml", { content: bytes("") }), inputs)],
        ["a compose file", () => makeRelease(replace("docker-compose.prod.yml", { content: bytes("") }), inputs)],
        ["the name of a script", () => makeRelease(replace("scripts/common.sh", { path: "scripts/commons.sh" }), inputs)],
        ["one more script", () => makeRelease([...scripts, { path: "scripts/x", mode: 0o644, content: bytes("") }], inputs)],
        ["the image", () => makeRelease(scripts, { ...inputs, image: inputs.image.replace("a1", "a2") })],
        ["the port", () => makeRelease(scripts, { ...inputs, containerPort: 8081 })],
        ["the health path", () => makeRelease(scripts, { ...inputs, healthPath: "/ready" })],
        ["the probe path", () => makeRelease(scripts, { ...inputs, probePath: "/" })],
        ["the health check's timeout", () => makeRelease(scripts, { ...inputs, healthTimeoutSeconds: 4 })],
        ["the stop grace", () => makeRelease(scripts, { ...inputs, stopGraceSeconds: 31 })],
        ["a value of the environment", () => makeRelease(scripts, { ...inputs, environment: { A: "one two", B: "3" } })],
        ["a name of the environment", () => makeRelease(scripts, { ...inputs, environment: { A: "one two", C: "2" } })],
        ["an emptier environment", () => makeRelease(scripts, { ...inputs, environment: { A: "one two" } })],
        [
            "a byte that moves from one script to the next",
            () => makeRelease([
                ...replace("scripts/common.sh", { content: bytes("true") }).filter(({ path }) => path !== "scripts/run.sh"),
                { path: "scripts/run.sh", mode: 0o755, content: bytes("\n#!/bin/bash\n") },
            ], inputs),
        ],
    ];
    it("gets another version from every change, and each change its own", () => {
        const versions = [release.version, ...changes.map(([, make]) => make().version)];
        const twins = changes.filter((_, index) => versions.indexOf(versions[index + 1] ?? "") !== index + 1);
        assert.deepEqual(twins.map(([what]) => what), []);
    });

    const wrong: readonly [string, readonly ReleaseFile[], Partial<ReleaseInputs>, string][] = [
        ["an image by tag", scripts, { image: "app:latest" }, "image must be repository@sha256:<64 hex>, got 'app:latest'"],
        ["a short digest", scripts, { image: "app@sha256:abc" }, "image must be repository@sha256:<64 hex>, got 'app@sha256:abc'"],
        ["an impossible port", scripts, { containerPort: 65536 }, "containerPort must be 1 to 65535, got 65536"],
        ["an endless health check", scripts, { healthTimeoutSeconds: 0 }, "healthTimeoutSeconds must be 1 to 120, got 0"],
        ["no grace", scripts, { stopGraceSeconds: 0 }, "stopGraceSeconds must be 1 to 100, got 0"],
        ["a grace longer than the stop script", scripts, { stopGraceSeconds: 101 }, "stopGraceSeconds must be 1 to 100, got 101"],
        [
            "a path that a shell would take apart",
            scripts,
            { probePath: "/a?b=1&c=2" },
            'probePath must begin with / and have only letters, digits and _./:@%+,=?- in it, got "/a?b=1&c=2"',
        ],
        [
            "a path with a line end",
            scripts,
            { healthPath: "/health\nIMAGE=evil" },
            'healthPath must begin with / and have only letters, digits and _./:@%+,=?- in it, got "/health\\nIMAGE=evil"',
        ],
        [
            "a value with a line end",
            scripts,
            { environment: { PEM: "a\nb" } },
            'environment: "PEM" has a line end or another control character in its value; encode it, for instance as base64',
        ],
        [
            "a missing file",
            scripts.filter(({ path }) => path !== "docker-compose.dev.yml"),
            {},
            "docker-compose.dev.yml is missing",
        ],
        [
            "a file of its own making",
            [...scripts, { path: "release.env", mode: 0o644, content: bytes("") }],
            {},
            "release.env does not belong to a release",
        ],
        [
            "a file outside its folder",
            [...scripts, { path: "scripts/../../x", mode: 0o644, content: bytes("") }],
            {},
            "scripts/../../x does not belong to a release",
        ],
        [
            "a file that is there twice",
            [...scripts, ...scripts.slice(0, 1)],
            {},
            "scripts/run.sh is there twice",
        ],
        [
            "everything at once",
            scripts.slice(0, -1),
            { image: "app", environment: { VERSION: "1" } },
            "docker-compose.prod.yml is missing; image must be repository@sha256:<64 hex>, got 'app'; " +
                'environment: "VERSION" is set by the release itself; choose another name',
        ],
    ];
    for (const [what, files, change, problems] of wrong) {
        it(`cannot be made of ${what}`, () => {
            assert.throws(
                () => makeRelease(files, { ...inputs, ...change }),
                new ReleaseError(`no release can be made: ${problems}`),
            );
        });
    }
});

describe("the zip file of a release", () => {
    it("holds every file, in order, with its mode", () => {
        using folder = temporaryFolder();
        const zip = join(folder.path, "release.zip");
        writeFileSync(zip, zipRelease(release));
        // What the agent does on an instance; unzip takes modes from the file, where fflate would drop them.
        execFileSync("unzip", ["-qo", zip, "-d", join(folder.path, "release")]);
        assert.deepEqual(readFolder(join(folder.path, "release")), describeFiles(release));
        assert.deepEqual(Object.keys(unzipSync(zipRelease(release))), release.files.map(({ path }) => path));
    });

    it("is the same in every time zone", () => {
        const program = [
            'const { makeRelease, zipRelease } = require("./release/bundle");',
            'const { createHash } = require("node:crypto");',
            'const { scripts, inputs } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));',
            "const files = scripts.map(file => ({ ...file, content: Buffer.from(file.content, 'base64') }));",
            'console.log(createHash("sha256").update(zipRelease(makeRelease(files, inputs))).digest("hex"));',
        ].join("\n");
        const input = JSON.stringify({
            inputs,
            scripts: scripts.map(file => ({ ...file, content: Buffer.from(file.content).toString("base64") })),
        });
        const hashes = ["UTC", "Pacific/Kiritimati", "America/St_Johns"].map(zone =>
            execFileSync(process.execPath, ["--import", "tsx", "-e", program], {
                input,
                cwd: join(__dirname, "../.."),
                env: { ...process.env, TZ: zone },
                encoding: "utf8",
            }),
        );
        assert.match(hashes[0] ?? "", /^[0-9a-f]{64}\n$/);
        assert.equal(new Set(hashes).size, 1);
    });
});

describe("the folder of a release", () => {
    it("holds what the zip file does, whatever the umask, and nothing is left beside it", () => {
        using folder = temporaryFolder();
        const target = join(folder.path, "deep/release");
        const before = process.umask(0o077);
        try {
            writeRelease(release, target);
        } finally {
            process.umask(before);
        }
        assert.deepEqual(readFolder(target), describeFiles(release));
        assert.deepEqual(readdirSync(dirname(target)), ["release"]);
    });

    it("may be there if it is empty", () => {
        using folder = temporaryFolder();
        mkdirSync(join(folder.path, "release"));
        writeRelease(release, join(folder.path, "release"));
        assert.deepEqual(readFolder(join(folder.path, "release")), describeFiles(release));
    });

    it("takes the place of nothing", () => {
        using folder = temporaryFolder();
        writeFileSync(join(folder.path, "thesis.tex"), "");
        for (const taken of [folder.path, join(folder.path, "thesis.tex")]) {
            assert.throws(
                () => { writeRelease(release, taken); },
                new ReleaseError(`'${taken}' is there already: a release wants a new or empty folder`),
            );
        }
        assert.deepEqual(readdirSync(folder.path), ["thesis.tex"]);
    });

    it("is not there at all when a file cannot be written", () => {
        using folder = temporaryFolder();
        const impossible = { path: `scripts/${"x".repeat(300)}`, mode: 0o644, content: bytes("") } as const;
        const target = join(folder.path, "release");
        assert.throws(() => { writeRelease({ ...release, files: [...release.files, impossible] }, target); }, {
            name: "ReleaseError",
            message: `the release could not be written to '${target}'`,
        });
        assert.deepEqual(readdirSync(folder.path), []);
    });
});

function describeFiles({ files }: Release): string[] {
    return files.map(({ path, mode, content }) => `${path} ${mode.toString(8)} ${text(content)}`);
}

function readFolder(folder: string): string[] {
    const entries = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
    return entries
        .filter(path => statSync(join(folder, path)).isFile())
        .map(path => {
            const mode = (statSync(join(folder, path)).mode & 0o777).toString(8);
            return `${path} ${mode} ${readFileSync(join(folder, path), "utf8")}`;
        });
}
