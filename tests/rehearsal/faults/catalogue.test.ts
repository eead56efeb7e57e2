import assert from "node:assert/strict";
import { chooseFaults } from "../../../rehearsal/faults/catalogue";
import { faultNames } from "../../../rehearsal/faults/fault-names";

const strategies = ["rolling", "blueGreen"] as const;
const namesOf = (strategy: (typeof strategies)[number]): readonly string[] => chooseFaults("all", strategy).map(({ name }) => name);

describe("The catalogue of faults", () => {
    it("has every fault that can be asked for by name, and no other", () => {
        assert.deepEqual(new Set(strategies.flatMap(namesOf)), new Set(faultNames));
    });

    for (const strategy of strategies) {
        it(`finds each fault of ${strategy} by its name`, () => {
            for (const { name } of chooseFaults("all", strategy)) assert.deepEqual(chooseFaults([name], strategy).map(each => each.name), [name]);
        });

        it(`says of each fault of ${strategy} what happens on AWS and what is promised`, () => {
            for (const { onAws, promise } of chooseFaults("all", strategy)) {
                assert.match(onAws, /^[A-Z].*\.$/);
                assert.match(promise, /^[a-z].*[^.]$/);
            }
        });
    }

    it("finds several, in its own order", () => {
        assert.deepEqual(chooseFaults(["operator-aborts", "never-healthy"], "blueGreen").map(({ name }) => name), ["never-healthy", "operator-aborts"]);
    });

    it("refuses a fault that a strategy cannot have, and says what to type", () => {
        assert.throws(() => chooseFaults(["green-dies"], "rolling"), { name: "PlanError", message: "The fault green-dies cannot be rehearsed with strategy rolling. Add --strategy blueGreen." });
        assert.throws(() => chooseFaults(["never-healthy", "green-dies"], "rolling"), { message: "The fault green-dies cannot be rehearsed with strategy rolling. Rehearse it apart, with --strategy blueGreen." });
    });
});
