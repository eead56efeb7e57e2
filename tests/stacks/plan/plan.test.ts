import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Registration } from "../../../rehearsal/program/recording";
import { Registered } from "../../support/registered";
import { planOf, told } from "./plan";
import { type Inputs, reset } from "./reset";

function resource(name: string, inputs: Inputs, more: Partial<Registration> = {}): Registration {
    return {
        urn: `urn:${name}`, type: "aws:lb/targetGroup:TargetGroup", name, custom: true, parent: undefined, inputs, secrets: [], outputs: {},
        dependencies: [], protect: false, retainOnDelete: false, ignoreChanges: [], ...more,
    };
}

const plan = (before: readonly Registration[], now: readonly Registration[]) => planOf(before, new Registered(now)).map(told);

describe("a plan", () => {
    it("changes in place what can change, and replaces what cannot", () => {
        assert.deepEqual(plan([resource("a", { port: 80, deregistrationDelay: 1 })], [resource("a", { port: 80, deregistrationDelay: 2 })]), ["update a: deregistrationDelay"]);
        assert.deepEqual(plan([resource("a", { port: 80 })], [resource("a", { port: 81, slowStart: 30 })]), ["replace a: port, slowStart"]);
        assert.deepEqual(plan([resource("a", { port: 80, slowStart: 30 })], [resource("a", { port: 80 })]), ["update a: slowStart"]);
    });

    it("takes no part in what it knows nothing of", () => {
        const type = "aws:ec2/eip:Eip";
        assert.throws(() => plan([resource("a", { domain: "vpc" }, { type })], [resource("a", {}, { type })]), /Nobody has looked up which inputs of aws:ec2\/eip:Eip replace it; changed are domain/);
        assert.deepEqual(plan([], [resource("a", {}, { type })]), ["create a"]);
    });

    it("makes things after what they depend on, and removes them before", () => {
        const chain = [resource("a", {}, { dependencies: ["urn:b"] }), resource("b", {}, { dependencies: ["urn:c"] }), resource("c", {})];
        assert.deepEqual(plan([], chain), ["create c", "create b", "create a"]);
        assert.deepEqual(plan(chain, []), ["delete a", "delete b", "delete c"]);
    });

    it("says nothing of components and of what stays as it is", () => {
        assert.deepEqual(plan([resource("a", {}, { custom: false })], [resource("b", {}, { custom: false })]), []);
        assert.deepEqual(plan([resource("a", { port: 80 })], [resource("a", { port: 80 })]), []);
    });
});

describe("what is ignored", () => {
    const cases: readonly [title: string, old: Inputs, now: Inputs, path: string, wanted: Inputs][] = [
        ["is the state's", { a: 1, b: 1 }, { a: 2, b: 2 }, "a", { a: 1, b: 2 }],
        ["is the state's, though the program has none", { a: 1 }, {}, "a", { a: 1 }],
        ["is dropped where the state has none", {}, { a: 2 }, "a", {}],
        ["is the state's deep inside of a list", { a: [{ b: { c: 1, d: 1 } }] }, { a: [{ b: { c: 2, d: 2 } }] }, "a[0].b.c", { a: [{ b: { c: 1, d: 2 } }] }],
        ["is dropped below what the state does not have", { a: [{}] }, { a: [{ b: { c: 2, d: 2 } }] }, "a[0].b.c", { a: [{ b: { d: 2 } }] }],
        ["is nothing where the program has no such part", { a: [{ b: { c: 1 } }] }, { a: [{}] }, "a[0].b.c", { a: [{}] }],
    ];
    for (const [title, old, now, path, wanted] of cases) {
        it(title, () => { assert.deepEqual(reset(old, now, [path]), wanted); });
    }
});
