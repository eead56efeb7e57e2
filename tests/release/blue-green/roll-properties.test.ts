import assert from "node:assert/strict";
import fc from "fast-check";
import { type Colour, colours, otherColour } from "../../../release/blue-green/colour";
import type { Roll } from "../../../release/blue-green/roll";
import { forwardSteps } from "../../../release/blue-green/step";
import { type Arrival, type Mishap, mishaps, travel } from "./journey";
import { type ModelGroup, ModelStack } from "./model-stack";
import { sampleFlip, sampleRoll } from "./sample-roll";

const minSize = 2;
const idle = (deployed?: string): ModelGroup => ({ min: 0, desired: 0, instances: [], attached: true, deployed });
const running = (release: string, size: number, about: Partial<ModelGroup> = {}): ModelGroup => ({
    min: minSize, desired: size, instances: Array.from({ length: size }, () => ({ ready: 0, inService: true, release })), attached: true, deployed: release, ...about,
});

interface Scene {
    readonly roll: Roll;
    readonly stack: () => ModelStack;
}

const warmUntil = "1970-01-01T00:25:00Z";
const releases = (about: Partial<Roll>): Scene => ({ roll: { ...sampleRoll, ...about }, stack: () => new ModelStack("blue", { blue: running("v1", 4), green: idle("v0") }, ["v0"]) });
const flips = (about: Partial<Roll>): Scene => ({
    roll: { ...sampleFlip, warmUntil, ...about },
    stack: () => new ModelStack("green", { green: running("v2", 4), blue: running("v1", 3, { min: 3, end: 1500 }) }, ["v0"]),
});
const scenes: Readonly<Record<string, Scene>> = {
    "a release at once": releases({}),
    "a release in shares": releases({ shiftPercents: [10, 50, 100] }),
    "a release that nobody watches": releases({ shiftPercents: [10, 100], bakeSeconds: 0, warmSeconds: 0 }),
    "a first release": { roll: sampleRoll, stack: () => new ModelStack("blue", { blue: idle(), green: idle() }, []) },
    "a release over a warm one": {
        roll: { ...sampleRoll, shiftPercents: [10, 100] },
        stack: () => new ModelStack("blue", { blue: running("v1", 4), green: running("v0", 5, { min: 5, end: 1500 }) }, ["v0"]),
    },
    "a flip": flips({}),
    "a flip in shares that nobody watches": flips({ shiftPercents: [50, 100], bakeSeconds: 0 }),
    "an urgent flip": flips({ urgent: true }),
    "an urgent release": releases({ urgent: true }),
};

/** What happens while nobody drives. */
const aways: Readonly<Record<string, (stack: ModelStack) => void>> = {
    "at once": () => undefined,
    "after a busy minute": stack => {
        stack.scale(6);
        stack.pass(61);
    },
    "after hours": stack => { stack.pass(3 * 3600); },
};

/** All of a stack but its time and the names of its instances. */
function pictureOf({ groups, weights, active, seconds }: ModelStack) {
    const picture = ({ min, desired, instances, end, attached }: ModelGroup) =>
        ({ min, desired, releases: instances.map(({ inService, release }) => (inService ? release : "booting")), ends: end !== undefined && end > seconds, attached });
    return { weights: { ...weights }, active, blue: picture(groups.blue), green: picture(groups.green) };
}

function checkEnd({ roll, stack: fresh }: Scene, stack: ModelStack, { end }: Arrival, about: string): void {
    stack.pass(300);
    const before = pictureOf(fresh());
    const after = pictureOf(stack);
    assert.deepEqual([...stack.breaches], [], about);

    const succeeded = end.outcome === "succeeded";
    const serving: Colour = succeeded ? roll.to : roll.from;
    const spare = otherColour(serving);
    assert.deepEqual([after.weights[serving], after.active, after.blue.attached, after.green.attached, after[serving].ends], [100, serving, true, true, false], about);
    const release = succeeded ? roll.version : before[roll.from].releases[0];
    assert.deepEqual(after[serving].releases, Array.from({ length: after[serving].desired }, () => release), about);
    assert.ok(after[serving].desired >= before[roll.from].desired, about);
    if (end.left.length === 0) {
        assert.equal(after[serving].min, succeeded ? minSize : before[roll.from].min, about);
        // Costs nothing, or will soon.
        assert.ok(after[spare].ends || (after[spare].desired === 0 && after[spare].min === 0), about);
        stack.pass(2 * 86_400);
        assert.deepEqual([stack.groups[spare].instances, [...stack.breaches]], [[], []], about);
    }
}

