import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { geteuid } from "node:process";
import type { LifecycleEvent } from "../../../release/lifecycle";
import type { EventOutcome } from "../../../rehearsal/agent/host-agent";
import { appspec, bundle, TestHost, zip, type BundleFiles } from "./test-host";

interface Fact {
    readonly fact: string;
    /** Somebody's files on the host. */
    readonly before?: Readonly<Record<string, string>>;
    /** Deployed one after the other, without a load balancer; the last one is looked at. */
    readonly releases: readonly BundleFiles[];
    readonly event: LifecycleEvent;
    /** Status of the event, with the code where it failed. */
    readonly ends: string;
    /** What its message says, or its log where it has none. */
    readonly says?: RegExp;
    /** What is then on the host, by path; undefined: nothing. */
    readonly found?: Readonly<Record<string, string | undefined>>;
    readonly modes?: Readonly<Record<string, string>>;
    /** What only root can do. */
    readonly forRoot?: true;
}

const start = (entry: string, files: BundleFiles = {}): BundleFiles => ({ "appspec.yml": appspec(`hooks: {ApplicationStart: [${entry}]}`), ...files });
const script = (text: string, timeout = 20): BundleFiles => start(`{location: run.sh, timeout: ${timeout}}`, { "run.sh": `#!/bin/sh\n${text}\n` });
const files = (content: BundleFiles, ...lines: readonly string[]): BundleFiles => ({
    "appspec.yml": appspec("files: [{source: app, destination: /srv/app}]", ...lines),
    ...Object.fromEntries(Object.entries(content).map(([path, text]) => [`app/${path}`, text])),
});
const stop = (text: string, more = ""): BundleFiles => ({ "appspec.yml": appspec(`hooks: {ApplicationStop: [{location: stop.sh}]${more}}`), "stop.sh": `#!/bin/sh\n${text}\n`, "fail.sh": "#!/bin/sh\nexit 1" });

