import assert from "node:assert/strict";
import { escapeMarkdown, longestComment, renderMarkdown } from "../../../../cli/automation/engine/markdown";
import { Operation } from "../../../../cli/automation/engine/operation";
import { begin, diagnostic, group, nothingChanges, someChanges, stackStep, urn, whole } from "../../../support/engine-events";
import type { EngineEvent } from "@pulumi/pulumi/automation";

const about = { project: "gapless", stack: "dev", commit: "a".repeat(40) };
const now = new Date(0);

function preview(events: readonly EngineEvent[]): Operation {
    const operation = new Operation("preview", now);
    for (const event of events) operation.take(event, now);
    return operation;
}
const render = (events: readonly EngineEvent[]): string => renderMarkdown(about, { operation: preview(events), seconds: 1 });

describe("preview for a pull request", () => {
    it("begins with a mark of its own, counts, and tells what hurts first and bold, with folded properties", () => {
        assert.deepEqual(render(someChanges).split("\n"), [
            "<!-- gapless preview gapless/dev -->", "",
            "### ⚠️ Preview of dev: 1 to replace, 1 to delete, 1 to update", "",
            `Commit ${"a".repeat(40)}`, "",
            "| change | resource | type | by |",
            "|---|---|---|---|",
            "| **replace** | **web-alb** | aws:lb:LoadBalancer | internal |",
            "| **delete** | **old-host** | aws:ec2:Instance |  |",
            "| update | web-group | aws:autoscaling:Group | maxSize, tags.a |", "",
            "<details><summary>replace web-alb</summary>", "", "```diff", "! internal: false → true (why it is replaced)", "```", "", "</details>", "",
            "<details><summary>update web-group</summary>", "", "```diff", "! maxSize: 2 → 4", '- tags.a: "b"', "```", "", "</details>", "",
        ]);
    });

    it("names only why a resource is replaced in the table", () => {
        const diff = { a: { diffKind: "update", inputDiff: true }, b: { diffKind: "update-replace", inputDiff: true } };
        assert.ok(render([begin({ op: "replace", ...group, before: { a: 1, b: 1 }, after: { a: 2, b: 2 }, detailedDiff: diff })]).includes("| **replace** | **web-group** | aws:autoscaling:Group | b |"));
    });

    it("says that nothing changes, or the outputs alone", () => {
        assert.match(render(nothingChanges), /\n### Preview of dev: no changes\n/);
        assert.match(render([...nothingChanges, stackStep({ a: 1 }, { a: 2 })]), /\n### Preview of dev: no changes, only its outputs become others\n/);
    });

    it("does not warn of what only adds", () => {
        assert.match(render(whole({ op: "create", ...group, after: {} })), /\n### Preview of dev: 1 to create\n/);
    });

    it("tells warnings with their resource", () => {
        assert.match(render([diagnostic("warning", "old\nAMI", urn(group.type, group.name))]), /\*\*Warnings\*\*\n\n- \*\*web-group\*\*: old AMI/);
    });

    it("leaves names and messages as they are, whatever they hold", () => {
        assert.equal(escapeMarkdown("a|b `c` *d* _e_ [f](g) <b> @team & ~h~ \\\nnext"), "a\\|b \\`c\\` \\*d\\* \\_e\\_ \\[f\\](g) &lt;b&gt; &#64;team &amp; \\~h\\~ \\\\ next");
        const evil = render([begin({ op: "update", type: "a:b:C", name: "</details>|x", before: { t: "```\n# Hi" }, after: { t: "b" }, detailedDiff: { t: { diffKind: "update", inputDiff: true } } })]);
        assert.ok(evil.includes("| update | &lt;/details&gt;\\|x | a:b:C | t |"));
        assert.ok(evil.includes('````diff\n! t: "```\\n# Hi" → "b"\n````'));
    });

    it("stays within what a comment may hold, and counts what has no room", () => {
        const many = Array.from({ length: 2000 }, (_, n) => begin({ op: "update", type: "a:b:C", name: `resource-${n}`, before: { t: "x".repeat(300) }, after: { t: "y".repeat(300) }, detailedDiff: { t: { diffKind: "update", inputDiff: true } } }));
        const warnings = Array.from({ length: 1000 }, () => diagnostic("warning", "w".repeat(100)));
        const text = render([...many, ...warnings]);
        assert.ok(text.length <= longestComment, String(text.length));
        assert.match(text, /…and \d+ more changes, which have no room here\./);
        const few = render(many.slice(0, 200));
        assert.ok(few.length <= longestComment, String(few.length));
        assert.match(few, /…and the properties of \d+ more, which have no room here\./);
    });
});
