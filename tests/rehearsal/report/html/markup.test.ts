import assert from "node:assert/strict";
import fc from "fast-check";
import { embedJson, html } from "../../../../rehearsal/report/html/markup";

describe("A piece of a page", () => {
    it("escapes all that is put into it, but for other pieces", () => {
        const inner = html`<b>${"<&>"}</b>`;
        assert.equal(html`<p title="${'"x"'}">${inner}${["a<", inner]}${7}${undefined}</p>`.text, '<p title="&#34;x&#34;"><b>&#60;&#38;&#62;</b>a&#60;<b>&#60;&#38;&#62;</b>7</p>');
    });

    it("has JSON that ends neither its script nor a line of it, and is read as it was", () => {
        const value = { text: "</script><!-- \u2028\u2029" };
        assert.doesNotMatch(embedJson(value).text, /[<>\u2028\u2029]/);
        fc.assert(fc.property(fc.jsonValue(), any => { assert.equal(embedJson(any).text.includes("<"), false); }));
        assert.deepEqual(JSON.parse(embedJson(value).text), value);
    });
});