/** Sections of the guide in docs/host-agent.md. */
const sections: Readonly<Record<string, readonly Fact[]>> = {
    "the release a script comes from": [
        { fact: "a first deployment has nothing to stop", releases: [stop("echo one")], event: "ApplicationStop", ends: "noop" },
        { fact: "ApplicationStop is the script of the release before", releases: [stop("echo one"), stop("echo two")], event: "ApplicationStop", ends: "succeeded", says: /\[stdout\]one\n$/ },
        { fact: "a release that failed after Install counts as installed", releases: [stop("echo one"), stop("echo two", ", AfterInstall: [{location: fail.sh}]"), stop("echo three")], event: "ApplicationStop", ends: "succeeded", says: /\[stdout\]two\n$/ },
        { fact: "a release that failed before Install does not", releases: [stop("echo one"), stop("echo two", ", BeforeInstall: [{location: fail.sh}]"), stop("echo three")], event: "ApplicationStop", ends: "succeeded", says: /\[stdout\]one\n$/ },
        { fact: "a broken stop script stops the next deployment", releases: [stop("exit 9"), stop("exit 0")], event: "ApplicationStop", ends: "failed 4", says: /stop\.sh failed with exit code 9$/ },
    ],
    "hook scripts": [
        { fact: "the working directory is the agent's, not the bundle's", releases: [script("touch here")], event: "ApplicationStart", ends: "succeeded", found: { "/here": "" } },
        { fact: "standard input is at its end", releases: [script("read -r line || echo none")], event: "ApplicationStart", ends: "succeeded", says: /\[stdout\]none\n$/ },
        { fact: "CodeDeploy's variables are there", releases: [script('echo "$LIFECYCLE_EVENT $DEPLOYMENT_ID $APPLICATION_NAME $DEPLOYMENT_GROUP_NAME $DEPLOYMENT_GROUP_ID $BUNDLE_BUCKET"')], event: "ApplicationStart", ends: "succeeded", says: /\[stdout\]ApplicationStart d-1 shop prod group-1 releases\n$/ },
        { fact: "a script without execute bit is made executable", releases: [start("{location: run}", { run: "#!/bin/sh\necho ran" })], event: "ApplicationStart", ends: "succeeded", says: /ran/ },
        { fact: "a script without first line is the shell's", releases: [start("{location: run}", { run: "echo ran" })], event: "ApplicationStart", ends: "succeeded", says: /ran/ },
        { fact: "a first line that ends in CRLF names no interpreter", releases: [start("{location: run}", { run: "#!/bin/sh\r\necho ran" })], event: "ApplicationStart", ends: "failed 4", says: /Errno::ENOENT/ },
        { fact: "a location takes no arguments", releases: [start('{location: "run.sh now"}', { "run.sh": "" })], event: "ApplicationStart", ends: "failed 1", says: /^Script does not exist at specified location: .*run\.sh now$/ },
        { fact: "the first script that fails ends the event", releases: [start("{location: a.sh}, {location: b.sh}", { "a.sh": "#!/bin/sh\nexit 3", "b.sh": "#!/bin/sh\ntouch b" })], event: "ApplicationStart", ends: "failed 4", says: /exit code 3$/, found: { "/b": undefined } },
        { fact: "a timeout ends the whole process group with TERM", releases: [script("exec 2>/dev/null\n(trap 'touch child; exit' TERM; while :; do sleep 0.02; done) &\ntrap 'wait; exit' TERM\nwait", 1)], event: "ApplicationStart", ends: "failed 3", says: /failed to complete in 1 seconds$/, found: { "/child": "" } },
        { fact: "a script that takes its time after TERM is waited for", releases: [script("exec 2>/dev/null\ntrap 'sleep 0.3; touch late; exit' TERM\nwhile :; do sleep 0.02; done", 1)], event: "ApplicationStart", ends: "failed 3", found: { "/late": "" } },
        { fact: "a child that holds the output fails the event", releases: [script("sleep 1.3 &", 1)], event: "ApplicationStart", ends: "failed 6", says: /failed to close STDOUT$/ },
        { fact: "a child that holds the output hides the exit code", releases: [script("sleep 1.3 &\nexit 4", 1)], event: "ApplicationStart", ends: "failed 6" },
        { fact: "a child with outputs of its own does not", releases: [script("sleep 1.3 >/dev/null 2>&1 </dev/null &", 1)], event: "ApplicationStart", ends: "succeeded" },
        { fact: "a script that a signal ended has no exit code", releases: [script("kill -KILL $$")], event: "ApplicationStart", ends: "failed 4", says: /failed with exit code $/ },
        { fact: "output that is not UTF-8 fails the event without a code", releases: [script("printf '\\351\\n'")], event: "ApplicationStart", ends: "failed", says: /minimal diagnostics/ },
        { fact: "the log tail keeps short lines", releases: [script("head -c 1000 /dev/zero | tr '\\0' a; echo; echo end")], event: "ApplicationStart", ends: "succeeded", says: /LifecycleEvent[^]*aaa\n\[stdout\]end\n$/ },
        { fact: "the log tail loses the lines before a long one", releases: [script("echo first; head -c 2100 /dev/zero | tr '\\0' a; echo; echo end")], event: "ApplicationStart", ends: "succeeded", says: /^\[stdout\]end\n$/ },
        { fact: "runas is su, which keeps the environment and takes the user's home", forRoot: true, releases: [start("{location: run.sh, runas: root}", { "run.sh": '#!/bin/sh\necho "$HOME $DEPLOYMENT_ID"' })], event: "ApplicationStart", ends: "succeeded", says: /\[stdout\]\/root d-1\n$/ },
        { fact: "runas of a user without login fails", forRoot: true, releases: [start("{location: run.sh, runas: nobody}", { "run.sh": "#!/bin/sh\n" })], event: "ApplicationStart", ends: "failed 4", says: /run as user nobody failed with exit code 1$/ },
    ],
    "appspec.yml": [
        { fact: "a version in quotes fails", releases: [{ "appspec.yml": 'version: "0.0"\nos: linux\n' }], event: "BeforeInstall", ends: "failed 5", says: /invalid version value \(0\.0\)/ },
        { fact: "another os fails", releases: [{ "appspec.yml": "version: 0.0\nos: amazon\n" }], event: "BeforeInstall", ends: "failed 5", says: /unsupported operating system \(amazon\)/ },
        { fact: "an empty file fails", releases: [{ "appspec.yml": "" }], event: "BeforeInstall", ends: "failed 5", says: /was empty/ },
        { fact: "tabs fail", releases: [{ "appspec.yml": "version: 0.0\nos: linux\nhooks:\n\tA: []\n" }], event: "BeforeInstall", ends: "failed 5" },
        { fact: "behind a byte order mark only the first key is read", releases: [{ "appspec.yml": `\uFEFF${appspec()}` }], event: "BeforeInstall", ends: "failed 5", says: /operating system \(\)/ },
        { fact: "an unknown key is passed over", releases: [{ "appspec.yml": appspec("hoks: {Nothing: [1]}") }], event: "Install", ends: "succeeded" },
        { fact: "a hook without list is passed over, whatever its name", releases: [{ "appspec.yml": appspec("hooks: {Nothing: }") }], event: "Install", ends: "succeeded" },
        { fact: "a misspelt hook fails, at Install", releases: [{ "appspec.yml": appspec("hooks: {Nothing: []}") }], event: "Install", ends: "failed 5", says: /unknown lifecycle events: \["Nothing"\]/ },
        { fact: "a file called appspec.yaml is not found by the hooks", releases: [{ "appspec.yaml": appspec(), "other": "" }], event: "BeforeInstall", ends: "failed 5", says: /did not find an AppSpec file/ },
        { fact: "a leading folder is left out when it holds an appspec", releases: [{ "app-1/appspec.yml": appspec(), "app-1/other": "" }], event: "Install", ends: "succeeded" },
        { fact: "an appspec deeper in the bundle is not found", releases: [{ "a/b/appspec.yml": appspec(), "other": "" }], event: "BeforeInstall", ends: "failed 5", says: /did not find/ },
        { fact: "a destination is a folder", releases: [{ "appspec.yml": appspec("files: [{source: a.txt, destination: /srv/a.txt}]"), "a.txt": "a" }], event: "Install", ends: "succeeded", found: { "/srv/a.txt/a.txt": "a" } },
        { fact: "a source of / is the whole bundle", releases: [{ "appspec.yml": appspec("files: [{source: /, destination: /srv}]"), "a.txt": "a" }], event: "Install", ends: "succeeded", found: { "/srv/a.txt": "a", "/srv/appspec.yml": appspec("files: [{source: /, destination: /srv}]") } },
        { fact: "a missing source fails, with half of the release installed", releases: [{ "appspec.yml": appspec("files: [{source: a.txt, destination: /srv}, {source: b.txt, destination: /srv}]"), "a.txt": "a" }], event: "Install", ends: "failed 5", says: /^No such file or directory - .*b\.txt$/, found: { "/srv/a.txt": "a" } },
        { fact: "one destination for two sources fails, with nothing installed", releases: [{ "appspec.yml": appspec("files: [{source: x/a.txt, destination: /srv}, {source: y/a.txt, destination: /srv}]"), "x/a.txt": "x", "y/a.txt": "y" }], event: "Install", ends: "failed 5", says: /same destination/, found: { "/srv/a.txt": undefined } },
        { fact: "the files of the last install are removed", releases: [files({ "old.txt": "1" }), files({ "new.txt": "2" })], event: "Install", ends: "succeeded", found: { "/srv/app/old.txt": undefined, "/srv/app/new.txt": "2" } },
        { fact: "they are removed even when the install fails", before: { "/srv/app/new.txt": "theirs" }, releases: [files({ "old.txt": "1" }), files({ "new.txt": "2" })], event: "Install", ends: "failed 5", says: /already exists at this location: \/srv\/app\/new\.txt$/, found: { "/srv/app/old.txt": undefined, "/srv/app/new.txt": "theirs" } },
        { fact: "OVERWRITE takes the place of somebody's file", before: { "/srv/app/a.txt": "theirs" }, releases: [files({ "a.txt": "ours" }, "file_exists_behavior: OVERWRITE")], event: "Install", ends: "succeeded", found: { "/srv/app/a.txt": "ours" } },
        { fact: "RETAIN keeps somebody's file", before: { "/srv/app/a.txt": "theirs" }, releases: [files({ "a.txt": "ours" }, "file_exists_behavior: RETAIN")], event: "Install", ends: "succeeded", found: { "/srv/app/a.txt": "theirs" } },
        { fact: "RETAIN replaces the files of the last install", releases: [files({ "a.txt": "1" }), files({ "a.txt": "2" }, "file_exists_behavior: RETAIN")], event: "Install", ends: "succeeded", found: { "/srv/app/a.txt": "2" } },
        { fact: "the behaviour has capital letters", releases: [files({}, "file_exists_behavior: retain")], event: "BeforeInstall", ends: "failed 5", says: /invalid file_exists_behavior value \(retain\)/ },
        { fact: "a mode in quotes is set", releases: [files({ "a.txt": "" }, 'permissions: [{object: /srv/app, mode: "0640"}]')], event: "Install", ends: "succeeded", modes: { "/srv/app/a.txt": "640" } },
        { fact: "a bare mode of decimal digits is set", releases: [files({ "a.txt": "" }, "permissions: [{object: /srv/app, mode: 640}]")], event: "Install", ends: "succeeded", modes: { "/srv/app/a.txt": "640" } },
        { fact: "a bare 0640 is octal and sets 0416", releases: [files({ "a.txt": "" }, "permissions: [{object: /srv/app, mode: 0640}]")], event: "Install", ends: "succeeded", modes: { "/srv/app/a.txt": "416" } },
        { fact: "a bare 0755 is octal and fails", releases: [files({}, "permissions: [{object: /srv/app, mode: 0755}]")], event: "BeforeInstall", ends: "failed 5", says: /\(493\).*invalid character \(9\)/ },
        { fact: "a permission never touches its own folder, and by pattern takes direct children", releases: [files({ "a.sh": "", "b.txt": "", "sub/c.sh": "" }, 'permissions: [{object: /srv/app, pattern: "*.sh", mode: "700"}]')], event: "Install", ends: "succeeded", modes: { "/srv/app": "755", "/srv/app/a.sh": "700", "/srv/app/b.txt": "644", "/srv/app/sub/c.sh": "755" } },
        { fact: "the owner is set after the mode and drops set-uid", forRoot: true, releases: [files({ "a.txt": "" }, 'permissions: [{object: /srv/app, mode: "4755", owner: daemon, type: [file]}]')], event: "Install", ends: "succeeded", modes: { "/srv/app/a.txt": "755" } },
    ],
};

