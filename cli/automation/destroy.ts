import { findLeftovers } from "../../release/aws/leftovers";
import { DeliveryError } from "../../release/aws/error";
import type { Leftover } from "../../release/leftover";
import type { CommandContext } from "../context";
import { accessOf } from "../open-stage";
import { confirm, type Consent, needSomeone } from "./confirm";
import { perform, type Performed } from "./engine/perform";
import { examine, openStack, type OpenStack } from "./pulumi/stack";
import { withStageToItself } from "./locks/stage-in-use";
import type { State } from "./pulumi/state";
import type { Tools } from "./tools";

export interface Destroyed {
    readonly performed: Performed;
    /** What still carries the stack's tags; undefined when the engine failed and everything else may be there, too. */
    readonly leftovers?: readonly Leftover[];
}

interface Wishes {
    readonly backend?: string | undefined;
    /** The stack's name, typed once more. */
    readonly yes?: string | undefined;
    /** Minutes for whoever deploys or changes the stack to end. */
    readonly wait: number;
}

/**
 * Removes all that a stack has on AWS. Its buckets and repositories are emptied by the program's own word (`forceDestroy`, which
 * deletionProtection takes back), so nothing else is ever emptied.
 */
export async function destroy(stack: string, { backend, yes, wait }: Wishes, context: CommandContext, tools: Tools): Promise<Destroyed> {
    if (yes !== undefined && yes !== stack) throw new DeliveryError(`--yes names ${yes}, and the stack to destroy is ${stack}: nothing was removed.`, "usage");
    const consent = { yes: yes !== undefined, ask: tools.ask };
    needSomeone(consent, `destroy ${stack}`, `say --yes ${stack}`);
    const open = await openStack(stack, { backend }, context, tools, "refuse");
    const state = await examine(open, context);
    refuseProtected(open, state);
    await agree(open, state, context, consent);

    const quiet = quietable(context);
    const performed = await withStageToItself({ command: "destroy", stack, waitMinutes: wait, timer: tools.timer }, quiet.context, () => {
        // The lock lies in a bucket that goes, too: that it is lost on the way is no news, and stops nothing.
        quiet.beQuiet();
        return perform({ verb: "destroy", stack, project: open.project, expected: state.resourceCount, signal: context.signal, timer: tools.timer }, context,
            options => open.pulumi.destroy({ ...options, showSecrets: false }));
    });
    return performed.failure ? { performed } : lookAround(open, performed, context);
}

function refuseProtected({ name, project, config }: OpenStack, { protectedNames }: State): void {
    const isSet = config[`${project}:deletionProtection`] === "true";
    if (!isSet && protectedNames.length === 0) return;
    const which = protectedNames.length > 0 ? ` (${protectedNames.join(", ")})` : "";
    throw new DeliveryError([
        `${name} is protected: AWS and Pulumi refuse to delete its load balancer, hosts and network${which}, and its releases, images and logs are never emptied.`,
        isSet ? `If it is to go: set ${project}:deletionProtection to false in Pulumi.${name}.yaml, ./gapless up ${name}, and repeat the command.`
            : `Its file says deletionProtection: false, and that is not on AWS yet: ./gapless up ${name}, and repeat the command.`,
    ].join("\n"), "usage");
}

async function agree({ name, project, config }: OpenStack, { resourceCount }: State, context: CommandContext, consent: Consent): Promise<void> {
    const question = `This removes ${resourceCount} resources of ${name} of ${project} in ${config["aws:region"] ?? "AWS"}, its releases, images and logs too, for ever.\n`
        + "Type the stack's name to go on: ";
    await confirm(consent, question, name, context);
}

async function lookAround({ name, project }: OpenStack, performed: Performed, context: CommandContext): Promise<Destroyed> {
    try {
        return { performed, leftovers: await findLeftovers(await accessOf(name, context), { project, stack: name }) };
    } catch (cause) {
        const message = `${name} is destroyed, but AWS did not say what is left with its tags: ${(cause as Error).message}`;
        return { performed: { ...performed, failure: new DeliveryError(message, "failed", { cause }) } };
    }
}

/** A context that warns until it is told not to. */
function quietable(context: CommandContext): { readonly context: CommandContext; beQuiet(): void } {
    let quiet = false;
    const warn = (text: string): void => { if (!quiet) context.tell.warn(text); };
    return { context: { ...context, tell: { ...context.tell, warn } }, beQuiet: () => { quiet = true; } };
}
