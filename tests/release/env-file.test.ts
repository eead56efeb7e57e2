import assert from "node:assert/strict";
import { environmentProblems, renderEnvironment } from "../../release/env-file";

describe("the environment file of a container", () => {
    it("is sorted by name and holds every value as it is", () => {
        const values = { URL: "https://a.example:8443/b", GREETING: " a b #c", EMPTY: "", HARD: `it's "\\" \${HOME} $$` };
        assert.deepEqual(environmentProblems(values), []);
        assert.equal(
            renderEnvironment(values),
            `EMPTY=\nGREETING= a b #c\nHARD=it's "\\" \${HOME} $$\nURL=https://a.example:8443/b\n`,
        );
    });

    it("is empty without an environment", () => {
        assert.equal(renderEnvironment({}), "");
    });

    for (const [name, value, problem] of [
        ["A-B", "x", '"A-B" is no name: letters, digits and _ only, no digit first'],
        ["1A", "x", '"1A" is no name: letters, digits and _ only, no digit first'],
        ["A\nB", "x", '"A\\nB" is no name: letters, digits and _ only, no digit first'],
        ["VERSION", "x", '"VERSION" is set by the release itself; choose another name'],
        ["INSTANCE_ID", "x", '"INSTANCE_ID" is set by the release itself; choose another name'],
        ["KEY", "a\nb", '"KEY" has a line end or another control character in its value; encode it, for instance as base64'],
        ["KEY", "a\u2028b", '"KEY" has a line end or another control character in its value; encode it, for instance as base64'],
        ["KEY", "a\0b", '"KEY" has a line end or another control character in its value; encode it, for instance as base64'],
        ["KEY", "a\r", '"KEY" has a line end or another control character in its value; encode it, for instance as base64'],
    ] as const) {
        it(`cannot hold ${JSON.stringify(name)} with ${JSON.stringify(value)}`, () => {
            assert.deepEqual(environmentProblems({ FINE: "x", [name]: value }), [`environment: ${problem}`]);
        });
    }
});
