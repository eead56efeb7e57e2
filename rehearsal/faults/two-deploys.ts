import { afterEvent, untriedProblems } from "./after-event";
import type { Fault } from "./fault";

export const twoDeploys: Fault = {
    name: "two-deploys",
    onAws: "Somebody begins a deployment while another is under way: a deployment group has one at a time, and refuses it with DeploymentLimitExceeded. That guard is CodeDeploy's, and a model here.",
    promise: "ours leans on it: the second is refused before it changes anything, and the first ends as if it had been alone",
    async happen({ stage, releases }) {
        const before = stage.serving();
        const version = releases.otherThan(before);
        let refusal: string | undefined;
        using second = afterEvent(stage, "BeforeInstall", async () => {
            refusal = await stage.deploy(before).then(({ told }) => `it ${told}`, (error: unknown) => (error instanceof Error ? error.message : String(error)));
        });
        const deployed = await stage.deploy(version);
        const understood = /DeploymentLimitExceeded|has begun beside/.test(refusal ?? "");
        return {
            happened: `the second: ${refusal ?? "never"}; the first ${deployed.told}`,
            broken: [
                ...untriedProblems([second], "a second deployment"), ...(understood ? [] : [`the second deployment was not refused: ${refusal ?? "never"}`]),
                ...await deployed.problems(["succeeded"]),
            ],
        };
    },
};
