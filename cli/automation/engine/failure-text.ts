import { DeliveryError, type FailureKind } from "../../../release/aws/error";
import { locksIn } from "../locks/state-lock-text";
import type { Diagnostic, Operation } from "./operation";
import { plainMessage } from "./plain-message";

export interface Circumstances {
    readonly stack: string;
    /** Whose settings these are; undefined for a question to Pulumi. */
    readonly project?: string;
    readonly signal: AbortSignal;
    /** What was going on; undefined for a question to Pulumi. */
    readonly operation?: Operation;
}

/** What Pulumi's failure means for a person, and what to do about it. Any other error stays what it is. */
export function describeFailure(error: unknown, circumstances: Circumstances): Error {
    if (!(error instanceof Error)) return new DeliveryError(String(error));
    const { aborted, reason } = circumstances.signal as { readonly aborted: boolean; readonly reason: unknown };
    // Not by a person: a lock was lost.
    if (aborted && reason instanceof DeliveryError) return reason;
    if (aborted) return new DeliveryError(stopped(circumstances), "failed", { cause: error });
    if (!isPulumis(error)) return error;
    const text = plainMessage(error.message);
    const told = errorsOf(circumstances.operation);
    const everything = [text, ...told.map(({ message }) => message)].join("\n");
    for (const { when, kind, say } of causes) {
        if (when.test(everything)) return new DeliveryError(say(circumstances.stack, everything, told, circumstances.project), kind, { cause: error });
    }
    return new DeliveryError(unforeseen(circumstances, told, text), "failed", { cause: error });
}

function isPulumis({ name }: Error): boolean {
    return ["CommandError", "ConcurrentUpdateError", "StackNotFoundError", "StackAlreadyExistsError"].includes(name);
}

interface Cause {
    readonly when: RegExp;
    readonly kind: FailureKind;
    readonly say: (stack: string, text: string, told: readonly Diagnostic[], project: string | undefined) => string;
}

const causes: readonly Cause[] = [
    { when: /the stack is currently locked by/, kind: "needsPerson", say: locked },
    {
        when: /\[409\] Conflict: Another update is currently in progress/, kind: "needsPerson",
        say: stack => `Somebody else changes ${stack} right now. Wait for the end of it. If it was killed: ./gapless unlock ${stack}`,
    },
    {
        when: /passphrase must be set|incorrect passphrase|PULUMI_CONFIG_PASSPHRASE/, kind: "usage",
        say: stack => `The secrets of ${stack} cannot be decrypted: the passphrase is missing or wrong. Set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to the one that the stack was made with.`,
    },
    {
        when: /PULUMI_ACCESS_TOKEN must be set|not logged in|could not determine current(ly)? .*backend|run `?pulumi login/i, kind: "usage",
        say: stack => `Pulumi is not logged in to where the state of ${stack} lies. Run pulumi login, set PULUMI_ACCESS_TOKEN, or name another place with --backend file://… or s3://…`,
    },
    {
        when: /(?:download|install|find|no) .*plugin|plugin .*(?:not found|could not be)/i, kind: "failed",
        say: (stack, text, told) => `A plugin of Pulumi could not be loaded:\n${indent(firstError(text, told))}\nIt comes from get.pulumi.com or github.com. With a way there, run: pulumi plugin install, and then the command again. ./gapless doctor ${stack} says which are missing.`,
    },
    {
        when: /No valid credential sources|ExpiredToken|InvalidClientTokenId|validate (?:AWS )?credentials|failed to refresh cached credentials|Invalid credentials configured|no EC2 IMDS role/i, kind: "failed",
        say: (stack, text, told) => `AWS does not accept the credentials, or there are none:\n${indent(firstError(text, told))}\nLog in (aws sso login, or AWS_PROFILE, or the role of CI) and repeat the command. ./gapless doctor ${stack} says whose they are.`,
    },
    {
        when: /because it is protected|cannot be deleted.*protected/i, kind: "usage",
        say: (stack, text, told, project) => `A resource is protected from being deleted or replaced:\n${indent(firstError(text, told))}\nIf it is to go: set ${project === undefined ? "" : `${project}:`}deletionProtection to false in Pulumi.${stack}.yaml, ./gapless up ${stack}, and repeat the command.`,
    },
];

