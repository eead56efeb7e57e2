import * as http from "node:http";
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import type { LoadPlan } from "../../../rehearsal/load/load-plan";

/** A real HTTP server on loopback that keeps what it was asked. */
export class Service {
    readonly requests: http.IncomingMessage[] = [];
    readonly sockets = new Set<Socket>();
    readonly #server: http.Server;

    static async serve(answer: http.RequestListener): Promise<Service> {
        const service = new Service(answer);
        service.#server.listen(0, "127.0.0.1");
        await once(service.#server, "listening");
        return service;
    }

    private constructor(answer: http.RequestListener) {
        this.#server = http.createServer((request, response) => {
            this.requests.push(request);
            answer(request, response);
            this.#server.emit("asked");
        });
        this.#server.on("connection", (socket: Socket) => {
            this.sockets.add(socket);
            socket.once("close", () => this.sockets.delete(socket));
        });
    }

    get url(): string {
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    }

    /** Resolves when that many requests have come. */
    async asked(count: number): Promise<void> {
        while (this.requests.length < count) {
            await once(this.#server, "asked");
        }
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#server.close();
        this.#server.closeAllConnections();
        await Promise.all([...this.sockets].map(socket => once(socket, "close")));
    }
}

/** A small load on a service, with what a test is about laid over it. */
export function planFor({ url }: { readonly url: string }, about: Partial<LoadPlan> = {}): LoadPlan {
    return {
        url,
        ratePerSecond: 500,
        paths: { fast: "/", slow: "/slow?ms=1200" },
        slowShare: 0.1,
        newConnectionShare: 0.05,
        seed: 1,
        timeoutMs: 10_000,
        ...about,
    };
}
