import { isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import type { PartPath } from "./appspec-parts";

/** The appspec as it is written, of which the agent's parser knows nothing any more. */
export class AppspecLines {
    private readonly lines = new LineCounter();
    private readonly document;

    constructor(text: string) {
        this.document = parseDocument(text, { version: "1.1", lineCounter: this.lines });
    }

    /** Line of a part; where it is not written, of the part that it is missing in. */
    of(path: PartPath): number {
        for (let length = path.length; length > 0; length -= 1) {
            const node = this.keyOf(path.slice(0, length)) ?? this.document.getIn(path.slice(0, length), true);
            if (isNode(node) && node.range) return this.lines.linePos(node.range[0]).line;
        }
        return 1;
    }

    private keyOf(path: PartPath): unknown {
        const map = path.length === 1 ? this.document.contents : this.document.getIn(path.slice(0, -1), true);
        return isMap(map) ? map.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))?.key : undefined;
    }

    /** A value as it is written, without quotes; undefined where it stands in quotes or is no scalar. */
    bare(path: PartPath): string | undefined {
        const node = this.document.getIn(path, true);
        return isScalar(node) && node.type === "PLAIN" ? node.source : undefined;
    }

    /** Lines of keys that stand twice in one map. */
    get doubleKeys(): readonly number[] {
        return this.document.errors.filter(({ code }) => code === "DUPLICATE_KEY").map(({ pos: [at] }) => this.lines.linePos(at).line);
    }

    /** Whether a second document follows. */
    get goesOn(): boolean {
        return this.document.errors.some(({ code }) => code === "MULTIPLE_DOCS");
    }
}
