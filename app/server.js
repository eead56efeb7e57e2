import http from "node:http";
import os from "node:os";

// Above the load balancer's idle timeout (60 s): when both sides may close an idle connection, the balancer has to be
// first, or it sends a request into a connection that is just being closed and its client sees a 502.
const keepAliveMs = 75_000;
const longestSlowMs = 10_000;
const slowBootMs = 3_000;
const behaviours = ["healthy", "broken", "failing", "crashing", "slowBoot"];

const settings = readSettings(process.env);
let draining = false;

const server = http.createServer({ keepAliveTimeout: keepAliveMs }, (request, response) => {
    response.setHeader("X-Release", settings.version);
    response.setHeader("X-Instance", settings.instance);
    const [pathname, query] = request.url.split("?", 2);
    if (pathname === settings.healthPath) {
        if (settings.behaviour === "crashing") response.on("finish", () => exitWith("this release crashes on purpose"));
        answer(response, settings.behaviour === "broken" ? 503 : 200, settings.behaviour);
    } else if (settings.behaviour === "failing") {
        answer(response, 500, "this release fails on purpose");
    } else if (pathname === "/slow") {
        answerSlowly(response, new URLSearchParams(query).get("ms") ?? "1000");
    } else if (pathname === "/" || settings.behaviour === "slowBoot") {
        // A rehearsal lets users of other services see this one, too, and they have routes of their own.
        answer(response, 200, `release ${settings.version} on ${settings.instance}`);
    } else {
        answer(response, 404, `no route ${pathname}`);
    }
});

server.on("error", error => exitWith(`Cannot listen on port ${settings.port}: ${error.message}`));
const boot = setTimeout(() => server.listen(settings.port, () => {
    console.log(`release ${settings.version} (${settings.behaviour}) listens on port ${server.address().port}`);
}), settings.behaviour === "slowBoot" ? slowBootMs : 0);
// As process 1 of a container node has no default action for signals: without this a stop waits for SIGKILL.
process.on("SIGTERM", drain);
process.on("SIGINT", drain);

/** Stops accepting, lets the open requests finish; the process then ends by itself with exit code 0. */
function drain() {
    if (draining) return;
    draining = true;
    clearTimeout(boot);
    server.close(() => console.log("stopped"));
    console.log("stopping: finishing open requests");
}

function answer(response, status, text) {
    if (draining) response.setHeader("Connection", "close");
    response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" });
    response.end(`${text}\n`);
}

function answerSlowly(response, ms) {
    if (!/^\d{1,6}$/.test(ms)) return answer(response, 400, `ms must be a whole number of milliseconds, got "${ms}"`);
    const waitMs = Math.min(Number(ms), longestSlowMs);
    setTimeout(() => answer(response, 200, `after ${waitMs} ms`), waitMs);
}

function readSettings(env) {
    const { PORT = "8080", HEALTH_PATH = "/health", VERSION = "unknown", INSTANCE_ID = os.hostname(), BEHAVIOUR = "healthy" } = env;
    const problems = [
        isPort(PORT) || `PORT must be a port number (0 takes any free one), got "${PORT}"`,
        HEALTH_PATH.startsWith("/") || `HEALTH_PATH must start with "/", got "${HEALTH_PATH}"`,
        isHeaderValue(VERSION) || `VERSION must fit into a header, got ${JSON.stringify(VERSION)}`,
        isHeaderValue(INSTANCE_ID) || `INSTANCE_ID must fit into a header, got ${JSON.stringify(INSTANCE_ID)}`,
        behaviours.includes(BEHAVIOUR) || `BEHAVIOUR must be one of ${behaviours.join(", ")}, got "${BEHAVIOUR}"`,
    ].filter(check => check !== true);
    if (problems.length > 0) exitWith(`Wrong environment:\n${problems.map(problem => `  ${problem}`).join("\n")}`);
    return { port: Number(PORT), healthPath: HEALTH_PATH, version: VERSION, instance: INSTANCE_ID, behaviour: BEHAVIOUR };
}

function isPort(text) {
    return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}

function isHeaderValue(text) {
    return /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text);
}

function exitWith(message) {
    console.error(message);
    process.exit(1);
}
