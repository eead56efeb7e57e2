import assert from "node:assert/strict";
import { chooseFaults } from "../../../rehearsal/faults/catalogue";
import { faultNames } from "../../../rehearsal/faults/fault-names";

describe("The catalogue of faults", () => {
    it("has every fault that can be asked for by name", () => {
        assert.deepEqual(chooseFaults("all", "blueGreen").map(({ name }) => name), faultNames);
        for (const name of faultNames) assert.deepEqual(chooseFaults(name, "blueGreen").map(each => each.name), [name]);
    });

    it("says of each what happens on AWS and what is promised", () => {
        for (const { onAws, promise } of chooseFaults("all", "blueGreen")) {
            assert.match(onAws, /^[A-Z].*\.$/);
            assert.match(promise, /^[a-z].*[^.]$/);
        }
    });

    it("has none for a rolling release, and says what to type", () => {
        assert.throws(() => chooseFaults("all", "rolling"), { name: "PlanError", message: "Faults cannot be rehearsed with strategy rolling, which knows none. Add --strategy blueGreen." });
        assert.throws(() => chooseFaults("scale-out", "rolling"), /^PlanError: The fault scale-out cannot be rehearsed/);
    });
});
