import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { Address } from "../../../rehearsal/docker/service";

/** What a target does with a request. */
export type Manner = (socket: Socket) => void;

const answer = (head: string, body: string): string => `HTTP/1.1 ${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

export const manners = {
    answers: socket => socket.write(answer("200 OK", "ok")),
    answersAndCloses: socket => socket.end(answer("200 OK\r\nConnection: close", "ok")),
    saysUnavailable: socket => socket.write(answer("503 Service Unavailable", "busy")),
    closes: socket => socket.end(),
    resets: socket => { socket.resetAndDestroy(); },
    closesInTheHeader: socket => socket.end("HTTP/1.1 200 OK\r\nContent-Le"),
    talksNonsense: socket => socket.write("good morning\r\n\r\n"),
    staysSilent: () => undefined,
    closesInTheBody: socket => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
    stopsInTheBody: socket => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
} satisfies Record<string, Manner>;

/** A target on loopback, which passes its health check or not, and treats requests as a test says. */
export class SmallTarget {
    manner: Manner = manners.answers;
    healthy = true;
    /** Paths that were asked for, health checks left out. */
    readonly asked: string[] = [];
    /** Health checks that passed and that failed. */
    readonly checks = { passed: 0, failed: 0 };
    /** Heads of the last health check and of the last other request. */
    readonly heads = { check: "", request: "" };
    /** Connections on which a request came. */
    readonly askedOn = new Set<Socket>();
    readonly #sockets = new Set<Socket>();
    readonly #server: Server;

    static async open(): Promise<SmallTarget> {
        const target = new SmallTarget();
        await once(target.#server.listen(0, "127.0.0.1"), "listening");
        return target;
    }

    private constructor() {
        this.#server = createServer(socket => {
            this.#sockets.add(socket);
            socket.on("close", () => this.#sockets.delete(socket)).on("error", () => undefined);
            socket.on("data", data => { this.take(data.toString(), socket); });
        });
    }

    get address(): Address {
        return { host: "127.0.0.1", port: (this.#server.address() as AddressInfo).port };
    }

    /** Resolves when that many requests have come. */
    async askedTimes(count: number): Promise<void> {
        while (this.asked.length < count) await once(this.#server, "asked");
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#server.close();
        for (const socket of this.#sockets) socket.destroy();
        await once(this.#server, "close");
    }

    private take(request: string, socket: Socket): void {
        const [, path = ""] = request.split(" ");
        this.heads[path === "/up" ? "check" : "request"] = request;
        if (path === "/up") {
            this.checks[this.healthy ? "passed" : "failed"]++;
            socket.write(answer(this.healthy ? "200 OK" : "500 Ill", ""));
            return;
        }
        this.askedOn.add(socket);
        this.asked.push(path);
        this.#server.emit("asked");
        this.manner(socket);
    }
}
