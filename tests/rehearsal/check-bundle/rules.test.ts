import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { revisionOf } from "../../../release/lifecycle";
import { checkBundle } from "../../../rehearsal/check-bundle/check-bundle";
import type { Finding } from "../../../rehearsal/check-bundle/finding";
import { appspec, TestHost, type BundleFiles } from "../agent/test-host";
import { findingsOf, inFolder } from "./bundle-folder";

const script = "#!/bin/sh\nexit 0\n";

function withAppspec(text: string, more: BundleFiles = {}): BundleFiles {
    return { "appspec.yml": text, "run.sh": script, "app/a.txt": "a", "app/b.txt": "b", ...more };
}

/** A bundle with these lines below the first two. */
function lines(...more: readonly string[]): BundleFiles {
    return withAppspec(appspec(...more));
}

function hook(event: string, entry: string, more: BundleFiles = {}): BundleFiles {
    return withAppspec(appspec("hooks:", `  ${event}:`, `    - ${entry}`), more);
}

function startScript(text: string): BundleFiles {
    return hook("ApplicationStart", "{location: run.sh, timeout: 5}", { "run.sh": text });
}

const overwrite = "file_exists_behavior: OVERWRITE";
const intoSrv = "files: [{source: app, destination: /srv/app}]";

function permission(entry: string): BundleFiles {
    return lines(overwrite, intoSrv, `permissions: [${entry}]`);
}

interface Row {
    readonly trap: string;
    readonly files: BundleFiles;
    /** severity, where, and for errors the event with its code. */
    readonly finding: string;
    /** What the finding says, in part. */
    readonly says: RegExp;
    readonly fix?: RegExp;
    /** The same without the trap, where nothing is found. */
    readonly control: BundleFiles;
}

const good = hook("ApplicationStart", "{location: run.sh, timeout: 5}");

