import { z } from "zod";
import { colour } from "./blue-green/colour";

const result = z.enum(["inProgress", "succeeded", "failed", "rolledBack", "stopped"]);

/** What came of a deployment; `rolledBack` means that it failed and that the release before is back. */
export type DeploymentResult = z.output<typeof result>;

const journalEntry = z.object({
    /** Counts the entries of a stack from 1, and is never given twice. */
    n: z.number().int().positive(),
    version: z.string(),
    /** `repository@sha256:…` */
    image: z.string(),
    /** Version of the object that was deployed: the release's own, or the trigger's. */
    bundleVersion: z.string(),
    /** What CodeDeploy installed, a text that is the same for the same revision: a roll back of its own names that alone. */
    revision: z.string().optional(),
    commit: z.string().optional(),
    who: z.string(),
    /** When it began, as ISO 8601 says it. */
    when: z.iso.datetime(),
    by: z.enum(["pipeline", "roll", "rollback", "flip"]),
    /** CodeDeploy's name for it; blue/green: the roll's, such as `bg-1f3a9c04`. */
    deploymentId: z.string(),
    /** Blue/green: CodeDeploy's deployment to the colour, unless the roll began none. */
    codeDeployId: z.string().optional(),
    /** Blue/green: the colour that was to serve it. */
    colour: colour.optional(),
    /** The deployment by which CodeDeploy itself took it back. */
    rollbackDeploymentId: z.string().optional(),
    result,
    endedAt: z.iso.datetime().optional(),
    /** Why it did not succeed. */
    reason: z.string().optional(),
});

/** One deployment of one release: who, when, and what came of it. */
export type JournalEntry = Readonly<z.output<typeof journalEntry>>;

/** What a stack remembers of its releases. */
export const journal = z.object({
    schemaVersion: z.literal(1),
    /** Oldest first. */
    entries: z.array(journalEntry).readonly(),
}).readonly();
export type Journal = z.output<typeof journal>;

export const emptyJournal: Journal = { schemaVersion: 1, entries: [] };

/** Entries that a journal keeps. Older ones are in the older versions of its object. */
export const longestJournal = 500;

/** Adds what is new of a deployment: to its entry if there is one, else as a new entry. Telling it twice changes nothing more. */
export function record(journal: Journal, news: Omit<JournalEntry, "n">): Journal {
    const { entries } = journal;
    const known = entries.find(({ deploymentId }) => deploymentId === news.deploymentId);
    if (known) return { ...journal, entries: entries.map(entry => (entry === known ? learned(entry, news) : entry)) };
    const n = Math.max(0, ...entries.map(entry => entry.n)) + 1;
    return { ...journal, entries: [...entries, { n, ...news }].slice(-longestJournal) };
}

/** Who began it and when is told best by who told it first; what came of it, by who told it last. */
function learned(entry: JournalEntry, news: Omit<JournalEntry, "n">): JournalEntry {
    const { n, who, when, by } = entry;
    // A late writer does not know that it has ended.
    const outdated = news.result === "inProgress" && entry.result !== "inProgress";
    const told = Object.fromEntries(Object.entries(news).filter(([, value]) => value !== undefined));
    return outdated ? entry : { ...entry, ...told, n, who, when, by };
}
