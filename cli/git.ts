import { execa } from "execa";
import { commitOfBuild } from "../release/identity";

type Env = Readonly<Record<string, string | undefined>>;

/** A commit, as it is told to people. */
export interface Commit {
    readonly hash: string;
    /** First line of its message; undefined where git does not know the commit. */
    readonly title: string | undefined;
}

/** Where a commit is that somebody else is to build; `noRemote`: the repository that they get it from is not known here. */
export type PushState = "yes" | "no" | "noRemote";

/**
 * Whether a remote's address, of whatever protocol, names a repository. The host does not count: it may be an alias of ssh's.
 * @param repository `owner/name`
 */
export function isRemoteOf(url: string, repository: string): boolean {
    const path = url.toLowerCase().replace(/\/$/, "").replace(/\.git$/, "");
    return [`/${repository}`, `:${repository}`].some(end => path.endsWith(end.toLowerCase()));
}

/** The repository that the project lies in, if there is one: sources may come without. */
export class Git {
    constructor(private readonly folder: string, private readonly env: Env, private readonly signal: AbortSignal) {}

    /** The commit that is built: what a build server says, or else what is checked out. Undefined outside of git. */
    async commit(): Promise<Commit | undefined> {
        const hash = commitOfBuild(this.env) ?? await this.ask(["rev-parse", "HEAD"]);
        return hash === undefined ? undefined : { hash, title: await this.ask(["log", "--max-count=1", "--format=%s", hash]) };
    }

    /** Whether a branch of a repository, which one of the remotes has to be, has the commit: as far as was fetched. */
    async pushState(hash: string, repository: string, branch: string): Promise<PushState> {
        const lines = (await this.ask(["remote", "--verbose"]))?.split("\n") ?? [];
        const remotes = lines.flatMap(line => {
            const [, name = "", url = ""] = /^(\S+)\t(\S+) \(fetch\)/.exec(line) ?? [];
            return isRemoteOf(url, repository) ? [name] : [];
        });
        for (const remote of remotes) {
            if (await this.ask(["merge-base", "--is-ancestor", hash, `refs/remotes/${remote}/${branch}`]) !== undefined) return "yes";
        }
        return remotes.length > 0 ? "no" : "noRemote";
    }

    /** Whether tracked files differ from the commit, or new ones are not in it. */
    async hasChanges(): Promise<boolean> {
        return Boolean(await this.ask(["status", "--porcelain"]));
    }

    private async ask(args: readonly string[]): Promise<string | undefined> {
        const { folder: cwd, env, signal: cancelSignal } = this;
        const { failed, stdout } = await execa("git", args, { cwd, env, extendEnv: false, cancelSignal, stdin: "ignore", reject: false });
        this.signal.throwIfAborted();
        return failed ? undefined : stdout;
    }
}