function ended({ status, errorCode }: EventOutcome): string {
    return errorCode === undefined ? status : `${status} ${errorCode}`;
}

describe("the host agent by the facts", () => {
    for (const [section, facts] of Object.entries(sections)) {
        describe(`of ${section}:`, () => {
            for (const { fact, before = {}, releases, event, ends, says, found = {}, modes = {}, forRoot } of facts) {
                if (forRoot && geteuid?.() !== 0) {
                    it(`${fact}: needs root`, undefined);
                    continue;
                }
                it(fact, async () => {
                    await using host = await TestHost.make();
                    for (const [path, text] of Object.entries(before)) await host.write(path, text);
                    let outcomes: Partial<Record<LifecycleEvent, EventOutcome>> = {};
                    for (const release of releases) outcomes = await host.deploy(release);
                    const outcome = outcomes[event] ?? assert.fail(`${event} was not reached: ${JSON.stringify(outcomes)}`);
                    assert.equal(ended(outcome), ends, outcome.message);
                    assert.match(outcome.message ?? outcome.logTail ?? "", says ?? /(?:)/);
                    for (const [path, text] of Object.entries(found)) assert.equal(await host.read(path), text, path);
                    for (const [path, mode] of Object.entries(modes)) assert.equal(await host.mode(path), mode, path);
                });
            }
        });
    }

    describe("of the agent itself:", () => {
        it("the state belongs to the id of the deployment group: another one stops nothing and meets its files as somebody's", async () => {
            await using host = await TestHost.make();
            await host.deploy(files({ "a.txt": "1" }));
            const { ApplicationStop, Install } = await host.deploy(files({ "a.txt": "2" }), { deploymentGroupId: "group-2" });
            assert.deepEqual([ApplicationStop?.status, Install?.status, Install?.message], ["noop", "failed", "The deployment failed because a specified file already exists at this location: /srv/app/a.txt"]);
        });

        it("a bundle is compared with the ETag that was registered", async () => {
            await using host = await TestHost.make();
            const content = zip(script("exit 0"));
            const etag = createHash("md5").update(content).digest("hex");
            const download = async (wanted: string): Promise<string> =>
                ended(await host.agent(script("exit 0")).run("DownloadBundle", { id: "d-1", bundle: { ...bundle, etag: wanted } }));
            assert.deepEqual([await download(etag), await download("0")], ["succeeded", "failed 5"]);
        });

        it("an agent that is started again reports the event that the one before was at, with code 7", async () => {
            await using host = await TestHost.make();
            await host.write("/opt/codedeploy-agent/deployment-root/ongoing-deployment/d-1", "Install");
            const outcome = await host.agent({}).start();
            assert.deepEqual([outcome?.status, outcome?.errorCode], ["failed", 7]);
        });
    });
});
