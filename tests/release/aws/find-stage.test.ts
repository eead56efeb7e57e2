import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { findStage } from "../../../release/aws/find-stage";
import type { BlueGreen, StageParameter } from "../../../release/stage";
import { accessAt } from "../../support/aws/double-access";

const colour = (name: string) => ({ autoScalingGroup: `shop-${name}`, deploymentGroup: `dev-${name}`, targetGroupArn: `${name}-targets`, headerRuleArn: `${name}-rule`, alarms: [`${name}-errors`] });
const blueGreen: BlueGreen = {
    blue: colour("blue"), green: colour("green"), weights: { listenerArn: "listener" }, shiftPercents: [100], bakeSeconds: 60, warmSeconds: 1800, probePath: "/orders", dnsTarget: "lb.example",
};
const rolling: Omit<StageParameter, "blueGreen"> = {
    schemaVersion: 1, stage: "dev", source: "s3", url: "https://shop.example", fleet: { autoScalingGroup: "shop-blue" }, architecture: "arm64", releaseBucket: "b", repository: "r",
    pipeline: "p", approval: false, codeDeployApplication: "a", deploymentGroup: "dev-blue", alarms: ["blue-errors"], targetGroupArn: "blue-targets", logGroup: "l", keepReleases: 10,
};

/** Finds the stage of a stack whose parameters these are. */
async function found(parameters: Readonly<Record<string, string>>) {
    const Parameters = Object.entries(parameters).map(([name, Value]) => ({ Name: `/gapless/shop/dev/${name}`, Value }));
    const server = createServer((_, response) => { response.writeHead(200, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify({ Parameters })); });
    await new Promise<void>(resolve => { server.listen(0, "127.0.0.1", resolve); });
    try {
        return await findStage("shop", "dev", accessAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    } finally {
        server.closeAllConnections();
        server.close();
    }
}

const written = { stage: JSON.stringify({ ...rolling, blueGreen }), activeColour: "green", sizes: JSON.stringify({ minSize: 2, maxSize: 4 }) };

describe("stage of a stack", () => {
    it("is looked for until Ctrl-C while AWS does not answer", async () => {
        const stop = new AbortController();
        const server = createServer(() => { stop.abort(); });
        await new Promise<void>(resolve => { server.listen(0, "127.0.0.1", resolve); });
        const access = {
            region: "eu-central-1", maxAttempts: 3, retryMode: "standard" as const, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, credentials: () => Promise.resolve({ accessKeyId: "test", secretAccessKey: "test" }),
        };
        try {
            await assert.rejects(findStage("gapless", "dev", access, stop.signal), { name: "AbortError" });
        } finally {
            server.closeAllConnections();
            server.close();
        }
    });

    it("is, of two colours, the one that serves", async () => {
        const { fleet, deploymentGroup, targetGroupArn, alarms, blueGreen: colours } = await found(written);
        assert.deepEqual({ fleet, deploymentGroup, targetGroupArn, alarms }, { fleet: { autoScalingGroup: "shop-green" }, deploymentGroup: "dev-green", targetGroupArn: "green-targets", alarms: ["green-errors"] });
        assert.deepEqual(colours, { ...blueGreen, active: "green", sizes: { minSize: 2, maxSize: 4 } });
    });

    it("is one fleet where its program says nothing of colours, whatever else is left there", async () => {
        const stage = await found({ ...written, stage: JSON.stringify(rolling) });
        assert.deepEqual([stage.blueGreen, stage.fleet], [undefined, { autoScalingGroup: "shop-blue" }]);
    });

    for (const [name, value] of [["activeColour", undefined], ["activeColour", "red"], ["sizes", undefined], ["sizes", "{}"], ["sizes", "no JSON"]] as const) {
        it(`is refused with the way to mend it when ${name} is ${value ?? "missing"}`, async () => {
            const others = Object.entries(written).filter(([other]) => other !== name);
            await assert.rejects(found(Object.fromEntries([...others, ...(value === undefined ? [] : [[name, value]])]) as Record<string, string>), {
                kind: "usage",
                message: new RegExp(`^/gapless/shop/dev/${name} is not what this version of Gapless reads:\\n[^]+\\nRun \\./gapless up dev with the same version\\.$`),
            });
        });
    }
});
