import assert from "node:assert/strict";
import { haproxyConfig } from "../../../rehearsal/balancer/haproxy-config";

const config = haproxyConfig({
    path: "/ready", matcher: "200-299", healthIntervalMs: 500, healthTimeoutMs: 450,
    healthyThreshold: 3, unhealthyThreshold: 4, idleTimeoutMs: 60_000,
}, ["i-1", "i-2"]).split("\n").map(line => line.trim());

describe("configuration of the balancer", () => {
    for (const [why, line] of [
        ["checks the target group's path", "http-check send meth GET uri /ready"],
        ["takes the target group's matcher", "http-check expect status 200-299"],
        ["checks at the scaled pace with the target group's thresholds", "default-server check inter 500ms rise 3 fall 4 disabled"],
        ["ends a check before the next begins", "timeout check 450ms"],
        ["closes idle client connections as the load balancer does", "timeout client 60000ms"],
        ["closes idle target connections as the load balancer does", "timeout server 60000ms"],
        ["never sends a request twice", "retries 0"],
        ["never sends a request to a second target", "no option redispatch"],
        ["keeps connections to targets open", "option http-keep-alive"],
        ["shares the connections to targets among clients", "http-reuse always"],
        ["has a place for every instance", "server i-2 127.0.0.1:1"],
    ] as const) {
        it(why, () => { assert.ok(config.includes(line), config.join("\n")); });
    }
});
