import { whole } from "./figures";
import type { Report } from "./report-schema";

/** Counts the failed requests beyond the groups that are shown, and says whether something else befell them; undefined when there are none. */
export function otherFailures(failures: Report["failures"], shown: number): string | undefined {
    const others = failures.slice(shown);
    if (others.length === 0) return undefined;
    const causes = new Set(failures.slice(0, shown).map(({ cause }) => cause));
    const count = whole(others.reduce((sum, each) => sum + each.count, 0));
    return others.every(({ cause }) => causes.has(cause)) ? `${count} more, at other events` : `${count} more, of other causes too`;
}