// A line a rule at least; what a host does with the bundle of each is tried below.
const rows: readonly Row[] = [
    { trap: "no appspec", files: { "run.sh": script }, finding: "error appspec.yml BeforeInstall 5", says: /did not find an AppSpec file/, control: good },
    { trap: "an appspec.yaml", files: { "appspec.yaml": appspec(), "run.sh": script }, finding: "error appspec.yaml BeforeInstall 5", says: /did not find/, fix: /not appspec\.yaml/, control: lines() },
    { trap: "an appspec in a folder", files: { "conf/appspec.yml": appspec(), "run.sh": script }, finding: "error conf/appspec.yml BeforeInstall 5", says: /did not find/, fix: /at the root/, control: lines() },

    { trap: "a version in quotes", files: withAppspec('version: "0.0"\nos: linux\n'), finding: "error appspec.yml:1 BeforeInstall 5", says: /invalid version value \(0\.0\)/, fix: /without quotes/, control: lines() },
    { trap: "no os", files: withAppspec("version: 0.0\n"), finding: "error appspec.yml:1 BeforeInstall 5", says: /unsupported operating system \(\)/, fix: /os: linux/, control: lines() },
    { trap: "another os", files: withAppspec("version: 0.0\nos: Linux\n"), finding: "error appspec.yml:2 BeforeInstall 5", says: /unsupported operating system \(Linux\)/, control: lines() },
    { trap: "an empty appspec", files: withAppspec(""), finding: "error appspec.yml:1 BeforeInstall 5", says: /file was empty/, fix: /^Write version: 0\.0 and os: linux\.$/, control: lines() },
    { trap: "tabs", files: withAppspec("version: 0.0\nos: linux\nhooks:\n\tApplicationStart:\n"), finding: "error appspec.yml:4 BeforeInstall 5", says: /^\(<unknown>\)/, fix: /no tabs/, control: lines("hooks: {}") },
    { trap: "a byte order mark", files: withAppspec("\uFEFFversion: 0.0\nos: linux\n"), finding: "error appspec.yml:2 BeforeInstall 5", says: /unsupported operating system \(\)/, fix: /byte order mark/, control: lines() },
    { trap: "hooks that are a list", files: lines("hooks: [{ApplicationStart: []}]"), finding: "error appspec.yml:3 BeforeInstall 5", says: /each_pair/, control: lines("hooks: {}") },
    { trap: "a script without location", files: hook("AfterInstall", "{timeout: 5}"), finding: "error appspec.yml:5 BeforeInstall 5", says: /no location value/, fix: /received \{"timeout":5\}/, control: hook("AfterInstall", "{location: run.sh, timeout: 5}") },
    { trap: "a timeout of 0", files: hook("AfterInstall", "{location: run.sh, timeout: 0}"), finding: "error appspec.yml:5 BeforeInstall 5", says: /invalid timeout/, fix: /^Give run\.sh a timeout: .*; received 0\.$/, control: hook("AfterInstall", "{location: run.sh, timeout: 1}") },
    { trap: "a file without destination", files: lines(overwrite, "files: [{source: app}]"), finding: "error appspec.yml:4 BeforeInstall 5", says: /only a source file/, control: lines(overwrite, intoSrv) },
    { trap: "a behaviour in small letters", files: lines("file_exists_behavior: overwrite", intoSrv), finding: "error appspec.yml:3 BeforeInstall 5", says: /invalid file_exists_behavior/, fix: /capitals/, control: lines(overwrite, intoSrv) },
    { trap: "sudo", files: hook("AfterInstall", "{location: run.sh, timeout: 5, sudo: true}"), finding: "warning appspec.yml:5", says: /does not model a script under sudo/, control: hook("AfterInstall", "{location: run.sh, timeout: 5, sudo: false}") },
    { trap: "acls", files: permission('{object: /srv/app, mode: "640", acls: ["u:a:r"]}'), finding: "warning appspec.yml:5", says: /does not model acls/, control: permission('{object: /srv/app, mode: "640"}') },
    { trap: "an unknown key", files: lines("hoks: {}"), finding: "warning appspec.yml:3", says: /knows no hoks/, fix: /^Is hooks meant\?$/, control: lines("hooks: {}") },
    { trap: "a key like no other", files: lines("maintainer: me"), finding: "warning appspec.yml:3", says: /knows no maintainer/, fix: /^Leave it out\.$/, control: lines() },
    { trap: "an unknown key of a script", files: hook("AfterInstall", "{location: run.sh, timeout: 5, run_as: root}"), finding: "warning appspec.yml:5", says: /knows no run_as here/, fix: /^Is runas meant\?$/, control: good },
    { trap: "an unknown key of a file", files: lines(overwrite, "files:", "  - {source: app, destination: /srv/app, mode: 1}"), finding: "warning appspec.yml:5", says: /knows no mode here/, fix: /^Leave it out\.$/, control: lines(overwrite, intoSrv) },
    { trap: "an unknown key of a permission", files: permission('{object: /srv/app, mode: "640", owners: root}'), finding: "warning appspec.yml:5", says: /knows no owners here/, fix: /^Is owner meant\?$/, control: permission('{object: /srv/app, mode: "640", pattern: "**", except: [], type: [file]}') },
    { trap: "a key that stands twice", files: lines("hooks: {}", "hooks: {}"), finding: "warning appspec.yml:4", says: /only this later one counts/, control: lines("hooks: {}") },
    { trap: "a second document", files: lines("---", "hooks: {}"), finding: "warning appspec.yml", says: /nothing after it/, control: lines("hooks: {}") },

    { trap: "a misspelt hook", files: hook("AfterInstal", "{location: run.sh, timeout: 5}"), finding: "error appspec.yml:4 Install 5", says: /unknown lifecycle events: \["AfterInstal"\]/, fix: /^Is AfterInstall meant\?$/, control: hook("AfterInstall", "{location: run.sh, timeout: 5}") },
    { trap: "a hook of the balancer", files: hook("AllowTraffic", "{location: run.sh, timeout: 5}"), finding: "error appspec.yml:4 Install 5", says: /unknown lifecycle events/, fix: /BeforeAllowTraffic or AfterAllowTraffic/, control: hook("BeforeAllowTraffic", "{location: run.sh, timeout: 5}") },
    { trap: "a hook without list", files: lines("hooks:", "  AfterInstall:"), finding: "warning appspec.yml:4", says: /AfterInstall has no list/, control: lines("hooks:", "  AfterInstall: []") },
    { trap: "a missing script", files: hook("AfterInstall", "{location: gone.sh, timeout: 5}"), finding: "error appspec.yml:5 AfterInstall 1", says: /^Script does not exist at specified location: .*\/gone\.sh$/, control: hook("AfterInstall", "{location: ./run.sh, timeout: 5}") },
    { trap: "a missing script of the stop", files: hook("ApplicationStop", "{location: gone.sh, timeout: 5}"), finding: "error appspec.yml:5 ApplicationStop 1", says: /gone\.sh$/, control: hook("ApplicationStop", "{location: run.sh, timeout: 5}") },
    { trap: "arguments", files: hook("AfterInstall", '{location: "run.sh --now", timeout: 5}'), finding: "error appspec.yml:5 AfterInstall 1", says: /run\.sh --now$/, fix: /takes no arguments: name run\.sh alone/, control: good },
    { trap: "a folder for a script", files: hook("AfterInstall", "{location: app, timeout: 5}"), finding: "error appspec.yml:5 AfterInstall 4", says: /EACCES/, control: good },
    { trap: "a blank in a script's name", files: hook("AfterInstall", '{location: "my run.sh", timeout: 5}', { "my run.sh": script }), finding: "error appspec.yml:5 AfterInstall 4", says: /ENOENT .*\/my$/, control: hook("AfterInstall", "{location: my-run.sh, timeout: 5}", { "my-run.sh": script }) },
    { trap: "a name for the shell", files: hook("AfterInstall", '{location: "a;b.sh", timeout: 5}', { "a;b.sh": script }), finding: "warning appspec.yml:5", says: /by a shell/, control: good },
    { trap: "a stop that looks for the new release", files: hook("ApplicationStop", "{location: run.sh, timeout: 5}", { "run.sh": '#!/bin/sh\ncd "/opt/codedeploy-agent/deployment-root/$DEPLOYMENT_GROUP_ID/$DEPLOYMENT_ID/deployment-archive"\nexit 0\n' }), finding: "warning appspec.yml:5", says: /nothing is unpacked there yet/, control: hook("AfterInstall", "{location: run.sh, timeout: 5}", { "run.sh": '#!/bin/sh\ncd "/opt/codedeploy-agent/deployment-root/$DEPLOYMENT_GROUP_ID/$DEPLOYMENT_ID/deployment-archive"\n' }) },
    { trap: "a stop that may fail", files: hook("ApplicationStop", "{location: run.sh, timeout: 5}", { "run.sh": "#!/bin/sh\ntrue\n" }), finding: "warning appspec.yml:5", says: /^run\.sh runs at the next deployment.*blocks every later deployment, rollbacks included/, fix: /ApplicationStart/, control: hook("ApplicationStop", "{location: run.sh, timeout: 5}", { "run.sh": "#!/bin/sh\ntrue\nexit 0\n\n# the end\n" }) },
    { trap: "a stop that may end earlier", files: hook("ApplicationStop", "{location: run.sh, timeout: 5}", { "run.sh": "#!/bin/sh\nfalse && exit 1\nexit 0\n" }), finding: "warning appspec.yml:5", says: /blocks/, control: hook("ApplicationStart", "{location: run.sh, timeout: 5}", { "run.sh": "#!/bin/sh\nfalse && exit 1\nexit 0\n" }) },
    { trap: "a stop that ends at the first failure", files: hook("ApplicationStop", "{location: run.sh, timeout: 5}", { "run.sh": "#!/bin/sh\nset -eu\nexit 0\n" }), finding: "warning appspec.yml:5", says: /blocks/, control: hook("ApplicationStop", "{location: run.sh, timeout: 5}", { "run.sh": "#!/bin/sh\nset -u\nexit 0\n" }) },
    { trap: "a stop whose shell ends at the first failure", files: hook("ApplicationStop", "{location: run.sh, timeout: 5}", { "run.sh": "#!/bin/sh -e\nexit 0\n" }), finding: "warning appspec.yml:5", says: /blocks/, control: hook("ApplicationStop", "{location: run.sh, timeout: 5}", { "run.sh": "#!/bin/sh -u\nexit 0\n" }) },

    { trap: "no timeout", files: hook("AfterInstall", "{location: run.sh}"), finding: "warning appspec.yml:5", says: /stands still for 3600 s/, control: good },
    { trap: "more than an hour for an event", files: lines("hooks: {AfterInstall: [{location: run.sh, timeout: 3000}, {location: run.sh, timeout: 601}]}"), finding: "warning appspec.yml:3", says: /3601 s together/, control: lines("hooks: {AfterInstall: [{location: run.sh, timeout: 3000}, {location: run.sh, timeout: 600}], ApplicationStart: [{location: run.sh, timeout: 600}]}") },

    { trap: "CRLF in the first line", files: startScript("#!/bin/sh\r\nexit 0\r\n"), finding: "error run.sh:1 ApplicationStart 4", says: /ENOENT/, fix: /\.gitattributes/, control: startScript("#!/bin/sh\nexit 0\n") },
    { trap: "CRLF further down", files: startScript("#!/bin/sh\necho one\r\n"), finding: "warning run.sh:2", says: /CRLF/, control: startScript("#!/bin/sh\necho one\n") },
    { trap: "an interpreter that is not there", files: startScript("#!/usr/local/bin/fish\n"), finding: "warning run.sh:1", says: /without \/usr\/local\/bin\/fish/, control: startScript("#!/usr/bin/env bash\n") },
    { trap: "a program that env does not find", files: startScript("#!/usr/bin/env -S A=1 pyton -v\n"), finding: "warning run.sh:1", says: /without pyton; .* exit code 127/, control: startScript("#!/usr/bin/env -S A=1 /bin/sh -u\n") },
    { trap: "a path from the root of the bundle", files: startScript("#!/bin/sh\n# app/b.txt\necho app/b.txt\nls ./app/a.txt || true\ncd /tmp\nls app/b.txt || true\n"), finding: "warning run.sh:4", says: /: \.\/app\/a\.txt is not there/, fix: /dirname/, control: startScript('#!/bin/sh\ncat "$(dirname "$0")/app/a.txt" /app/a.txt ./app/none app || true\ncd "$(dirname "$0")" && cat app/a.txt\n') },
    { trap: "a path in a shell's script without a first line", files: startScript("ls app/a.txt || true\n"), finding: "warning run.sh:1", says: /is not there/, control: startScript("#!/usr/bin/awk -f\n# nothing\nBEGIN { f = 0; exit app/a.txt }\n") },
    { trap: "a restart of the agent", files: startScript("#!/bin/sh\nfalse && systemctl restart codedeploy-agent\nexit 0\n"), finding: "warning run.sh:2", says: /The agent.* code 7/, control: startScript('#!/bin/sh\nfalse && systemctl status codedeploy-agent\nfalse && echo "service codedeploy-agent restart" | at now\n# service codedeploy-agent restart\nfalse && systemctl start codedeploy-agent; false && systemctl restart nginx\nexit 0\n') },
    { trap: "a restart of the agent in the older way", files: startScript("#!/bin/sh\nfalse && sudo service codedeploy-agent restart\nexit 0\n"), finding: "warning run.sh:2", says: /code 7/, control: good },
    { trap: "a reboot", files: startScript("#!/bin/sh\nfalse && sudo /sbin/shutdown -r now\nexit 0\n"), finding: "warning run.sh:2", says: /goes down/, control: startScript("#!/bin/sh\necho reboot\ntouch /tmp/reboot\n# reboot\nfalse && ./shutdown.sh\nexit 0\n") },
    { trap: "a child that keeps the output", files: startScript("#!/bin/sh\n(sleep 0.1; :) &\n"), finding: "warning run.sh:2", says: /code 6/, control: startScript("#!/bin/sh\ntrue && true\n(sleep 0.1; :) >/dev/null 2>&1 </dev/null &\n# a & b &\n") },
    { trap: "a child that is waited for too early", files: startScript("#!/bin/sh\nwait\nsleep 0.1 & # and on\n"), finding: "warning run.sh:3", says: /code 6/, control: startScript("#!/bin/sh\nsleep 0.1 & # and on\nwait\n") },
    { trap: "a child before its output is led away", files: startScript("#!/bin/sh\nsleep 0.1 &\nexec >/dev/null 2>&1\n"), finding: "warning run.sh:2", says: /code 6/, control: startScript("#!/bin/sh\nexec >/dev/null 2>&1\nsleep 0.1 &\n") },

    { trap: "a missing source", files: lines(overwrite, "files:", "  - {source: gone, destination: /srv/app}"), finding: "error appspec.yml:5 Install 5", says: /^No such file or directory - .*\/gone$/, control: lines(overwrite, intoSrv) },
    { trap: "a star in a source", files: lines(overwrite, "files:", "  - {source: app/*, destination: /srv/app}"), finding: "error appspec.yml:5 Install 5", says: /app\/\*$/, fix: /no stars/, control: lines(overwrite, intoSrv) },
    { trap: "two sources for one file", files: lines(overwrite, "files:", "  - {source: app, destination: /srv/app}", "  - {source: app/a.txt, destination: /srv/app}"), finding: "error appspec.yml:6 Install 5", says: /same destination \(\/srv\/app\/a\.txt\)/, control: lines(overwrite, "files:", "  - {source: app/b.txt, destination: /srv/app}", "  - {source: app/a.txt, destination: /srv/app}") },
    { trap: "a destination like a file", files: lines(overwrite, "files: [{source: app/a.txt, destination: /srv/a.txt}]"), finding: "warning appspec.yml:4", says: /becomes \/srv\/a\.txt\/a\.txt/, fix: /destination: \/srv,/, control: lines(overwrite, "files: [{source: app, destination: /srv/conf.d}]") },
    { trap: "a relative destination", files: lines(overwrite, "files: [{source: app, destination: srv/app}]"), finding: "warning appspec.yml:4", says: /was started in/, control: lines(overwrite, intoSrv) },
    { trap: "the default for existing files", files: lines(intoSrv), finding: "warning appspec.yml:3", says: /already exists/, fix: /OVERWRITE/, control: lines("files: []") },

    { trap: "an octal mode that is set otherwise", files: permission("{object: /srv/app, mode: 0640}"), finding: "warning appspec.yml:5", says: /reads 0640 as octal, and the agent then sets 0416/, fix: /mode: "0640"/, control: permission("{object: /srv/app, mode: 640}") },
    { trap: "an octal mode that fails", files: permission("{object: /srv/app, mode: 0755}"), finding: "error appspec.yml:5 BeforeInstall 5", says: /\(493\)/, fix: /in quotes/, control: permission('{object: /srv/app, mode: "0755"}') },
    { trap: "a file with two permissions", files: permission('{object: /srv/app, mode: "640"}, {object: /srv/app/a.txt, mode: "600"}'), finding: "error appspec.yml:5 Install 5", says: /more than once/, control: permission('{object: /srv/app, mode: "640", except: [a.txt]}, {object: /srv/app/a.txt, mode: "600"}') },
    { trap: "a permission for nothing", files: permission('{object: /srv/other, mode: "640"}'), finding: "warning appspec.yml:5", says: /Nothing that this release installs/, control: permission('{object: /srv/app, mode: "640"}') },
];

