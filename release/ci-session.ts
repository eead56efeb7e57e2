/** How long CI may act in its role by one token: a build, and the two hours for which its deployment may be waited for. */
export const ciSessionSeconds = 3 * 60 * 60;