async function journey(scene: Scene, which: Readonly<Record<number, Mishap>>, away = aways["at once"] ?? assert.fail()) {
    const stack = scene.stack();
    const arrival = await travel({ roll: scene.roll, stack, mishaps: which, away });
    return { stack, arrival };
}

/** Two mishaps within five steps, beyond the last step of the way forward too: there is a way back. */
function* pairsOf(steps: number): Generator<readonly [Readonly<Record<number, Mishap>>, Readonly<Record<number, Mishap>>]> {
    for (let first = 0; first < steps; first += 1) {
        for (let second = first + 1; second < Math.min(first + 5, steps + 6); second += 1) {
            for (const pair of mishapPairs) yield [{ [first]: pair[0] }, { [second]: pair[1] }];
        }
    }
}

const mishapPairs = (["failsAfter", "crashAfter", "unwritable", "stop"] as const)
    .flatMap(one => (["failsBefore", "crashBefore", "unwritten", "stopDuring", "crashDuring"] as const).map(other => [one, other] as const));

/** A stop or a failure on the way forward: what a roll turns back for. */
const turns: readonly Mishap[] = ["failsBefore", "failsAfter", "stop", "stopDuring", "unwritten", "unwritable"];

describe("every blue/green roll", () => {
    for (const [name, scene] of Object.entries(scenes)) {
        const uneventful = () => journey(scene, {});

        it(`brings ${name} out when nothing happens`, async () => {
            const { stack, arrival } = await uneventful();
            assert.deepEqual([arrival.end.outcome, arrival.end.left], ["succeeded", []]);
            assert.equal(stack.groups[scene.roll.from].end, scene.roll.warmSeconds > 0 ? stack.seconds + scene.roll.warmSeconds : undefined);
            checkEnd(scene, stack, arrival, name);
        });

        it(`keeps its promises in ${name} whatever happens at one step`, async () => {
            const { steps } = (await uneventful()).arrival;
            for (let at = 0; at < steps; at += 1) {
                for (const mishap of mishaps) {
                    for (const [gone, away] of Object.entries(aways)) {
                        const { stack, arrival } = await journey(scene, { [at]: mishap }, away);
                        checkEnd(scene, stack, arrival, `${mishap} at ${at}, taken up ${gone}`);
                    }
                }
            }
        });

        it(`ends ${name} as if no driver had died`, async () => {
            const plain = await uneventful();
            const expected = pictureOf(plain.stack);
            for (let at = 0; at < plain.arrival.steps; at += 1) {
                for (const mishap of mishaps.filter(each => each.startsWith("crash"))) {
                    const { stack, arrival } = await journey(scene, { [at]: mishap });
                    assert.deepEqual([arrival.end, pictureOf(stack)], [plain.arrival.end, expected], `${mishap} at ${at}`);
                }
            }
        });

        it(`takes ${name} back to what was before, from every step before the commit's end`, async () => {
            const { steps } = (await uneventful()).arrival;
            const before = pictureOf(scene.stack());
            const spare = scene.roll.kind === "flip" ? { ...before[scene.roll.to], ends: true } : { min: 0, desired: 0, releases: [], ends: false, attached: true };
            for (let at = 0; at < steps - 2; at += 1) {
                for (const mishap of turns) {
                    const { stack, arrival } = await journey(scene, { [at]: mishap });
                    const about = `${mishap} at ${at}`;
                    if (mishap === "stopDuring" && at === steps - 3) continue;
                    if (mishap === "unwritable") continue;
                    assert.equal(arrival.end.outcome, mishap.startsWith("stop") ? "stopped" : "rolledBack", about);
                    const { min, desired, releases, ...rest } = pictureOf(stack)[scene.roll.to];
                    assert.deepEqual(pictureOf(stack), { ...before, [scene.roll.to]: scene.roll.kind === "flip" ? { ...spare, min, desired, releases } : spare }, about);
                    assert.deepEqual(rest, { ends: spare.ends, attached: true }, about);
                }
            }
        });

        it(`leaves no request of ${name} where nobody looks when nothing can be written down`, async () => {
            const { steps } = (await uneventful()).arrival;
            for (let at = 0; at < steps - 2; at += 1) {
                const { arrival } = await journey(scene, { [at]: "unwritable" });
                assert.deepEqual(arrival.left.filter(({ mishap }) => mishap === "unwritable").map(({ percent }) => percent), [0], `at ${at}`);
            }
        });
    }

    for (const name of ["a release in shares", "a flip"] as const) {
        it(`keeps its promises in ${name} whatever happens at two steps`, async () => {
            const scene = scenes[name] ?? assert.fail();
            const { steps } = (await journey(scene, {})).arrival;
            for (const [first, second] of pairsOf(steps)) {
                const { stack, arrival } = await journey(scene, { ...first, ...second }, aways["after a busy minute"]);
                checkEnd(scene, stack, arrival, JSON.stringify([first, second]));
            }
        });
    }

    it("loses no time on growing in an urgent flip, and has grown in the end", async () => {
        const shiftedAfter = async (urgent: boolean) => {
            const scene = flips({ urgent });
            const stack = scene.stack();
            let seconds = 0;
            stack.meanwhile = () => { if (stack.weights.blue === 0) seconds = stack.seconds; };
            await travel({ roll: scene.roll, stack, mishaps: {}, away: () => undefined });
            return [seconds, stack.healthy("blue")];
        };
        assert.deepEqual([await shiftedAfter(true), await shiftedAfter(false)], [[0, 4], [60, 4]]);
    });

    describe("bakes", () => {
        /** @param happens what does at each look, by its number from 1 */
        const baked = async (happens: (look: number, stack: ModelStack) => void) => {
            const stack = scenes["a release at once"]?.stack() ?? assert.fail();
            let looks = 0;
            stack.meanwhile = () => { if (stack.weights.green > 0 && stack.active === "blue") happens(++looks, stack); };
            const { end } = await travel({ roll: sampleRoll, stack, mishaps: {}, away: () => undefined });
            return [end.outcome, looks];
        };
        const ail = (stack: ModelStack, ill: boolean) => { Object.assign(stack.groups.green.instances[0] ?? assert.fail(), { ill }); };

        it("through the death of one host of four, and through checks that fail twice in a row", async () => {
            assert.deepEqual(await baked((look, stack) => { if (look === 1) stack.kill("green"); }), ["succeeded", 6]);
            assert.deepEqual(await baked((look, stack) => { ail(stack, look % 3 !== 0); }), ["succeeded", 6]);
        });

        it("no longer than three looks with a host that is ill", async () => {
            assert.deepEqual(await baked((_, stack) => { ail(stack, true); }), ["rolledBack", 3]);
        });
    });

    it("costs nothing more when nobody comes back for a release that waits for instances", async () => {
        const scene = releases({});
        const stack = scene.stack();
        stack.meanwhile = () => { stack.scale(6); };
        const left: unknown[] = [];
        const wait = forwardSteps(scene.roll).findIndex(({ name }) => name === "match");
        const { left: [first] } = await travel({
            roll: scene.roll, stack, mishaps: { [wait]: "crashDuring" }, away: () => {
                stack.pass(3 * 3600);
                left.push(pictureOf(stack).green);
            },
        });
        assert.deepEqual([first?.mishap, left[0]], ["crashDuring", { min: 0, desired: 0, releases: [], ends: false, attached: true }]);
    });

    it("keeps its promises whatever happens, however often, while load comes and goes and instances die", async () => {
        const happening = fc.oneof(
            { weight: 6, arbitrary: fc.constant(undefined) },
            { weight: 2, arbitrary: fc.record({ scale: fc.integer({ min: 1, max: 9 }) }) },
            { weight: 1, arbitrary: fc.record({ kill: fc.constantFrom(...colours) }) },
        );
        const happenings = fc.infiniteStream(happening);
        const events = fc.dictionary(fc.integer({ min: 0, max: 30 }).map(String), fc.constantFrom(...mishaps), { maxKeys: 5 });
        const away = fc.constantFrom(...Object.values(aways));
        await fc.assert(fc.asyncProperty(fc.constantFrom(...Object.values(scenes)), events, happenings, away, async (scene, which, stream, goneFor) => {
            const stack = scene.stack();
            stack.meanwhile = () => {
                const { value } = stream.next() as { value: { scale: number } | { kill: Colour } | undefined };
                if (value === undefined) return;
                if ("scale" in value) stack.scale(value.scale);
                else stack.kill(value.kill);
            };
            const arrival = await travel({ roll: scene.roll, stack, mishaps: which, away: goneFor });
            stack.meanwhile = () => undefined;
            assert.deepEqual([...stack.breaches], []);
            assert.equal(stack.active, arrival.end.outcome === "succeeded" ? scene.roll.to : scene.roll.from);
            assert.equal(stack.weights[stack.active], 100);
            assert.ok(stack.groups.blue.attached && stack.groups.green.attached);
        }), { numRuns: 400 });
    });
});
