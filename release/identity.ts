type Env = Readonly<Record<string, string | undefined>>;

/** Who does something, for the journal, the lock and a release's metadata: a build by its name, else a person by theirs. */
export function who(env: Env, user: string, host: string): string {
    const { CODEBUILD_BUILD_ID, GITHUB_ACTOR, GITHUB_RUN_ID, BUILD_TAG } = env;
    if (CODEBUILD_BUILD_ID) return CODEBUILD_BUILD_ID;
    if (GITHUB_RUN_ID) return `${GITHUB_ACTOR || "github"} (run ${GITHUB_RUN_ID})`;
    return BUILD_TAG || `${user}@${host}`;
}

/** The commit that a CI system says it works at. Undefined elsewhere: then git knows. */
export function commitOfBuild(env: Env): string | undefined {
    const { GITHUB_SHA, CODEBUILD_RESOLVED_SOURCE_VERSION, GIT_COMMIT } = env;
    // A build of CodeBuild's may have an object's version or an archive for a source, which is no commit.
    return [GITHUB_SHA, CODEBUILD_RESOLVED_SOURCE_VERSION, GIT_COMMIT].find(word => /^[0-9a-f]{40,64}$/.test(word ?? ""));
}