function told({ severity, file, line, event, errorCode }: Finding): string {
    return [severity, line === undefined ? file : `${file}:${line}`, event, errorCode].filter(word => word !== undefined).join(" ");
}

describe("the check of a bundle", () => {
    for (const { trap, files, finding, says, fix = /./, control } of rows) {
        it(`finds ${trap}, and nothing else`, async () => {
            const found = await findingsOf(files);
            assert.deepEqual(found.map(told), [finding]);
            assert.match(found[0]?.happens ?? "", says);
            assert.match(found[0]?.fix ?? "", fix);
        });
        it(`finds nothing without ${trap}`, async () => {
            assert.deepEqual(await findingsOf(control), []);
        });
    }

    for (const { trap, files, finding } of rows.filter(({ finding }) => finding.startsWith("error"))) {
        it(`says of ${trap} what the agent says, at the event where it fails`, async () => {
            await using host = await TestHost.make();
            const [{ event = "Install", happens, errorCode } = assert.fail(finding)] = await findingsOf(files);
            const before = revisionOf(event) === "lastInstalled" ? await host.deploy(files) : {};
            assert.deepEqual(Object.values(before).filter(({ status }) => status === "failed"), []);
            const outcomes = await host.deploy(files);
            const failed = Object.entries(outcomes).find(([, { status }]) => status === "failed");
            assert.deepEqual([failed?.[0], failed?.[1].errorCode, failed?.[1].message], [event, errorCode, happens.replaceAll("/check/d-1/", "/group-1/d-1/")]);
        });
    }

    for (const { trap, files, finding } of rows.filter(({ finding }) => finding.startsWith("warning"))) {
        it(`only warns of ${trap}, with which the agent goes on, or the rehearsal refuses it`, async () => {
            await using host = await TestHost.make();
            const outcomes = await host.deploy(files).catch((error: unknown) => {
                assert.equal((error as Error).name, "NotModelled", finding);
                return {};
            });
            // Where this machine has the interpreter, or not, says nothing of a host.
            const failed = Object.values(outcomes).filter(({ status, message = "" }) => status === "failed" && !/ENOENT|exit code 127/.test(message));
            assert.deepEqual(failed, []);
        });
    }

    it("does not add up the hours of scripts that it has told to be without timeout", async () => {
        const found = await findingsOf(lines("hooks: {AfterInstall: [{location: run.sh}, {location: run.sh}]}"));
        assert.deepEqual(found.map(({ happens }) => happens.includes("has no timeout")), [true, true]);
    });

    it("names each wrong script of a list, with what was received", async () => {
        const found = await findingsOf(lines('hooks: {AfterInstall: [{location: run.sh, timeout: -1}, {location: app/a.txt, timeout: soon}, {location: " "}]}'));
        assert.deepEqual(found.filter(({ severity }) => severity === "error").map(({ fix }) => fix), [
            "Give run.sh a timeout: in whole seconds above 0; received -1.",
            'Give app/a.txt a timeout: in whole seconds above 0; received "soon".',
            'Give each script a location:; received {"location":" "}.',
        ]);
    });

    it("tells of UTF-16 that it is to be UTF-8", async () => {
        await inFolder(good, async folder => {
            await writeFile(join(folder, "appspec.yml"), Buffer.from("\uFEFFversion: 0.0\nos: linux\n", "utf16le"));
            const [found] = await checkBundle(folder, true);
            assert.deepEqual([found?.severity, found?.fix], ["error", "Save it as UTF-8."]);
        });
    });

    it("finds everything at once, errors first", async () => {
        const found = await findingsOf(withAppspec([
            'version: "0.0"', "os: Linux", "hoks: {}", "hooks:", "  AfterInstal: [{location: gone.sh, timeout: 5}]", "  AfterInstall: [{timeout: 5}, {location: gone.sh}]",
            "files: [{source: app}, {source: gone, destination: /srv}, {source: away, destination: /srv}]", "",
        ].join("\n")));
        assert.deepEqual(found.map(told), [
            "error appspec.yml:1 BeforeInstall 5", "error appspec.yml:2 BeforeInstall 5", "error appspec.yml:6 BeforeInstall 5", "error appspec.yml:7 BeforeInstall 5",
            "error appspec.yml:5 Install 5", "error appspec.yml:6 AfterInstall 1", "error appspec.yml:7 Install 5", "error appspec.yml:7 Install 5",
            "warning appspec.yml:3", "warning appspec.yml:6", "warning appspec.yml:7",
        ]);
    });

});
