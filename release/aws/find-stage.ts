import { GetParametersByPathCommand, type Parameter, SSMClient } from "@aws-sdk/client-ssm";
import { z } from "zod";
import { activeColourParameter, buildParameter, parameterNames, parameterPath, sizesParameter, type Stage, stageParameter, withColours } from "../stage";
import type { Access } from "./access";
import { DeliveryError } from "./error";

/** The program of a stack has written down nothing about it, or not yet. */
export class StageNotThereError extends DeliveryError {}

/** Reads, in one round trip, what the program of a stack has written down about it. */
export async function findStage(project: string, stack: string, access: Access, signal?: AbortSignal): Promise<Stage> {
    const path = parameterPath(project, stack);
    const values = await parametersBelow(path, new SSMClient(access), signal);
    const stage = values.get(`${path}/${parameterNames.stage}`);
    if (stage === undefined) {
        throw new StageNotThereError(
            `${access.region} has no stack ${stack} of ${project}: there is no parameter ${path}/${parameterNames.stage}. `
            + `Make it with ./gapless up ${stack}, or look whether these are the account and the region that it lies in.`,
            "usage",
        );
    }
    const build = values.get(`${path}/${parameterNames.build}`);
    const { blueGreen, ...rest } = parse(stageParameter, stage, `${path}/${parameterNames.stage}`, stack);
    const found = {
        project, stack, region: access.region, ...rest,
        ...(build !== undefined && { build: parse(buildParameter, build, `${path}/${parameterNames.build}`, stack) }),
    };
    if (blueGreen === undefined) return found;
    const read = <Schema extends z.ZodType>(schema: Schema, name: string) => parse(schema, values.get(`${path}/${name}`), `${path}/${name}`, stack);
    return withColours(found, blueGreen, read(activeColourParameter, parameterNames.activeColour), read(sizesParameter, parameterNames.sizes));
}

async function parametersBelow(path: string, ssm: SSMClient, signal: AbortSignal | undefined): Promise<ReadonlyMap<string | undefined, string | undefined>> {
    const parameters: Parameter[] = [];
    let next: string | undefined;
    // A page may be empty and have another one behind it.
    do {
        const page = await ssm.send(new GetParametersByPathCommand({ Path: path, ...(next !== undefined && { NextToken: next }) }), { ...(signal && { abortSignal: signal }) });
        parameters.push(...page.Parameters ?? []);
        next = page.NextToken || undefined;
    } while (next !== undefined);
    return new Map(parameters.map(({ Name, Value }) => [Name, Value]));
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string | undefined, name: string, stack: string): z.output<Schema> {
    const read = schema.safeParse(asJson(text));
    if (read.success) return read.data;
    throw new DeliveryError(
        `${name} is not what this version of Gapless reads:\n${z.prettifyError(read.error)}\nRun ./gapless up ${stack} with the same version.`,
        "usage", { cause: read.error },
    );
}

function asJson(text: string | undefined): unknown {
    try {
        return text === undefined ? text : JSON.parse(text);
    } catch {
        return text;
    }
}
