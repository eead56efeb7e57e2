import type { Fault, RollingGround } from "./fault";

export const rollbackImageGone: Fault<RollingGround> = {
    name: "rollback-image-gone",
    onAws: "A release fails, and the image of the one before it has expired in the registry. The rollback is a deployment like any other, so every host that has no copy "
        + "of that image fails as well, and stays out of the load balancer.",
    promise: "the way back asks no registry for an image that its host has. That a host keeps the one of the release before is for the tests of images.sh: here all share one Docker, "
        + "and nothing is removed",
    async happen({ stage, releases, registry }) {
        const lost = await registry.lose(stage.serving());
        const deployed = await releases.hookFails().then(version => stage.deploy(version)).finally(() => lost[Symbol.asyncDispose]());
        return { happened: `the release ${deployed.told}`, broken: await deployed.problems(["rolledBack"]) };
    },
};
