import { join } from "node:path";
import { makeRelease, readReleaseScripts } from "../../release/bundle";
import { type Diagnosis, fail, ok, warn } from "../../release/doctor";
import { lintPlan } from "../../release/lint";
import { defaults } from "../../release/rollout";
import { describeFinding } from "../../rehearsal/plan";
import { readFacts, type RecordedProgram } from "../../rehearsal/program/program-facts";
import { readRecipe } from "../../rehearsal/program/recipe";

/** Whether the program takes the stack's settings; its one error names all that are wrong. */
export async function checkSettings(stack: string, recorded: Promise<RecordedProgram>): Promise<Diagnosis> {
    try {
        const { registrations } = await recorded;
        return ok(`Pulumi.${stack}.yaml describes ${registrations.length} resources`);
    } catch (error) {
        return fail((error as Error).message, `correct Pulumi.${stack}.yaml as it says (docs/settings.md)`);
    }
}

/** Whether the release's scripts and its settings make a bundle that CodeDeploy takes. */
export function checkBundle(folder: string, program: RecordedProgram): Diagnosis {
    const { image, release } = readRecipe(program.outputs);
    // Of an image that is not built yet only the digest is missing, which is always sound.
    const reference = "prebuilt" in image ? image.prebuilt : `image@sha256:${"0".repeat(64)}`;
    try {
        const { files } = makeRelease(readReleaseScripts(join(folder, "app-scripts")), { ...release, image: reference });
        return ok(`${files.length} files`);
    } catch (error) {
        return fail((error as Error).message, "restore app-scripts, or correct the setting that it names");
    }
}

/** Whether a rollout, as it is set, loses requests or takes longer than it must. */
export function checkRollout(stack: string, program: RecordedProgram): Diagnosis {
    const facts = readFacts(stack, program);
    const findings = lintPlan({
        ...defaults,
        minSize: facts.minSize, maxSize: facts.maxSize, minimumHealthyHosts: facts.minimumHealthyHosts,
        drainSeconds: facts.targetGroup.drainSeconds, healthCheck: facts.targetGroup.healthCheck,
        stopGraceSeconds: facts.release.stopGraceSeconds, longestRequestSeconds: facts.longestRequestSeconds, idleTimeoutSeconds: facts.idleTimeoutSeconds,
    });
    const [worst] = [...findings].sort((a, b) => Number(a.severity === "warning") - Number(b.severity === "warning"));
    if (!worst) return ok(`${facts.minSize} to ${facts.maxSize} hosts, ${facts.targetGroup.drainSeconds} s to drain`);
    const text = findings.map(describeFinding).join("\n");
    return (worst.severity === "error" ? fail : warn)(text, worst.fix);
}
