import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { Load } from "../../../rehearsal/load/load";
import { failed, type RequestRecord } from "../../../rehearsal/load/request-record";
import { traffic } from "../../../rehearsal/load/traffic";
import { planFor, Service } from "./service";

describe("The load", () => {
    it("sends each due request once and keeps a record of each", async () => {
        await using service = await Service.serve((_, response) => response.writeHead(200, { "X-Release": "v1" }).end());
        await using load = await Load.start(planFor(service, { maxRequests: 300 }));

        const records = await load.finished;

        assert.equal(service.requests.length, 300);
        assert.equal(records.length, 300);
        assert.ok(records.every(record => !failed(record) && record.version === "v1"));
        assert.equal(load.records.length, 300);
    });

    it("has its requests due at start + k / rate", async () => {
        await using service = await Service.serve((_, response) => response.end());
        await using load = await Load.start(planFor(service, { ratePerSecond: 250, maxRequests: 50 }));

        const due = byDue(await load.finished).map(record => record.dueMs);

        const start = due[0] ?? NaN;
        assert.deepEqual(due.map(dueMs => Math.round((dueMs - start) * 100) / 100), Array.from({ length: 50 }, (_, k) => k * 4));
    });

    it("mixes slow requests and new connections as its seed says", async () => {
        await using service = await Service.serve((_, response) => response.end());
        const plan = planFor(service, { maxRequests: 200, newConnectionShare: 0.5 });
        await using load = await Load.start(plan);

        const records = byDue(await load.finished);

        const turns = traffic(plan);
        const wanted = Array.from(records, () => turns.next().value);
        assert.deepEqual(records.map(record => record.slow), wanted.map(turn => turn.slow));
        assert.equal(
            service.requests.filter(request => request.headers.connection === "close").length,
            wanted.filter(turn => turn.newConnection).length,
        );
        assert.equal(service.requests.filter(request => request.url === "/slow?ms=1200").length, wanted.filter(turn => turn.slow).length);
        assert.ok(records.some(record => record.reusedConnection));
    });

    it("loses every request that the server drops, and repeats none", async () => {
        await using service = await Service.serve(request => request.socket.destroy());
        await using load = await Load.start(planFor(service, { maxRequests: 100 }));

        const records = await load.finished;

        assert.deepEqual([service.requests.length, records.length, records.filter(failed).length], [100, 100, 100]);
    });

    it("loses exactly the requests that broke on connections kept from earlier ones", async () => {
        const carried = new WeakSet();
        let dropped = 0;
        await using service = await Service.serve(({ socket }, response) => {
            if (carried.has(socket)) {
                dropped++;
                socket.destroy();
            } else {
                carried.add(socket);
                response.end();
            }
        });
        await using load = await Load.start(planFor(service, { newConnectionShare: 0, maxRequests: 100 }));

        const records = await load.finished;

        const lost = records.filter(failed);
        assert.ok(dropped > 0);
        assert.deepEqual([service.requests.length, lost.length], [100, dropped]);
        assert.ok(lost.every(record => record.reusedConnection && record.error === "ECONNRESET"));
    });

    it("sends on, at its rate, while the server answers nothing", async () => {
        // Whoever waited for one answer before sending the next request would wait here for ever.
        const held: ServerResponse[] = [];
        await using service = await Service.serve((_, response) => {
            held.push(response);
            if (held.length === 300) {
                held.forEach(each => each.end());
            }
        });
        await using load = await Load.start(planFor(service, { maxRequests: 300 }));

        assert.equal((await load.finished).filter(failed).length, 0);
    });

    it("sends nothing new after stop, waits for the open requests, and leaves no process", async () => {
        const held: ServerResponse[] = [];
        await using service = await Service.serve((_, response) => held.push(response));
        await using load = await Load.start(planFor(service));
        await service.asked(20);

        const stopped = load.stop();
        // The answers come only after the generator has had the word: from then on, nothing new may arrive.
        setTimeout(() => {
            held.forEach(response => response.end());
        }, 200);
        const records = await stopped;

        assert.ok(records.length >= 20);
        assert.equal(records.length, service.requests.length);
        assert.deepEqual(records.filter(failed), []);
        assert.throws(() => process.kill(load.pid ?? NaN, 0), { code: "ESRCH" });
    });

    it("may be stopped after it has ended by itself", async () => {
        await using service = await Service.serve((_, response) => response.end());
        await using load = await Load.start(planFor(service, { maxRequests: 100 }));
        await load.finished;

        assert.equal((await load.stop()).length, 100);
    });

    it("says so when its process dies before its time", async () => {
        await using service = await Service.serve((_, response) => response.end());
        await using load = await Load.start(planFor(service));
        await service.asked(5);

        process.kill(load.pid ?? NaN, "SIGKILL");

        await assert.rejects(load.stop(), { name: "LoadError", message: "The load generator's process ended before its time (SIGKILL)." });
    });

    it("ends when the process that started it is killed", async () => {
        await using service = await Service.serve((_, response) => response.end());
        const parent = fork(join(import.meta.dirname, "start-load.ts"), [JSON.stringify(planFor(service))], { execArgv: ["--import", "tsx"] });
        const gone = once(parent, "exit");
        await Promise.race([service.asked(50), gone]);

        parent.kill("SIGKILL");
        await gone;

        // A living generator would keep its connections busy for an hour.
        // Whoever was killed may also reset them.
        await Promise.all([...service.sockets].map(socket => new Promise(closed => { socket.on("error", () => undefined).once("close", closed); })));
        assert.ok(parent.signalCode === "SIGKILL");
    });

    it("ends at once when its scope is left", async () => {
        await using service = await Service.serve(() => undefined);
        let pid: number | undefined;
        {
            await using load = await Load.start(planFor(service));
            pid = load.pid;
        }
        assert.throws(() => process.kill(pid ?? NaN, 0), { code: "ESRCH" });
    });

    it("starts no process for a plan that goes elsewhere", async () => {
        await assert.rejects(Load.start(planFor({ url: "http://example.com" })), /must be on this machine/);
    });
});

function byDue(records: readonly RequestRecord[]): readonly RequestRecord[] {
    return [...records].sort((a, b) => a.dueMs - b.dueMs);
}
