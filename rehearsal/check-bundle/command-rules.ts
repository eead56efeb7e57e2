import { posix } from "node:path";
import type { Finding, Rule } from "./finding";
import { distinct, type TextScript } from "./script-rules";

/** Lines that only print, or have something done later, are no commands of the script. */
const aside = /^(#|echo\b|printf\b)|\|\s*at\b|\bsystemd-run\b/;

/** What changes the folder, so that nobody here knows any more which one it is. */
const changesFolder = /\b(cd|pushd)\b|\s-C\s/;

export const pathsFromScript: Rule = ({ appspec, files }) => distinct(appspec?.scripts).filter(isShell).flatMap(({ location: file, text }): readonly Finding[] => {
    const lines = text.split("\n").map(line => line.trim());
    const changed = lines.findIndex(line => !line.startsWith("#") && changesFolder.test(line));
    const inAgentsFolder = changed < 0 ? lines : lines.slice(0, changed);
    return inAgentsFolder.flatMap((line, index): readonly Finding[] => {
        const path = aside.test(line) ? undefined : wordsOf(line).find(word => word.includes("/") && files.get(posix.normalize(word))?.type === "file");
        if (path === undefined) return [];
        return [{
            severity: "warning",
            file,
            line: index + 1,
            happens: `A script starts in the agent's folder, and not in that of the bundle: ${path} is not there.`,
            fix: "Begin with cd \"$(dirname \"$0\")\", and name files from there.",
        }];
    });
});

function isShell({ text }: TextScript): boolean {
    return !text.startsWith("#!") || /^#!.*\b(ba)?sh\b/.test(text);
}

function wordsOf(line: string): readonly string[] {
    return line.split(/[\s;|&()<>"']+/);
}

const forbidden = [
    {
        command: /\b(systemctl|service)\s+([^;&|]*\b(restart|stop|kill)\s[^;&|]*codedeploy-agent|codedeploy-agent(\.service)?\s+(restart|stop))\b/,
        happens: "The agent, which is asked to stop, waits for the event, and the event for this command. Cut off, it fails with code 7.",
    },
    {
        command: /(^|[;&|(]\s*|\b(sudo|then|do|else|exec|systemctl)\s+)(\S*\/)?(reboot|shutdown|poweroff|halt)(?=$|[\s;&|)])/,
        happens: "The host goes down in the middle of the event, which fails with code 7 when it is up again.",
    },
] as const;

export const hostStaysUp: Rule = ({ appspec }) => distinct(appspec?.scripts).filter(isShell).flatMap(({ location: file, text }) =>
    text.split("\n").map(line => line.trim()).flatMap((line, index): readonly Finding[] => {
        const found = aside.test(line) ? undefined : forbidden.find(({ command }) => command.test(line));
        if (found === undefined) return [];
        return [{
            severity: "warning",
            file,
            line: index + 1,
            happens: found.happens,
            fix: "Leave it out of the hooks: do it when an instance boots, or replace the instances.",
        }];
    }));
