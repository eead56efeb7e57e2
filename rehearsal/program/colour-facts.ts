import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { type Colour, colourHeader, colourHeaderValue } from "../../release/blue-green/colour";
import { parameterNames, sizesParameter, stageParameter, type Sizes } from "../../release/stage";
import { type ErrorAlarm, readErrorAlarm } from "./error-alarm";
import { ProgramError } from "./program-error";
import type { RecordedProgram, RecordedResource } from "./program-facts";

/** What a blue/green program adds to the facts of a stage. */
export interface ColourFacts {
    readonly deploymentGroupNames: Readonly<Record<Colour, string>>;
    /** What a request's header must say after the colour. */
    readonly headerSecret: string;
    readonly shiftPercents: readonly number[];
    readonly bakeSeconds: number;
    readonly warmSeconds: number;
    /** What sends a release back while a share of the requests is watched. */
    readonly errorAlarm: ErrorAlarm;
    /** Instances of the colour that serves; the groups themselves begin empty. */
    readonly sizes: Sizes;
}

/** The facts of the two colours, as the program writes them down for its deployments; undefined for a stage that has none. */
export function readColourFacts(program: RecordedProgram): ColourFacts | undefined {
    const stage = parameterOf(program, parameterNames.stage, stageParameter);
    const blueGreen = stage?.blueGreen;
    if (blueGreen === undefined) return undefined;
    const sizes = parameterOf(program, parameterNames.sizes, sizesParameter);
    if (sizes === undefined) throw new ProgramError("The program has two colours and no parameter 'sizes', so nobody knows how many instances serve.");
    const { blue, green, shiftPercents, bakeSeconds, warmSeconds } = blueGreen;
    return {
        deploymentGroupNames: { blue: blue.deploymentGroup, green: green.deploymentGroup },
        headerSecret: secretOf(program),
        errorAlarm: readErrorAlarm(program, blue.alarms),
        shiftPercents, bakeSeconds, warmSeconds, sizes,
    };
}

/** Of two resources of a type, blue's, when green's says the same of what is compared; the only one where there is one. */
export function blueOf(found: readonly RecordedResource[], compared: readonly string[]): readonly RecordedResource[] {
    const [blue, green] = [found.filter(({ name }) => !isGreen(name)), found.filter(({ name }) => isGreen(name))];
    const [one, other] = [blue[0], green[0]];
    const differing = one && other ? compared.filter(key => !isDeepStrictEqual(one.inputs[key], other.inputs[key])) : [];
    if (differing.length > 0) {
        throw new ProgramError(`The two colours differ in ${differing.join(", ")} (${one?.name ?? ""}, ${other?.name ?? ""}); they can be rehearsed when they are alike.`);
    }
    return blue;
}

function isGreen(name: string): boolean {
    return name.endsWith("-green");
}

function parameterOf<Schema extends z.ZodType>({ registrations }: RecordedProgram, last: string, schema: Schema): z.output<Schema> | undefined {
    const found = registrations.find(({ type, inputs }) => type === "aws:ssm/parameter:Parameter" && String(inputs["name"]).endsWith(`/${last}`));
    if (found === undefined) return undefined;
    const result = schema.safeParse(JSON.parse(String(found.inputs["value"])));
    if (result.success) return result.data;
    throw new ProgramError(`The program's parameter '${last}' cannot be rehearsed:\n${z.prettifyError(result.error)}`, 1, { cause: result.error });
}

const ruleInputs = z.object({
    conditions: z.array(z.object({ httpHeader: z.object({ httpHeaderName: z.string(), values: z.array(z.string()) }).optional() })),
});

/** From the rule that lets blue's header through, where AWS has it, too. */
function secretOf({ registrations }: RecordedProgram): string {
    const before = colourHeaderValue("blue", "");
    const values = registrations.filter(({ type }) => type === "aws:lb/listenerRule:ListenerRule")
        .flatMap(({ inputs }) => ruleInputs.safeParse(inputs).data?.conditions ?? [])
        .flatMap(({ httpHeader }) => (httpHeader?.httpHeaderName === colourHeader ? httpHeader.values : []));
    const value = values.find(each => each.startsWith(before));
    if (value === undefined) throw new ProgramError(`The program has two colours and no rule for the header ${colourHeader}, so none can be tried before it serves.`);
    return value.slice(before.length);
}
