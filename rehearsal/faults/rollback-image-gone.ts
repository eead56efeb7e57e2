import type { Fault, RollingGround } from "./fault";

export const rollbackImageGone: Fault<RollingGround> = {
    name: "rollback-image-gone",
    onAws: "A release fails, and the image of the one before it has expired in the registry. The rollback is a deployment like any other, so every host that has no copy "
        + "of that image fails as well, and stays out of the load balancer.",
    promise: "hosts keep the image of the release before, so the way back needs no registry",
    async happen({ stage, releases, registry }) {
        const lost = await registry.lose(stage.serving());
        const deployed = await releases.hookFails().then(version => stage.deploy(version)).finally(() => lost[Symbol.asyncDispose]());
        return { happened: `the release ${deployed.told}`, broken: await deployed.problems(["rolledBack"]) };
    },
};
