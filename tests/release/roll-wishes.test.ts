import assert from "node:assert/strict";
import { wishesIn, wishMetadata } from "../../release/roll-wishes";

describe("wishes for a roll", () => {
    for (const wishes of [{}, { shiftPercents: [10, 50, 100] }, { bakeSeconds: 0 }, { shiftPercents: [100], bakeSeconds: 60 }]) {
        it(`come back from an object's metadata as they were: ${JSON.stringify(wishes)}`, () => {
            assert.deepEqual(wishesIn({ ...wishMetadata(wishes), builder: "ann" }), wishes);
        });
    }

    it("are texts that people write on the command line", () => {
        assert.deepEqual(wishMetadata({ shiftPercents: [10, 100], bakeSeconds: 90 }), { shift: "10,100", bake: "90s" });
    });

    for (const shift of ["", "50,10,100", "10,50", "10;100", "1.5,100"]) {
        it(`are refused with shares '${shift}'`, () => {
            assert.throws(() => wishesIn({ shift }), {
                name: "ReleaseError", message: `metadata shift of the released object must be whole percents that grow and end with 100, such as 10,50,100; received ${shift}`,
            });
        });
    }

    it("are refused with a time that is none", () => {
        assert.throws(() => wishesIn({ bake: "1m" }), { name: "ReleaseError", message: "metadata bake of the released object must be seconds, such as 60s; received 1m" });
    });
});
