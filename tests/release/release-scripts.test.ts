import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ReleaseError } from "../../release/error";
import { readReleaseScripts } from "../../release/release-scripts";
import { temporaryFolder, writeScripts } from "./scripts-folder";

describe("the scripts of a release", () => {
    it("are the appspec, three compose files and all of scripts/, executable where they were", () => {
        using folder = temporaryFolder();
        writeScripts(folder.path);
        writeFileSync(join(folder.path, "instance-boot.sh"), "#!/bin/bash\n");
        assert.deepEqual(
            readReleaseScripts(folder.path).map(({ path, mode }) => `${path} ${mode.toString(8)}`),
            [
                "appspec.yml 644",
                "docker-compose.dev.yml 644",
                "docker-compose.stg.yml 644",
                "docker-compose.prod.yml 644",
                "scripts/common.sh 644",
                "scripts/run.sh 755",
            ],
        );
    });

    it("come with their bytes", () => {
        using folder = temporaryFolder();
        writeScripts(folder.path, { "scripts/common.sh": "# grüße\n" });
        const common = readReleaseScripts(folder.path).find(({ path }) => path === "scripts/common.sh");
        assert.equal(new TextDecoder().decode(common?.content), "# grüße\n");
    });

    it("do not depend on permissions that git does not keep", () => {
        using folder = temporaryFolder();
        writeScripts(folder.path);
        chmodSync(join(folder.path, "appspec.yml"), 0o777);
        chmodSync(join(folder.path, "scripts/run.sh"), 0o700);
        const modes = new Map(readReleaseScripts(folder.path).map(({ path, mode }) => [path, mode]));
        assert.equal(modes.get("appspec.yml"), 0o644);
        assert.equal(modes.get("scripts/run.sh"), 0o755);
    });

    const wrong: readonly [string, Readonly<Record<string, string | undefined>>, (folder: string) => void, string][] = [
        [
            "files that are missing, all of them",
            { "appspec.yml": undefined, "docker-compose.prod.yml": undefined },
            () => undefined,
            "appspec.yml is missing; docker-compose.prod.yml is missing",
        ],
        [
            "a hidden file, which would make a new version out of nothing",
            { "scripts/.run.sh.swp": "x" },
            () => undefined,
            "scripts/.run.sh.swp does not belong to a release",
        ],
        [
            "a folder among the scripts",
            {},
            folder => { mkdirSync(join(folder, "scripts/lib")); },
            "scripts/lib is not a file",
        ],
        [
            "a hook that is not executable",
            {},
            folder => { chmodSync(join(folder, "scripts/run.sh"), 0o644); },
            "scripts/run.sh is not executable: chmod +x it",
        ],
        [
            "a hook with Windows line ends",
            { "scripts/run.sh": "#!/bin/bash\r\ntrue\r\n" },
            () => undefined,
            "scripts/run.sh has Windows line ends, with which it finds no interpreter",
        ],
    ];
    for (const [what, change, spoil, problems] of wrong) {
        it(`refuse ${what}`, () => {
            using folder = temporaryFolder();
            writeScripts(folder.path, change);
            spoil(folder.path);
            assert.throws(
                () => readReleaseScripts(folder.path),
                new ReleaseError(`'${folder.path}' holds no release: ${problems}`),
            );
        });
    }

    it("refuse a folder that is not there with one error", () => {
        assert.throws(() => readReleaseScripts("/nowhere/app-scripts"), {
            name: "ReleaseError",
            message: /^'\/nowhere\/app-scripts' holds no release: appspec\.yml is missing; /,
        });
    });
});
