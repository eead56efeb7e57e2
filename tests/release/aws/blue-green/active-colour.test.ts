import assert from "node:assert/strict";
import { writeActive } from "../../../../release/aws/blue-green/active-colour";
import { fakeWork } from "./fake-work";

describe("colour that is written down as active", () => {
    it("is read back, and not believed where it still says another", async () => {
        const { work, changes } = fakeWork({ answers: { GetParameter: { Parameter: { Value: "blue" } } } });
        await assert.rejects(writeActive(work, "green"), /^Error: \/gapless\/gapless\/dev\/activeColour says blue, although it was told green$/);
        assert.deepEqual(changes(), ["PutParameter"]);
    });

    it("is written once, and not at all where it stands", async () => {
        let value = "blue";
        const { work, changes } = fakeWork({
            answers: { GetParameter: () => ({ Parameter: { Value: value } }), PutParameter: ({ Value }) => { value = String(Value); return {}; } },
        });
        await writeActive(work, "green");
        await writeActive(work, "green");
        assert.deepEqual([value, changes()], ["green", ["PutParameter"]]);
    });
});
