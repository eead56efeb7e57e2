import { GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import type { Colour } from "../../blue-green/colour";
import { parameterNames, parameterPath } from "../../stage";
import type { StepWork } from "./step-work";

/** Writes down which colour serves, for whoever looks at the stage, Pulumi's next change of it too. */
export async function writeActive({ ask, clients: { ssm }, stage: { project, stack } }: StepWork, colour: Colour): Promise<void> {
    const Name = `${parameterPath(project, stack)}/${parameterNames.activeColour}`;
    const read = async (): Promise<string | undefined> => (await ask(abortSignal => ssm.send(new GetParameterCommand({ Name }), { abortSignal }))).Parameter?.Value;
    if (await read() === colour) return;
    await ask(abortSignal => ssm.send(new PutParameterCommand({ Name, Value: colour, Type: "String", Overwrite: true }), { abortSignal }));
    const found = await read();
    if (found !== colour) throw new Error(`${Name} says ${found ?? "nothing"}, although it was told ${colour}`);
}
