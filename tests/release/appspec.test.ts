import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { lifecycleEvents } from "../../release/lifecycle";
import { readReleaseScripts } from "../../release/release-scripts";
import { hooks } from "../../release/rollout";

interface Appspec {
    readonly version: unknown;
    readonly os: unknown;
    readonly hooks: Readonly<Record<string, readonly { readonly location: string; readonly timeout: number }[]>>;
}

const appScripts = join(__dirname, "../../app-scripts");

describe("the appspec that we ship", () => {
    const read = () => parse(readFileSync(join(appScripts, "appspec.yml"), "utf8")) as Appspec;

    it("has the head that the agent wants: a version that is a number, and linux", () => {
        const { version, os } = read();
        assert.deepEqual({ version, os }, { version: 0, os: "linux" });
    });

    it("names the scripts and seconds of release/rollout.ts, event by event", () => {
        const written = Object.entries(read().hooks).map(([event, scripts]) => [
            event,
            scripts.map(({ location, timeout }) => ({ script: location, timeoutSeconds: timeout })),
        ]);
        assert.deepEqual(Object.fromEntries(written), hooks);
    });

    it("lists the events in the order in which they happen", () => {
        const written = Object.keys(read().hooks);
        assert.deepEqual(written, lifecycleEvents.filter(event => written.includes(event)));
    });

    it("names scripts that are part of the release, and executable", () => {
        const executable = readReleaseScripts(appScripts).filter(({ mode }) => mode === 0o755).map(({ path }) => path);
        const named = Object.values(read().hooks).flat().map(({ location }) => location);
        assert.deepEqual(named.filter(location => !executable.includes(location)), []);
    });
});
