import { z } from "zod";
import { parameterNames } from "../release/stage";
import { type Parameters, valueIn } from "./parameters";

/** As much of the stage's own note as decides it, whichever version of the program has written it. */
const earlierStage = z.object({
    url: z.string(),
    distribution: z.string().optional(),
    blueGreen: z.object({ weights: z.object({ ruleArn: z.string().optional() }) }).optional(),
});

/**
 * Whether the load balancer of a stack, as it is now, sends those away who ask port 80. Behind CloudFront nothing does. Of one fleet behind
 * somebody else's listener of HTTPS nobody can tell it from this, so it counts.
 */
export function redirectsIn(path: string, parameters: Parameters): boolean {
    const stage = earlierStage.safeParse(parsed(valueIn(path, parameters, parameterNames.stage) ?? "")).data;
    return stage !== undefined && stage.url.startsWith("https:") && stage.distribution === undefined && stage.blueGreen?.weights.ruleArn === undefined;
}

function parsed(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
