import assert from "node:assert/strict";
import { chmod } from "node:fs/promises";
import { geteuid } from "node:process";
import { setImmediate } from "node:timers/promises";
import type { EventOutcome } from "../../../rehearsal/agent/host-agent";
import { appspec, bundle, startScript, TestHost, type BundleFiles } from "./test-host";

const header = "LifecycleEvent - ApplicationStart\nScript - scripts/start.sh\n";
const archive = "/opt/codedeploy-agent/deployment-root/group-1/d-1/deployment-archive";

async function started(host: TestHost, files: BundleFiles): Promise<EventOutcome | undefined> {
    return (await host.deploy(files)).ApplicationStart;
}

describe("a hook script", () => {
    const endings: readonly { readonly title: string; readonly script: string; readonly timeout?: number; readonly outcome: EventOutcome }[] = [
        {
            title: "that ends with 0 succeeds, with its log",
            script: "#!/bin/sh\necho to stdout; sleep 0.05; echo to stderr >&2",
            outcome: { status: "succeeded", logTail: `${header}[stdout]to stdout\n[stderr]to stderr\n` },
        },
        {
            title: "that ends with 3 fails with code 4",
            script: "#!/bin/sh\nprintf 'no line end'; exit 3",
            outcome: { status: "failed", errorCode: 4, scriptName: "scripts/start.sh", message: "Script at specified location: scripts/start.sh failed with exit code 3", logTail: `${header}[stdout]no line end` },
        },
        {
            title: "that a signal ends has a blank for its exit code",
            script: "#!/bin/sh\nkill -KILL $$",
            outcome: { status: "failed", errorCode: 4, scriptName: "scripts/start.sh", message: "Script at specified location: scripts/start.sh failed with exit code ", logTail: header },
        },
        {
            title: "that takes too long gets TERM and is no longer heard: code 3",
            script: "#!/bin/sh\nexec 2>/dev/null\ntrap 'echo bye; exit 0' TERM\necho waiting\nwhile :; do sleep 0.05; done",
            timeout: 1,
            outcome: { status: "failed", errorCode: 3, scriptName: "scripts/start.sh", message: "Script at specified location: scripts/start.sh failed to complete in 1 seconds", logTail: `${header}[stdout]waiting\n` },
        },
        {
            title: "that leaves a child with its stdout fails with code 6, and its exit code is lost",
            script: "#!/bin/sh\nsleep 1.2 2>/dev/null &\nexit 9",
            timeout: 1,
            outcome: { status: "failed", errorCode: 6, scriptName: "scripts/start.sh", message: "Script at specified location: scripts/start.sh failed to close STDOUT", logTail: header },
        },
        {
            title: "that leaves a child with outputs of its own succeeds",
            script: "#!/bin/sh\nsleep 0.5 >/dev/null 2>&1 </dev/null &",
            timeout: 1,
            outcome: { status: "succeeded", logTail: header },
        },
        {
            title: "that prints bytes which are not UTF-8 fails without a code, though it ends with 0",
            script: "#!/bin/sh\nprintf 'caf\\351\\n'",
            outcome: { status: "failed", scriptName: "scripts/start.sh", message: "Attempting minimal diagnostics", logTail: "Exception JSON::GeneratorError occured" },
        },
        {
            title: "without #! is run by the shell",
            script: "echo hello",
            outcome: { status: "succeeded", logTail: `${header}[stdout]hello\n` },
        },
        {
            title: "whose #! line ends in CRLF cannot be started",
            script: "#!/bin/sh\r\necho hello\r\n",
            outcome: { status: "failed", errorCode: 4, scriptName: "scripts/start.sh", message: `Script at specified location: scripts/start.sh failed with error Errno::ENOENT with message No such file or directory - ${archive}/scripts/start.sh`, logTail: header },
        },
    ];
    for (const { title, script, timeout, outcome } of endings) {
        it(title, async () => {
            await using host = await TestHost.make();
            assert.deepEqual(await started(host, startScript(script, timeout)), outcome);
        });
    }

    it("starts in the host's /, at the end of its input, without arguments, under its full path", async () => {
        await using host = await TestHost.make();
        const outcome = await started(host, startScript('#!/bin/sh\npwd\nread -r line || echo "no input"\necho "$# $0"'));
        assert.equal(outcome?.logTail, `${header}[stdout]${host.root}\n[stdout]no input\n[stdout]0 ${host.root}${archive}/scripts/start.sh\n`);
    });

    it("leads a process group of its own", async () => {
        await using host = await TestHost.make();
        const outcome = await started(host, startScript("#!/bin/sh\nread -r _ _ _ _ group _ </proc/$$/stat; echo $((group == $$))"));
        assert.equal(outcome?.logTail, `${header}[stdout]1\n`);
    });

    it("is made executable for all when it is not", async () => {
        await using host = await TestHost.make();
        const outcome = await started(host, { "appspec.yml": appspec("hooks: {ApplicationStart: [{location: start}]}"), "start": "#!/bin/sh\n" });
        assert.equal(outcome?.status, "succeeded");
        assert.equal(await host.mode(`${archive}/start`), "755");
    });

    const locations: readonly { readonly title: string; readonly location: string; readonly outcome: EventOutcome }[] = [
        {
            title: "that the bundle lacks fails with code 1",
            location: "scripts/nowhere.sh",
            outcome: { status: "failed", errorCode: 1, scriptName: "scripts/nowhere.sh", message: `Script does not exist at specified location: ${archive}/scripts/nowhere.sh`, logTail: "LifecycleEvent - ApplicationStart\n" },
        },
        {
            title: "takes no arguments: they count as a part of its name",
            location: "scripts/start.sh --now",
            outcome: { status: "failed", errorCode: 1, scriptName: "scripts/start.sh --now", message: `Script does not exist at specified location: ${archive}/scripts/start.sh --now`, logTail: "LifecycleEvent - ApplicationStart\n" },
        },
        {
            title: "with a space in its name is found but not started",
            location: "scripts/my start.sh",
            outcome: { status: "failed", errorCode: 4, scriptName: "scripts/my start.sh", message: `Script at specified location: scripts/my start.sh failed with error Errno::ENOENT with message No such file or directory - ${archive}/scripts/my`, logTail: "LifecycleEvent - ApplicationStart\nScript - scripts/my start.sh\n" },
        },
        {
            title: "that is a folder is not started",
            location: "scripts",
            outcome: { status: "failed", errorCode: 4, scriptName: "scripts", message: `Script at specified location: scripts failed with error Errno::EACCES with message Permission denied - ${archive}/scripts`, logTail: "LifecycleEvent - ApplicationStart\nScript - scripts\n" },
        },
    ];
    for (const { title, location, outcome } of locations) {
        it(title, async () => {
            await using host = await TestHost.make();
            const files = { "appspec.yml": appspec(`hooks: {ApplicationStart: [{location: "${location}"}]}`), "scripts/start.sh": "", "scripts/my start.sh": "#!/bin/sh\n" };
            assert.deepEqual(await started(host, files), outcome);
        });
    }

    it("whose name the shell would read is refused", async () => {
        await using host = await TestHost.make();
        const files = { "appspec.yml": appspec('hooks: {ApplicationStart: [{location: "a;b.sh"}]}'), "a;b.sh": "#!/bin/sh\n" };
        await assert.rejects(started(host, files), {
            name: "NotModelled",
            message: "the rehearsal does not model a script whose name holds characters of the shell (a;b.sh)",
        });
    });

    describe("of another user", () => {
        const runas = (user: string, script = "#!/bin/sh\n"): BundleFiles => ({
            "appspec.yml": appspec(`hooks: {ApplicationStart: [{location: scripts/start.sh, runas: ${user}}]}`),
            "scripts/start.sh": script,
        });

        if (geteuid?.() !== 0) {
            it("is refused when it is not run by root", async () => {
                await using host = await TestHost.make();
                await assert.rejects(started(host, runas("daemon")), {
                    message: "the rehearsal does not model runas unless it is run by root (scripts/start.sh as daemon)",
                });
            });
            return;
        }
        it("runs by su, with that user's home and the agent's environment", async () => {
            await using host = await TestHost.make();
            const outcome = await started(host, runas("root", '#!/bin/sh\necho "$(id -un) $HOME $LIFECYCLE_EVENT"'));
            assert.equal(outcome?.logTail, `${header}[stdout]root /root ApplicationStart\n`);
        });
        it('is root\'s with runas: ""', async () => {
            await using host = await TestHost.make();
            assert.equal((await started(host, runas('""', "#!/bin/sh\nid -un")))?.logTail, `${header}[stdout]root\n`);
        });
        it("runs in a host whose folder has a blank and a quote in its name", async () => {
            await using host = await TestHost.make("it's a ");
            assert.equal((await started(host, runas("root", "#!/bin/sh\nid -un")))?.logTail, `${header}[stdout]root\n`);
        });
        it("fails with the user in the message", async () => {
            await using host = await TestHost.make();
            const outcome = await started(host, runas("root", "#!/bin/sh\nexit 3"));
            assert.equal(outcome?.message, "Script at specified location: scripts/start.sh run as user root failed with exit code 3");
        });
        for (const [what, user] of [["an unknown user", "no-such-user"], ["a user without login", "daemon"]] as const) {
            it(`fails with exit code 1 for ${what}`, async () => {
                await using host = await TestHost.make();
                await chmod(host.root, 0o755);
                const outcome = await started(host, runas(user));
                assert.deepEqual([outcome?.errorCode, outcome?.message], [4, `Script at specified location: scripts/start.sh run as user ${user} failed with exit code 1`]);
            });
        }
        it("whose name the shell would read is refused", async () => {
            await using host = await TestHost.make();
            await assert.rejects(started(host, runas("$USER")), { message: "the rehearsal does not model a runas that holds characters of the shell ($USER)" });
        });
    });

    it("may print more than a pipe holds", async () => {
        await using host = await TestHost.make();
        const outcome = await started(host, startScript("#!/bin/sh\nhead -c 300000 /dev/zero | tr '\\0' x\necho\necho end"));
        assert.deepEqual(outcome, { status: "succeeded", logTail: "[stdout]end\n" });
    });

    it("that fails ends its event: the next one does not run", async () => {
        await using host = await TestHost.make();
        const outcome = await started(host, {
            "appspec.yml": appspec("hooks: {ApplicationStart: [{location: one.sh}, {location: two.sh}, {location: three.sh}]}"),
            "one.sh": "#!/bin/sh\necho one", "two.sh": "#!/bin/sh\necho two; exit 2", "three.sh": "#!/bin/sh\necho three",
        });
        assert.deepEqual([outcome?.scriptName, outcome?.logTail], ["two.sh", "LifecycleEvent - ApplicationStart\nScript - one.sh\n[stdout]one\nScript - two.sh\n[stdout]two\n"]);
    });

    it("writes its log to the deployment's folder, with the time", async () => {
        await using host = await TestHost.make();
        await started(host, startScript("#!/bin/sh\necho hello"));
        const log = await host.read("/opt/codedeploy-agent/deployment-root/group-1/d-1/logs/scripts.log");
        assert.match(log ?? "", /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d LifecycleEvent - ApplicationStart\n.* Script - scripts\/start.sh\n.* \[stdout\]hello\n$/);
    });

    it("is ended by an abort, and the event rejects with the reason", async () => {
        await using host = await TestHost.make();
        const agent = host.agent(startScript("#!/bin/sh\ntouch ready\nexec sleep 30"));
        await agent.run("DownloadBundle", { id: "d-1", bundle });
        const abort = new AbortController();
        const run = assert.rejects(agent.run("ApplicationStart", { id: "d-1", bundle }, abort.signal), { message: "Ctrl-C" });
        while (await host.read("/ready") === undefined) {
            await setImmediate();
        }
        abort.abort(new Error("Ctrl-C"));
        await run;
    });
});
