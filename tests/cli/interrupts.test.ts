import assert from "node:assert/strict";
import { Interrupts } from "../../cli/interrupts";

function open() {
    const said: string[] = [];
    const interrupts = new Interrupts({ say: text => void said.push(text), exit: () => void said.push("exit") });
    return { interrupts, said, take: (times: number) => { for (let time = 0; time < times; time += 1) interrupts.take("SIGINT"); } };
}

const cleaning = "cleaning up; this takes a few seconds (once more: leave all as it is)";

describe("Ctrl-C", () => {
    for (const [times, expected] of [[1, []], [2, [cleaning]], [3, [cleaning, "exit"]]] as const) {
        it(`ends the command, and says how it goes on, the ${["first", "second", "third"][times - 1]} time`, () => {
            const { interrupts, said, take } = open();
            take(times);
            assert.deepEqual([interrupts.signal.aborted, said], [true, expected]);
        });
    }

    it("is a wish alone the first time where one is heard, and ends the command the second time", () => {
        const { interrupts, said, take } = open();
        const heard: string[] = [];
        interrupts.asWish(({ message }) => void heard.push(message));
        take(1);
        assert.deepEqual([interrupts.signal.aborted, heard, said], [false, ["interrupted (SIGINT)"], []]);
        take(1);
        assert.deepEqual([interrupts.signal.aborted, heard.length, said], [true, 1, []]);
    });

    it("ends the command the first time, too, where whoever hears the wish has nothing to bring to an end", () => {
        const { interrupts, take } = open();
        interrupts.asWish((_, end) => { end(); });
        take(1);
        assert.equal(interrupts.signal.aborted, true);
    });

    it("ends the command at once when no wish is heard any more", () => {
        const { interrupts, take } = open();
        const takeBack = interrupts.asWish(() => assert.fail("heard"));
        takeBack();
        take(1);
        assert.equal(interrupts.signal.aborted, true);
    });

    it("is no wish any more once the command ends", () => {
        const { interrupts, take } = open();
        take(1);
        interrupts.asWish(() => assert.fail("heard"));
        take(1);
        assert.equal(interrupts.signal.aborted, true);
    });
});
