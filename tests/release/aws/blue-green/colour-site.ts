import { UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { GetParametersByPathCommand } from "@aws-sdk/client-ssm";
import { applyMinimum } from "../../../../release/aws/blue-green/apply-minimum";
import { type ColourClients, makeColourClients } from "../../../../release/aws/blue-green/clients";
import { readColourGroup } from "../../../../release/aws/blue-green/read-colours";
import { readWeights } from "../../../../release/aws/blue-green/weights";
import { readColourDocument } from "../../../../release/aws/colour-document";
import type { ColourRollOptions } from "../../../../release/aws/blue-green/roll-options";
import { StageJournal } from "../../../../release/aws/stage-journal";
import { colours } from "../../../../release/blue-green/colour";
import { coloursKey } from "../../../../release/store-keys";
import type { BlueGreen, Stage } from "../../../../release/stage";
import type { ColourSettings } from "../../../support/aws/demo-colours";
import { openStored, versions } from "../../../support/aws/stored-releases";

export { versions };

export interface Call {
    readonly name: string;
    readonly input: Readonly<Record<string, unknown>>;
}

/** Where a process is killed: at a call, before or after AWS has carried it out. */
export type KillAt = (call: Call) => "before" | "after" | undefined;

/** A demo stage of two colours, of which blue serves release `a`, and drivers of its rolls. */
export async function openColours(settings: ColourSettings & { readonly serves?: boolean } = {}) {
    const { serves = true, ...rest } = settings;
    const stored = await openStored({ blueGreen: rest, ...(serves && { serves: versions.a }) });
    const { demo, clock } = stored;
    const stage = demo.stage as Stage & { readonly blueGreen: NonNullable<Stage["blueGreen"]> };
    const { blueGreen } = stage;
    const clients = makeColourClients(demo.access);
    const never = new AbortController().signal;
    return {
        ...stored, stage, clients, colourNames: namesOf(demo, blueGreen),
        /** A new driver, with its own clients; what it tells and calls is kept. */
        driver: (more: Partial<ColourRollOptions> & { readonly killAt?: KillAt } = {}) => {
            const told: string[] = [];
            const calls: Call[] = [];
            const death = new AbortController();
            const { killAt, ...options } = more;
            const own = recorded(makeColourClients(demo.access), call => { calls.push(call); return killAt?.(call); }, death);
            const base: ColourRollOptions = {
                by: "roll", stack: stage.stack, clock, signal: death.signal, waitMinutes: 1,
                // Whoever will be killed is a process that is not there when the next one looks.
                owner: { who: "ann", host: "here", machine: "m", pid: killAt ? 99_999_999 : process.pid },
                tell: { step: text => void told.push(text), warn: text => void told.push(`warning: ${text}`) },
                ...options,
            };
            return { clients: own, options: base, told, calls, death };
        },
        /** What there is now, as far as a roll changes it. */
        state: async () => ({
            weights: await readWeights(clients.loadBalancing, blueGreen, never),
            groups: Object.fromEntries(await Promise.all(colours.map(async colour => {
                const { minSize, maxSize, desired, instances, end } = await readColourGroup(clients.autoScaling, blueGreen[colour], never);
                const hooked = demo.codeDeploy.group(stage.codeDeployApplication, blueGreen[colour].deploymentGroup).autoScalingGroups.length === 1;
                return [colour, { minSize, maxSize, desired, instances: instances.length, hooked, ends: end !== undefined }] as const;
            }))),
            active: (await parameters(clients))[`/gapless/${stage.project}/${stage.stack}/activeColour`],
        }),
        document: () => readColourDocument(clients.s3, stage.releaseBucket, never),
        journal: async () => (await new StageJournal(clients.s3, stage.releaseBucket).read()).entries,
        parameters: () => parameters(clients),
        applyMinimum: () => applyMinimum(clients, stage, never),
        limit: async (AutoScalingGroupName: string, MaxSize: number) => {
            await clients.autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, MaxSize }));
        },
        /** As scaling does. */
        resize: async (AutoScalingGroupName: string, size: number, minSize = Math.min(size, 2)) => {
            await clients.autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, MinSize: minSize, DesiredCapacity: size }));
        },
    };
}

