import assert from "node:assert/strict";
import * as fc from "fast-check";
import { imageRetention, type LifecyclePolicy, type LifecycleRule } from "../../components/image-retention";

/** An image as ECR sees it. Of the same tag only the newest image keeps it. */
interface Image {
    readonly id: number;
    readonly tags: readonly string[];
}

/** What happens to a repository: images are built, some of them are deployed, and an earlier one may be deployed again. */
type Step = { readonly build: { readonly content: number } } | { readonly deploy: { readonly back: number } };

/**
 * ECR's own rules: an image that a rule selects is never expired by one of a higher number, though that one counts it, too; the
 * oldest go first; an image is selected when each pattern matches one of its tags.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
function expire({ rules }: LifecyclePolicy, images: readonly Image[]): readonly Image[] {
    const expired = new Set<number>();
    const claimed = new Set<number>();
    for (const { selection } of [...rules].sort((a, b) => a.rulePriority - b.rulePriority)) {
        const selected = images.filter(image => isSelected(selection, image)).sort((a, b) => b.id - a.id);
        for (const { id } of selected.slice(selection.countNumber)) {
            if (!claimed.has(id)) expired.add(id);
        }
        for (const { id } of selected) claimed.add(id);
    }
    return images.filter(({ id }) => !expired.has(id));
}

function isSelected({ tagStatus, tagPatternList = [] }: LifecycleRule["selection"], { tags }: Image): boolean {
    if (tagStatus === "untagged") return tags.length === 0;
    const matches = (pattern: string) => tags.some(tag => new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(tag));
    return tags.length > 0 && tagPatternList.every(matches);
}

/** A repository that lives through steps, cleaned up after each. */
class Repository {
    images: readonly Image[] = [];
    /** Images in the order of their latest deployment; the last one serves. */
    readonly deployed: number[] = [];
    private nextId = 1;

    constructor(private readonly policy: LifecyclePolicy) {}

    live(step: Step): void {
        if ("build" in step) this.build(`build-${step.build.content}`);
        else this.deploy(step.deploy.back);
        this.images = expire(this.policy, this.images);
    }

    private build(tag: string): void {
        const others = this.images.map(image => ({ ...image, tags: image.tags.filter(old => old !== tag && old !== "latest") }));
        this.images = [...others, { id: this.nextId++, tags: [tag, "latest"] }];
    }

    /** Deploys a build that is there, or one that was deployed before, and tags it as the deploy pipeline does. */
    private deploy(back: number): void {
        const image = this.images.filter(({ tags }) => tags.length > 0).sort((a, b) => b.id - a.id)[back];
        if (!image) return;
        this.images = this.images.map(each => (each === image ? { ...each, tags: [...new Set([...each.tags, `deployed-${each.id}`])] } : each));
        const before = this.deployed.indexOf(image.id);
        if (before >= 0) this.deployed.splice(before, 1);
        this.deployed.push(image.id);
    }

    has(id: number): boolean {
        return this.images.some(image => image.id === id);
    }
}

describe("the retention of images", () => {
    const built = (id: number, ...tags: readonly string[]): Image => ({ id, tags });
    const kept = (images: readonly Image[]) => expire(imageRetention(2), images).map(({ id }) => id);

    it("keeps what was deployed, however much is built afterwards", () => {
        const builds = Array.from({ length: 50 }, (_, at) => built(at + 3, `build-${at}`));
        assert.deepEqual(kept([built(1, "build-a", "deployed-1"), built(2, "deployed-2"), ...builds]), [1, 2, 51, 52]);
    });

    it("keeps as many builds that were never deployed, beside those that were", () => {
        assert.deepEqual(kept([built(1, "a"), built(2, "b"), built(3, "c", "deployed-3")]), [2, 3]);
    });

    it("forgets what was deployed long ago, also when it is still tagged otherwise", () => {
        assert.deepEqual(kept([built(1, "build-a", "deployed-1"), built(2, "deployed-2"), built(3, "deployed-3")]), [2, 3]);
    });

    it("keeps as many images whose tag has moved", () => {
        assert.deepEqual(kept([built(1), built(2), built(3), built(4, "build-a")]), [2, 3, 4]);
    });

    it("never expires what serves, nor any of the newest images that were deployed, whatever happens", () => {
        const step = fc.oneof(
            { weight: 3, arbitrary: fc.record({ build: fc.record({ content: fc.nat(6) }) }) },
            { weight: 1, arbitrary: fc.record({ deploy: fc.record({ back: fc.nat(8) }) }) },
        );
        fc.assert(fc.property(fc.integer({ min: 3, max: 6 }), fc.array(step, { maxLength: 120 }), (keepReleases, steps) => {
            const repository = new Repository(imageRetention(keepReleases));
            for (const step of steps) {
                repository.live(step);
                const newest = [...repository.deployed].sort((a, b) => b - a).slice(0, keepReleases);
                for (const id of newest) assert.ok(repository.has(id), `image ${id} is gone`);
                const serving = repository.deployed.at(-1);
                assert.ok(serving === undefined || repository.has(serving), `what serves, ${serving}, is gone`);
            }
        }), { numRuns: 500 });
    });
});
