import { isMap } from "./appspec-parts";
import type { CheckedAppspec, CheckedScript } from "./checked-bundle";
import type { Rule } from "./finding";

/** CodeDeploy ends an event after an hour, whatever its scripts may take by themselves. */
const eventSeconds = 3600;

export const ownTimeouts: Rule = ({ appspec }) => (appspec?.scripts ?? []).filter(script => !hasTimeout(appspec, script)).map(({ location, line, timeoutSeconds }) => ({
    severity: "warning",
    file: "appspec.yml",
    line,
    happens: `${location} has no timeout: when it hangs, the deployment stands still for ${timeoutSeconds} s.`,
    fix: "Give it a timeout: a little more than it ever takes.",
}));

export const eventsWithinAnHour: Rule = ({ appspec }) => {
    const scripts = (appspec?.scripts ?? []).filter(script => hasTimeout(appspec, script));
    const events = [...new Set(scripts.map(({ event }) => event))];
    return events.flatMap(event => {
        const ofEvent = scripts.filter(script => script.event === event);
        const seconds = ofEvent.reduce((sum, { timeoutSeconds }) => sum + timeoutSeconds, 0);
        if (seconds <= eventSeconds) return [];
        return [{
            severity: "warning",
            file: "appspec.yml",
            line: ofEvent[0]?.line ?? 1,
            happens: `The timeouts of ${event} are ${seconds} s together; CodeDeploy fails an event after ${eventSeconds} s.`,
            fix: "Shorten them.",
        }];
    });
};

function hasTimeout(appspec: CheckedAppspec | undefined, { path: [, event = "", index = 0] }: CheckedScript): boolean {
    const root = appspec?.parts.root;
    const hooks = isMap(root) && isMap(root["hooks"]) ? root["hooks"][event] : undefined;
    const script: unknown = Array.isArray(hooks) ? hooks[Number(index)] : undefined;
    return isMap(script) && script["timeout"] !== undefined && script["timeout"] !== null && script["timeout"] !== false;
}
