import { skipped } from "../../release/doctor";
import type { RecordedProgram } from "../../rehearsal/program/program-facts";
import { readRecipe } from "../../rehearsal/program/recipe";
import type { CommandContext } from "../context";
import { awsChecks } from "./aws-checks";
import { after, type Check } from "./check";
import { checkDocker, checkDockerDisk, checkImage } from "./docker";
import { checkDisk, checkGit, checkNode } from "./machine";
import { needsOf } from "./needs";
import { type Patient, programSeconds, wrongSettings } from "./patient";
import { checkBundle, checkRollout, checkSettings } from "./program";
import { checkBackend, checkPlugins, checkPulumi } from "./pulumi";

/** Everything that a stack needs, in the order in which it is told. */
export function checksOf(patient: Patient, context: CommandContext): readonly Check[] {
    return [...machineChecks(patient, context), ...programChecks(patient, context), ...awsChecks(patient, context)];
}

function machineChecks({ stack, backend, program }: Patient, { folder, env }: CommandContext): readonly Check[] {
    // Which image is built is known when the settings are; whether Docker answers is worth knowing in any case.
    const image = program.then(({ outputs }) => readRecipe(outputs).image).catch(() => undefined);
    return [
        { name: "node", look: () => checkNode(folder, process.version) },
        { name: "pulumi", deadlineSeconds: programSeconds, look: () => checkPulumi(env) },
        { name: "plugins", look: () => checkPlugins(folder, env) },
        { name: "backend", look: () => checkBackend({ stack, backend }, { env, folder }) },
        { name: "docker", deadlineSeconds: programSeconds, look: async signal => checkDocker(await image, signal) },
        { name: "docker disk", look: signal => checkDockerDisk(signal) },
        { name: "disk", look: () => checkDisk(folder) },
        { name: "git", look: signal => checkGit(folder, signal) },
    ];
}

function programChecks({ stack, program }: Patient, { folder }: CommandContext): readonly Check[] {
    const of = (name: string, look: (program: RecordedProgram, signal: AbortSignal) => ReturnType<Check["look"]>): Check => ({
        name, deadlineSeconds: programSeconds, look: signal => after(program, wrongSettings, found => look(found, signal)),
    });
    return [
        { name: "settings", deadlineSeconds: programSeconds, look: () => checkSettings(stack, program) },
        of("bundle", found => checkBundle(folder, found)),
        of("rollout", found => checkRollout(stack, found)),
        of("image", (found, signal) => {
            const { platform } = needsOf(found).architecture ?? {};
            return platform === undefined ? skipped("the fleet's architecture is not known") : checkImage(readRecipe(found.outputs).image, platform, signal);
        }),
    ];
}
