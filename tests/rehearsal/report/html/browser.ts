import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { launch, type Browser } from "puppeteer-core";
import { ensureProgram } from "../../../../rehearsal/docker/packages";

export interface Started extends AsyncDisposable {
    readonly browser: Browser;
    /** For pages; it goes away with the browser. */
    readonly folder: string;
}

/** Starts Debian's Chromium without a window, installed if need be. */
export async function startBrowser(): Promise<Started> {
    await ensureProgram({
        program: "chromium", packages: ["chromium"], advice: "Install Chromium.", announce: () => undefined, signal: new AbortController().signal,
    });
    const { stdout: executablePath } = await execa("sh", ["-c", "command -v chromium"]);
    const folder = await mkdtemp(join(tmpdir(), "report-page-"));
    // Its sandbox refuses to run as root, and there is nothing here that it would guard against.
    const browser = await launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"], userDataDir: join(folder, "profile") });
    return {
        browser, folder,
        [Symbol.asyncDispose]: async () => {
            await browser.close();
            await rm(folder, { recursive: true });
        },
    };
}
