/**
 * Corrects the stack of every error before Pulumi's runner prints it. Pulumi's source maps name its files
 * `node_modules/@pulumi/resource.ts`, and on a scope without a package many releases of Node loop in `util.inspect` until
 * memory for text ends, half a minute for each error: https://github.com/nodejs/node/issues/64011
 */
export function correctStacks(): void {
    // Elsewhere than under the runner nobody listens, and our listener alone would keep Node from ending on an error.
    if (process.listenerCount("unhandledRejection") === 0) return;
    process.prependListener("uncaughtException", correctStack);
    process.prependListener("unhandledRejection", correctStack);
}

/** Puts the package back that the source maps leave out. */
export function correctStack(error: unknown): void {
    if (!(error instanceof Error)) return;
    if (error.stack) error.stack = error.stack.replace(/([/\\]node_modules[/\\]@pulumi[/\\])(?=[^/\\]*$)/gm, "$1pulumi/");
    correctStack(error.cause);
}
