import assert from "node:assert/strict";
import { colourHaproxyConfig, haproxyConfig } from "../../../rehearsal/balancer/haproxy-config";

const numbers = {
    path: "/ready", matcher: "200-299", healthIntervalMs: 500, healthTimeoutMs: 450,
    healthyThreshold: 3, unhealthyThreshold: 4, idleTimeoutMs: 60_000,
};
const asAlb = "ver HTTP/1.1 hdr Host %[bc_dst]:%[bc_dst_port] hdr User-Agent ELB-HealthChecker/2.0";
const linesOf = (config: string): readonly string[] => config.split("\n").map(line => line.trim());
const config = linesOf(haproxyConfig(numbers, ["i-1", "i-2"]));

describe("configuration of the balancer", () => {
    for (const [why, line] of [
        ["checks the target group's path, as the load balancer asks", `http-check send meth GET uri /ready ${asAlb}`],
        ["takes the target group's matcher", "http-check expect status 200-299"],
        ["checks at the scaled pace with the target group's thresholds", "server i-1 127.0.0.1:1 check inter 500ms rise 3 fall 4"],
        ["ends a check before the next begins", "timeout check 450ms"],
        ["closes idle client connections as the load balancer does", "timeout client 60000ms"],
        ["closes idle target connections as the load balancer does", "timeout server 60000ms"],
        ["never sends a request twice", "retries 0"],
        ["never sends a request to a second target", "no option redispatch"],
        ["keeps connections to targets open", "option http-keep-alive"],
        ["shares the connections to targets among clients", "http-reuse always"],
        ["has a place for every instance", "server i-2 127.0.0.1:1 check inter 500ms rise 3 fall 4"],
        ["has an unchecked place for every instance, for when no other is left", "server i-2-unchecked 127.0.0.1:1 backup"],
        ["gives requests to all of those, not to the first", "option allbackups"],
        ["gives no place requests before it is taken, and keeps its idle connections as the load balancer does", "default-server weight 100 pool-purge-delay 60000ms disabled"],
        ["gives up on a connection to a target after ten seconds, at any pace", "timeout connect 10000ms"],
    ] as const) {
        it(why, () => { assert.ok(config.includes(line), config.join("\n")); });
    }
});

describe("what the balancer tells targets of how clients come", () => {
    for (const [https, proto, port] of [[undefined, "http", 80], [false, "http", 80], [true, "https", 443]] as const) {
        it(`is ${proto} on ${port} ${https === undefined ? "by default" : `where HTTPS is ${https ? "on" : "off"}`}, and who they are`, () => {
            const lines = linesOf(haproxyConfig({ ...numbers, ...(https !== undefined && { https }) }, ["i-1"]));
            for (const line of ["option forwardfor", `http-request set-header X-Forwarded-Proto ${proto}`, `http-request set-header X-Forwarded-Port ${port}`]) {
                assert.equal(lines.filter(each => each === line).length, 1, line);
            }
        });
    }
});

describe("configuration of the balancer of two colours", () => {
    const lines = linesOf(colourHaproxyConfig(numbers, { headerSecret: "0123456789abcdef", slots: { blue: ["s-1"], green: ["s-1", "s-2"] } }));
    const of = (colour: string): readonly string[] => {
        const begin = lines.indexOf(`backend ${colour}`);
        const end = lines.findIndex((line, index) => index > begin && line.startsWith("backend "));
        return lines.slice(begin, end < 0 ? undefined : end);
    };

    it("decides by the header, then by the weights, else for blue", () => {
        assert.deepEqual(lines.slice(lines.indexOf("http-request set-var(txn.asked) date(0,ms)") + 1, lines.indexOf("backend blue")), [
            "http-request set-var(txn.green) str(green),map_str_int(/tmp/weights.map,0)",
            "use_backend blue if { req.hdr(X-Gapless-Colour) -m str blue-0123456789abcdef }",
            "use_backend green if { req.hdr(X-Gapless-Colour) -m str green-0123456789abcdef }",
            "use_backend green if { rand(100),sub(txn.green) lt 0 }",
            "default_backend blue",
        ]);
    });

    for (const colour of ["blue", "green"]) {
        it(`checks the targets of ${colour} as those of the only group, and has places for them`, () => {
            assert.ok(of(colour).includes(`http-check send meth GET uri /ready ${asAlb}`));
            const places = of(colour).filter(line => line.startsWith("server s-"));
            assert.equal(places.filter(line => line.endsWith("check inter 500ms rise 3 fall 4")).length, colour === "blue" ? 1 : 2);
            assert.equal(places.filter(line => line.endsWith("backup")).length, colour === "blue" ? 1 : 2);
        });
    }
});
