import type { Running, SettledEntry, ToldDeployment } from "./history";

/** What became of a stack's releases. */
export interface Past {
    readonly entries: readonly SettledEntry[];
    /** Deployments that no entry names. */
    readonly unnamed: readonly ToldDeployment[];
    /** What serves; undefined before the first success. */
    readonly running?: Running | undefined;
}

/** Where to go back to, or why not: a sentence. */
export type RollbackChoice = { readonly target: SettledEntry } | { readonly problem: string };

/**
 * The release that a rollback brings back.
 * @param to number or version of a release in the history; undefined for the one that served before
 */
export function rollbackTarget({ entries, unnamed, running }: Past, to: number | string | undefined): RollbackChoice {
    if (to !== undefined) return chosen(entries, to);
    if (running === undefined) return { problem: "Nothing has been deployed with success yet, so there is nothing to go back to." };
    if (running.entry === undefined) {
        return { problem: `Nobody has written down what serves (${running.deploymentId === undefined ? `release ${running.version ?? "unknown"}` : `deployment ${running.deploymentId}`}), so what served before it cannot be told.` };
    }
    const [target] = earlierReleases(entries, running.entry);
    if (target === undefined) return { problem: `Release ${running.entry.version} is the first that has served, so there is none before it.` };
    const serving = firstOf(entries, running.entry);
    const hidden = unnamed.find(deployment => liesBetween(deployment, target, serving));
    return hidden ? { problem: describeHidden(hidden, target, running.entry) } : { target };
}

/** Whether something else has served between two releases. What CodeDeploy itself brings back has served before. */
function liesBetween({ status, creator, createdAt, version }: ToldDeployment, earlier: SettledEntry, later: SettledEntry): boolean {
    const isOther = version !== earlier.version && version !== later.version;
    return status === "Succeeded" && creator !== "codeDeployRollback" && isOther && createdAt > earlier.when && createdAt < later.when;
}

function describeHidden({ deploymentId, createdAt }: ToldDeployment, earlier: SettledEntry, later: SettledEntry): string {
    return `Deployment ${deploymentId} of ${createdAt} has succeeded between release ${earlier.version} and release ${later.version}, `
        + "and nobody has written it down, so what served before cannot be told.";
}

/** What has served before a release, newest first, each release once. */
export function earlierReleases(entries: readonly SettledEntry[], serving: SettledEntry): readonly SettledEntry[] {
    const { n, version } = firstOf(entries, serving);
    const seen = new Set([version]);
    return entries.filter(entry => entry.n < n && entry.result === "succeeded").reverse().filter(entry => {
        const isNew = !seen.has(entry.version);
        seen.add(entry.version);
        return isNew;
    });
}

/** The deployment by which a release came, before one went back to it: going back once more must not bring what one came from. */
function firstOf(entries: readonly SettledEntry[], serving: SettledEntry): SettledEntry {
    if (!goesBack(serving)) return serving;
    return entries.findLast(entry => entry.n < serving.n && entry.version === serving.version && !goesBack(entry) && entry.result === "succeeded") ?? serving;
}

/** What is flipped to has been deployed before. */
function goesBack({ by }: SettledEntry): boolean {
    return by === "rollback" || by === "flip";
}

function chosen(entries: readonly SettledEntry[], to: number | string): RollbackChoice {
    const named = entries.filter(({ n, version }) => to === n || to === version);
    const target = named.findLast(({ result }) => result === "succeeded");
    if (target) return { target };
    const last = named.at(-1);
    if (last === undefined) return { problem: `The history has no ${typeof to === "number" ? `number ${to}` : `release ${to}`}.` };
    return { problem: `Release ${last.version} (number ${last.n}) has never served: its deployment ${last.deploymentId} is told as ${last.result}.` };
}
