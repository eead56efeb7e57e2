import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { Registered } from "../support/registered";
import { doors } from "./plan/doors";
import { planOf, told, withReality } from "./plan/plan";
import type { Inputs } from "./plan/reset";
import { blueGreen, buildFromDefaults, parametersOf } from "./variant";

type Reality = Readonly<Record<string, Inputs>>;

const states = ["that nobody has looked at since", "after a deployment", "in the middle of one"] as const;
type State = (typeof states)[number];

for (const [door, { given, weights, actions }] of Object.entries(doors)) {
    describe(`a stack of two colours behind ${door}`, () => {
        let blue: Registered;
        let green: Registered;
        before(async () => {
            blue = await buildFromDefaults("dev", { ...given, ...blueGreen }, parametersOf({ activeColour: "blue" }));
            green = await buildFromDefaults("dev", { ...given, ...blueGreen }, parametersOf({ activeColour: "green" }));
        });

        const weighted = (toBlue: number, toGreen: number): Inputs => ({
            [actions]: [{
                type: "forward",
                forward: { targetGroups: [{ arn: blue.named("web-targets").outputs["arn"], weight: toBlue }, { arn: blue.named("web-targets-green").outputs["arn"], weight: toGreen }] },
            }],
        });

        /** What deployments leave behind; of the last, half way, each part is other than what any program says. */
        const realities = (): Readonly<Record<State, Reality>> => ({
            "that nobody has looked at since": {},
            "after a deployment": {
                [weights]: weighted(0, 100),
                "web-hosts-group": { minSize: 0, desiredCapacity: 0 },
                "web-hosts-group-green": { minSize: 2, desiredCapacity: 3 },
                "web-active-colour-parameter": { value: "green" },
            },
            "in the middle of one": {
                [weights]: weighted(50, 50),
                "web-hosts-group": { minSize: 3, desiredCapacity: 3 },
                "web-hosts-group-green": { minSize: 3, desiredCapacity: 4 },
                "web-deploy-group": { autoscalingGroups: [] },
                "web-deploy-group-green": { autoscalingGroups: [] },
                "web-active-colour-parameter": { value: "green" },
            },
        });

        it("leads a listener that is made now to the colour that serves", () => {
            for (const [made, targets] of [[green, "web-targets-green"], [blue, "web-targets"]] as const) {
                assert.deepEqual(made.named(weights).inputs[actions], [{ type: "forward", targetGroupArn: made.named(targets).outputs["arn"] }]);
            }
        });

        for (const state of states) {
            it(`has nothing to change, ${state}, whichever colour serves`, () => {
                for (const now of [blue, green]) assert.deepEqual(planOf(withReality(blue, realities()[state]), now).map(told), []);
            });
        }

        it("would have, were any of the deployments' own not left to them", () => {
            const owned: readonly (readonly [name: string, path: string])[] = [
                [weights, actions],
                ["web-hosts-group", "minSize"], ["web-hosts-group", "desiredCapacity"], ["web-hosts-group-green", "minSize"], ["web-hosts-group-green", "desiredCapacity"],
                ["web-deploy-group", "autoscalingGroups"], ["web-deploy-group-green", "autoscalingGroups"], ["web-active-colour-parameter", "value"],
            ];
            const reality = withReality(blue, realities()["in the middle of one"]);
            for (const [name, path] of owned) {
                const careless = new Registered(blue.all.map(one => (one.name === name ? { ...one, ignoreChanges: one.ignoreChanges.filter(ignored => ignored !== path) } : one)));
                assert.deepEqual(planOf(reality, careless).map(told), [`update ${name}: ${path}`]);
            }
            // Nothing else is, of what a deployment touches, so that what the program says of it holds.
            const left = blue.all.flatMap(({ name, ignoreChanges }) => ignoreChanges.map(path => `${name} ${path}`)).filter(one => !/^web-deploy-trigger | initialLifecycleHooks$/.test(one));
            assert.deepEqual(left.sort(), owned.map(pair => pair.join(" ")).sort());
        });

        it("still changes what is the program's: the most hosts there may be, and the sizes that deployments apply", async () => {
            const larger = await buildFromDefaults("dev", { ...given, ...blueGreen, minSize: 4, maxSize: 8 }, parametersOf({ activeColour: "green" }));
            const changes = planOf(withReality(blue, realities()["after a deployment"]), larger).map(told).filter(line => !/^update web-alarms|^update web-hosts-scaling/.test(line));
            assert.deepEqual(changes.sort(), ["update web-hosts-group-green: maxSize", "update web-hosts-group: maxSize", "update web-sizes-parameter: value"]);
        });
    });
}
