import { doneBy, type LifecycleEvent, lifecycleEvents, revisionOf } from "../../release/lifecycle";
import { nearest } from "../../release/nearest";
import { EventFailure } from "../agent/failure";
import { checkHookNames } from "../agent/host-agent";
import { isMap } from "./appspec-parts";
import { behindLink, isBehindLink } from "./behind-link";
import { archive, type CheckedBundle, type CheckedScript } from "./checked-bundle";
import type { Finding, Rule } from "./finding";

const hookNames: readonly string[] = lifecycleEvents.filter(event => doneBy(event) !== "loadBalancer");

export const knownHooks: Rule = ({ appspec }) => hooksOf(appspec).flatMap(([name, scripts]): readonly Finding[] => {
    const line = appspec?.lines.of(["hooks", name]) ?? 1;
    if (scripts === null) {
        return [{ severity: "warning", file: "appspec.yml", line, happens: `${name} has no list: the agent passes over it without a word.`, fix: "Give it scripts, or leave it out." }];
    }
    const message = refusalOf(name);
    return message === undefined ? [] : [{ severity: "error", file: "appspec.yml", line, event: "Install", errorCode: 5, happens: message, fix: fixOf(name) }];
});

function hooksOf(appspec: CheckedBundle["appspec"]): readonly (readonly [string, unknown])[] {
    const root = appspec?.parts.root;
    return isMap(root) && isMap(root["hooks"]) ? Object.entries(root["hooks"]) : [];
}

function refusalOf(name: string): string | undefined {
    try {
        checkHookNames({ hooks: new Map([[name, []]]), files: [], permissions: [] });
        return undefined;
    } catch (error) {
        if (error instanceof EventFailure) return error.message;
        throw error;
    }
}

function fixOf(name: string): string {
    if (name === "BlockTraffic" || name === "AllowTraffic") return `The balancer does ${name}, without scripts: use Before${name} or After${name}.`;
    const meant = nearest(name, hookNames);
    return meant === undefined ? `Use one of ${hookNames.join(", ")}.` : `Is ${meant} meant?`;
}

/** The event of a script; undefined for one of no known hook, which fails before. */
export function eventOf({ event }: CheckedScript): LifecycleEvent | undefined {
    return lifecycleEvents.find(known => known === event && doneBy(known) !== "loadBalancer");
}

export const scriptsThere: Rule = ({ appspec, files, links }) => (appspec?.scripts ?? []).flatMap((script): readonly Finding[] => {
    const { location, line, text, mode } = script;
    const event = eventOf(script);
    if (event === undefined) return [];
    const failure = { severity: "error", file: "appspec.yml", line, event } as const;
    const [name = "", ...words] = location.split(/\s+/);
    if (mode === undefined && isBehindLink(location, links)) return [behindLink(location, "appspec.yml", line)];
    if (mode === undefined) {
        const fix = words.length > 0 && files.has(name) ? `A location takes no arguments: name ${name} alone.` : "Put the script into the bundle, or mend its path, which counts from the root.";
        return [{ ...failure, errorCode: 1, happens: `Script does not exist at specified location: ${archive}/${location}`, fix }];
    }
    if (text === undefined) {
        return [{ ...failure, errorCode: 4, happens: `Script at specified location: ${location} failed with error Errno::EACCES with message Permission denied - ${archive}/${location}`, fix: "Name a script, not a folder." }];
    }
    if (words.length > 0) {
        return [{ ...failure, errorCode: 4, happens: `Script at specified location: ${location} failed with error Errno::ENOENT with message No such file or directory - ${archive}/${name}`, fix: "Give the script a name without blanks." }];
    }
    return [];
});

export const plainNames: Rule = ({ appspec }) => (appspec?.scripts ?? []).filter(({ location, user = "" }) => /[^\w./@+,:\s-]/.test(location + user)).map(({ line, location }) => ({
    severity: "warning",
    file: "appspec.yml",
    line,
    happens: `A host reads ${location} by a shell. The rehearsal refuses it.`,
    fix: "Use letters, digits, dots, dashes and underscores.",
}));

/** These run from the release before, and in a folder of which the new one is not yet there. */
export const stopsWithoutNewRelease: Rule = ({ appspec }) => (appspec?.scripts ?? []).filter(script => {
    const event = eventOf(script);
    return event !== undefined && revisionOf(event) === "lastInstalled" && /deployment-root.*DEPLOYMENT_ID|DEPLOYMENT_ID.*deployment-archive/.test(script.text ?? "");
}).map(({ location, event, line }) => ({
    severity: "warning",
    file: "appspec.yml",
    line,
    happens: `${location} looks into the folder of $DEPLOYMENT_ID, which in ${event} is the new deployment: nothing is unpacked there yet. The script itself comes from the last installed release, even if that one failed.`,
    fix: 'Use $(dirname "$0"), and need no file that only one release has.',
}));

/** The stop script outlives its release: one that fails once fails until the host is replaced. */
export const stopsThatBlock: Rule = ({ appspec }) => (appspec?.scripts ?? []).filter(({ event, text }) => event === "ApplicationStop" && text !== undefined && !endsWell(text)).map(({ location, line }) => ({
    severity: "warning",
    file: "appspec.yml",
    line,
    happens: `${location} runs at the next deployment, from the release installed last: one that fails blocks every later deployment, rollbacks included.`,
    fix: "Stop in BeforeInstall or ApplicationStart, or have the script end with exit 0 whatever happens.",
}));

function endsWell(text: string): boolean {
    const commands = text.split("\n").map(line => line.trim()).filter(line => line !== "" && !line.startsWith("#"));
    return commands.at(-1) === "exit 0" && !commands.some(command => /^set\s.*-\w*e|\bexit\b(?! 0\b)/.test(command)) && !/^#!.*\s-\w*e/.test(text);
}

export const othersMayRun: Rule = ({ appspec, runByRoot }) => (appspec?.scripts ?? []).flatMap((script): readonly Finding[] => {
    const { user, mode = 0o777, location, line } = script;
    const event = eventOf(script);
    if (user === undefined || event === undefined) return [];
    if (user !== "" && user !== "root" && (mode & 0o004) === 0) {
        const happens = `Script at specified location: ${location} run as user ${user} failed with exit code 126`;
        return [{ severity: "error", file: "appspec.yml", line, event, errorCode: 4, happens, fix: `Let others read it: chmod 755 ${location}.` }];
    }
    return runByRoot ? [] : [{ severity: "warning", file: "appspec.yml", line, happens: "The agent runs as root and changes the user by su. The rehearsal refuses runas here, where you are not root.", fix: "Rehearse as root, or have the container change the user." }];
});
