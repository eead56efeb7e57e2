// Preloaded, it lets this process connect to its own machine alone. Anything else fails as a broken network does, is told on
// standard error, and ends the process with exit code 97 however well the program copes: nothing talks to AWS by accident.
//   mocha --require tests/support/aws/only-loopback.mjs        fails the very test
//   NODE_OPTIONS="--import <path of this file>"                for a child process and its children
import dgram from "node:dgram";
import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";

const exitCode = 97;
/** Since the last look. */
let attempts = [];
let everTried = false;

function isLoopback(host) {
    return host === undefined || host === null || host === ""
        || host === "localhost" || host.endsWith(".localhost")
        || /^127(\.\d{1,3}){3}$/.test(host) || host === "::1" || /^::ffff:127\./.test(host);
}

function refuse(what) {
    const error = Object.assign(new Error(`a test tried to leave this machine: ${what}`), { code: "ENETUNREACH" });
    attempts.push(what);
    everTried = true;
    process.stderr.write(`${error.message}\n`);
    return error;
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function connectOnLoopback(...args) {
    // Node's own callers hand over arguments that are in order already: [[options, callback]].
    const [options] = Array.isArray(args[0]) ? args[0] : net._normalizeArgs(args);
    if (options.path || isLoopback(options.host)) return connect.apply(this, args);
    const error = refuse(`connect to ${options.host}:${options.port}`);
    process.nextTick(() => this.destroy(error));
    return this;
};

for (const name of ["lookup", "resolve", "resolve4", "resolve6", "resolveSrv", "resolveTxt", "reverse"]) {
    const ask = dns[name];
    dns[name] = (host, ...args) => {
        if (isLoopback(host)) return ask(host, ...args);
        const error = refuse(`${name} ${host}`);
        process.nextTick(() => args.at(-1)(error));
        return {};
    };
    const askPromise = dns.promises[name];
    dns.promises[name] = async (host, ...args) => {
        if (isLoopback(host)) return askPromise(host, ...args);
        throw refuse(`${name} ${host}`);
    };
}

const send = dgram.Socket.prototype.send;
dgram.Socket.prototype.send = function sendOnLoopback(...args) {
    const host = args.find(arg => typeof arg === "string" && arg !== args[0]);
    if (isLoopback(host)) return send.apply(this, args);
    throw refuse(`send to ${host}`);
};
syncBuiltinESMExports();

process.on("exit", () => {
    if (everTried) process.exitCode = exitCode;
});

export const mochaHooks = {
    afterEach() {
        const seen = attempts;
        attempts = [];
        if (seen.length > 0) throw new Error(`The test tried to leave this machine: ${seen.join(", ")}`);
    },
};