function locked(stack: string, text: string): string {
    const holders = locksIn(text).map(({ who, host, pid, since }) => `${who} (process ${pid} on ${host}) since ${since}`);
    return `Pulumi's state of ${stack} is locked${holders.length > 0 ? ` by ${holders.join(" and by ")}` : ""}. Wait for the end of it. If it was killed: ./gapless unlock ${stack}`;
}

function stopped({ stack, operation }: Circumstances): string {
    if (!operation) return "Interrupted.";
    if (operation.verb === "preview") return "Interrupted. A preview changes nothing.";
    const left = [...operation.running.values()].map(({ name }) => name);
    const made = `Interrupted: ${operation.done} of ${operation.total} resources were done.`;
    if (left.length > 0) return `${made} Pulumi did not say what became of ${left.join(", ")}: ./gapless refresh ${stack} reads it from AWS.`;
    return `${made} Nothing is left half made. Go on with ./gapless ${operation.verb} ${stack}.`;
}

function errorsOf(operation: Operation | undefined): readonly Diagnostic[] {
    const errors = (operation?.diagnostics ?? []).filter(({ severity }) => severity === "error");
    // That of the stack as a whole ("update failed") says nothing beside those of its resources.
    const precise = errors.filter(({ resource }) => resource !== undefined);
    return precise.length > 0 ? precise : errors;
}

function unforeseen({ stack, operation }: Circumstances, told: readonly Diagnostic[], text: string): string {
    const refused = (operation?.violations ?? []).filter(({ mandatory }) => mandatory);
    if (refused.length > 0) {
        return `A policy refuses ${stack}:\n${indent(refused.map(({ resource, policy, message }) => `${resource ?? "stack"}: ${message} (${policy})`).join("\n"))}\nChange the settings or the program, and look with ./gapless preview ${stack}.`;
    }
    const what = operation ? `${operation.verb} ${stack} failed` : `Pulumi failed for ${stack}`;
    if (told.length === 0) return `${what}:\n${indent(errorLines(text))}${brokenOff(stack, operation)}`;
    const where = told.map(({ resource, message }) => (resource === undefined ? message : `${resource}: ${message}`)).join("\n");
    const next = operation && operation.verb !== "preview"
        ? `What was done before is kept in Pulumi's state. Mend the cause and repeat ./gapless ${operation.verb} ${stack}.`
        : `Mend the cause and repeat the command.`;
    return `${what}:\n${indent(where)}${brokenOff(stack, operation)}\n${next}`;
}

function brokenOff(stack: string, operation: Operation | undefined): string {
    const left = [...operation?.running.values() ?? []].map(({ name }) => name);
    return left.length === 0 || operation?.verb === "preview" ? ""
        : `\nPulumi ended while it worked at ${left.join(", ")}, and did not say what became of that: ./gapless refresh ${stack} reads it from AWS.`;
}

function firstError(text: string, told: readonly Diagnostic[]): string {
    const [first] = told;
    if (!first) return errorLines(text);
    return first.resource === undefined ? first.message : `${first.resource}: ${first.message}`;
}

/** Of what the command line printed, what it says after `error:`; all of it when it says nothing of the kind. */
function errorLines(text: string): string {
    const errors = text.split("\n").filter(line => /^\s*error: /.test(line)).map(line => line.trim().slice("error: ".length));
    return errors.length > 0 ? [...new Set(errors)].join("\n") : text;
}

function indent(text: string): string {
    return text.split("\n").map(line => `    ${line}`).join("\n");
}
