import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { geteuid } from "node:process";
import { strToU8 } from "fflate";
import { casesAreHere, casesFolder, readCase, sha256, type Failure, type Observation } from "./recorded-case";
import { replay } from "./replay";

/** The steps that are replayed, counted from 1 (none: the whole case is left out), and why not the others. */
interface Gap {
    readonly steps: readonly number[];
    readonly reason: string;
}

const recordedUser = { steps: [], reason: "needs the user of the recorded host; hook-runner.test.ts has the fact" };
const appspecName = { steps: [], reason: "a deployment of ours cannot name another appspec file" };
const maxRevisions = { steps: [], reason: "the agent's :max_revisions stays at its default, which host-agent.test.ts checks" };
const links = { steps: [], reason: "symbolic links are refused" };

// Every case that is not named here is replayed in full, so that none is dropped without a word.
const gaps: Readonly<Record<string, Gap>> = {
    "019-rollback-blue-green": { steps: [1, 2], reason: "rollback of blue/green has its own map of revisions" },
    "053-runas-failing-script": recordedUser,
    "055-runas-cannot-read": recordedUser,
    "107-appspec-other-name-by-option": appspecName,
    "109-old-appspec-becomes-invalid-by-name": appspecName,
    "133-exists-by-option": { steps: [1, 2, 3], reason: "the option in small letters, and with other words, which AWS's API refuses" },
    "153-setuid-lost-with-owner": { steps: [1], reason: "needs a user of the recorded host; install.test.ts has the fact" },
    "159-max-revisions": maxRevisions,
    "161-max-revisions-keeps-last-installed": maxRevisions,
    "169-leading-folder-without-appspec": appspecName,
    "171-leading-folder-with-any-appspec": appspecName,
    "179-symlinks": links,
    "181-symlink-over-existing-file": links,
    "183-symlinked-destination-folder": links,
};

/** Replays at a time: most of them wait for a timeout. */
const atATime = 4;

describe("the host agent does what the real agent 1.8.1 did", () => {
    if (!casesAreHere || geteuid?.() !== 0) {
        it("in all recorded cases: needs the recorded cases beside the repository, and root", undefined);
        return;
    }
    const recorded = readdirSync(casesFolder, { withFileTypes: true }).filter(entry => entry.isDirectory()).map(entry => entry.name);
    const replayed = recorded.filter(name => gaps[name]?.steps.length !== 0);
    const replays = new Map<string, Promise<void>>();

    before(async function () {
        this.timeout(120_000);
        const waiting = [...replayed];
        const work = async (): Promise<void> => {
            for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
                const outcome = compare(name, gaps[name]?.steps);
                replays.set(name, outcome);
                await Promise.allSettled([outcome]);
            }
        };
        await Promise.all(Array.from({ length: atATime }, work));
    });

    it("and names no gap that is no case", () => {
        assert.deepEqual(Object.keys(gaps).filter(name => !recorded.includes(name)), []);
    });
    for (const name of replayed) {
        it(`in ${name}`, async () => {
            await replays.get(name);
        });
    }
    for (const [name, { steps, reason }] of Object.entries(gaps)) {
        it(`in ${name}${steps.length > 0 ? `, other steps than ${steps.join(", ")}` : ""}: ${reason}`, undefined);
    }
});

async function compare(name: string, steps: readonly number[] | undefined): Promise<void> {
    const recorded = await readCase(name);
    for (const [number, observed] of await replay(recorded, steps)) {
        const wanted = recorded.oracle[number - 1];
        assert.ok(wanted !== undefined);
        assert.deepEqual(comparable(observed, wanted, name), comparable(wanted, wanted, name), `step ${number}`);
    }
}

function comparable(observation: Observation, wanted: Observation, name: string): unknown {
    const { result, failedEvent, late, installed, scriptsLog, agent } = observation;
    return {
        result,
        failedEvent,
        late,
        installed,
        events: observation.events.map(({ event, noop, status, seen, failure }, index) => ({
            // What the agent acknowledges before an event that then fails is not claimed.
            event, status, seen, noop: failure === undefined && noop,
            failure: failure && comparableFailure(failure, wanted.events[index]?.failure ?? failure),
        })),
        scriptsLog: name === "067-log-invalid-utf8" ? "bytes that are not UTF-8 are not kept" : logText(scriptsLog, wanted.scriptsLog),
        agent: {
            deploymentsKept: agent.deploymentsKept,
            lastInstalled: agent.lastInstalled,
            removedByNextInstall: agent.removedByNextInstall && [...agent.removedByNextInstall].sort(),
        },
    };
}

/** Where the words are Ruby's, the message must only name the same thing: what stands after the last dash, on its first line. */
function comparableFailure({ event, errorCode, scriptName, message, log }: Failure, { wording }: Failure): unknown {
    return { event, errorCode, scriptName, log, message: wording === "ruby" ? message.split("\n")[0]?.split(" - ").at(-1) : message };
}

/** The oracle keeps a long log as a hash. */
function logText(log: Observation["scriptsLog"], wanted: Observation["scriptsLog"]): string | undefined {
    if (typeof log === "string") {
        return wanted !== null && typeof wanted !== "string" ? sha256(strToU8(log)) : log;
    }
    return log?.sha256;
}