export type ColourSite = Awaited<ReturnType<typeof openColours>>;

async function parameters({ ssm }: ColourClients): Promise<Readonly<Record<string, string>>> {
    const { Parameters = [] } = await ssm.send(new GetParametersByPathCommand({ Path: "/gapless", Recursive: true }));
    return Object.fromEntries(Parameters.map(({ Name = "", Value = "" }) => [Name, Value]));
}

/** Texts that differ from run to run, and what they are called here. */
function namesOf({ stage: { releaseBucket } }: { readonly stage: Stage }, { blue, green, weights }: BlueGreen): readonly (readonly [string, string])[] {
    const where = "ruleArn" in weights ? weights.ruleArn : weights.listenerArn;
    return [
        [green.headerRuleArn, "GREEN-RULE"], [blue.headerRuleArn, "BLUE-RULE"], [where, "WEIGHTS"], [green.targetGroupArn, "GREEN-TARGETS"], [blue.targetGroupArn, "BLUE-TARGETS"],
        [releaseBucket, "BUCKET"], [green.autoScalingGroup, "GREEN"], [blue.autoScalingGroup, "BLUE"],
    ];
}

/** Whether a call is one by which a driver writes down where its roll is. */
export function isNote({ name, input }: Call): boolean {
    return name === "PutObject" && input["Key"] === coloursKey;
}

/** Calls that change something, as texts, without those of the lock, the journal and the document. */
export function callsAsText({ colourNames }: Pick<ColourSite, "colourNames">, calls: readonly Call[]): readonly string[] {
    const changing = calls.filter(({ name }) => !/^(Get|Describe|List|BatchGet|Head)/.test(name) && name !== "PutObject");
    return changing.map(({ name, input }) => colourNames.reduce((text, [found, named]) => text.replaceAll(found, named), `${name} ${wordsOf(name, input)}`));
}

function wordsOf(name: string, input: Call["input"]): string {
    if (name === "PutImage") return String(input["imageTag"]);
    const { revision } = input as { readonly revision?: { readonly s3Location: { readonly key: string } } };
    return leaves({ ...input, applicationName: undefined, ...(revision && { revision: revision.s3Location.key }) }).join(" ");
}

function leaves(value: unknown): readonly string[] {
    if (value === undefined) return [];
    if (value instanceof Date) return [value.toISOString()];
    if (Array.isArray(value) && value.every(item => typeof item === "string")) return [`[${value.join(", ")}]`];
    if (typeof value === "object" && value !== null) return Object.values(value).flatMap(leaves);
    return [typeof value === "string" ? value : JSON.stringify(value)];
}

function recorded(clients: ColourClients, hear: (call: Call) => ReturnType<KillAt>, death: AbortController): ColourClients {
    const kill = (): never => {
        const reason = new Error("killed");
        death.abort(reason);
        throw reason;
    };
    for (const client of Object.values(clients) as unknown as Recordable[]) {
        client.middlewareStack.add((next, { commandName = "" }) => async args => {
            if (death.signal.aborted) kill();
            const call = { name: commandName.replace(/Command$/, ""), input: args.input as Call["input"] };
            const when = hear(call);
            if (when === "before") kill();
            const answer = await next(args);
            if (when === "after") kill();
            return answer;
        }, { step: "initialize" });
    }
    return clients;
}

/** What the SDK's clients have in common, as far as calls are heard. */
interface Recordable {
    readonly middlewareStack: {
        add(
            middleware: (next: (args: { input: unknown }) => Promise<unknown>, context: { readonly commandName?: string }) => (args: { input: unknown }) => Promise<unknown>,
            options: { readonly step: "initialize" },
        ): void;
    };
}
