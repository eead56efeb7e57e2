import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const complete = {
    "appspec.yml": "version: 0.0\nos: linux\n",
    "docker-compose.dev.yml": "services: {}\n",
    "docker-compose.stg.yml": "services: {}\n",
    "docker-compose.prod.yml": "services: {}\n",
    "scripts/common.sh": "# shellcheck shell=bash\nfail() { exit 1; }\n",
    "scripts/run.sh": "#!/bin/bash\ndocker compose up -d\n",
};

/** A folder for one test, gone with its scope. */
export function temporaryFolder(): Disposable & { readonly path: string } {
    const path = mkdtempSync(join(tmpdir(), "gapless-test-"));
    return { path, [Symbol.dispose]: () => { rmSync(path, { recursive: true, force: true }); } };
}

/** Writes the smallest whole `app-scripts` folder, changed by content; `undefined` leaves a file out. */
export function writeScripts(folder: string, change: Readonly<Record<string, string | undefined>> = {}): void {
    mkdirSync(join(folder, "scripts"));
    const files: Readonly<Record<string, string | undefined>> = { ...complete, ...change };
    for (const [path, content] of Object.entries(files)) {
        if (content === undefined) continue;
        writeFileSync(join(folder, path), content);
        chmodSync(join(folder, path), content.startsWith("#!") ? 0o755 : 0o644);
    }
}
