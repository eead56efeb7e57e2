import { createServer, request as send, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Lets requests through round by round: those of a round are held until all of them are there. Whoever waits for an answer
 * before the whole round has been asked waits for ever.
 */
export class Gate implements AsyncDisposable {
    /** Requests that came when no round was left to come. */
    late = 0;
    private held: (() => void)[] = [];
    private readonly server: Server;

    private constructor(behind: string, private readonly rounds: number[]) {
        this.server = createServer((request, response) => {
            this.hold(() => {
                const onward = send(behind + (request.url ?? ""), { method: request.method, headers: request.headers }, answer => {
                    response.writeHead(answer.statusCode ?? 500, answer.headers);
                    answer.pipe(response);
                });
                request.pipe(onward);
            });
        });
    }

    /** @param rounds how many requests each has */
    static async open(behind: string, rounds: readonly number[]): Promise<Gate> {
        const gate = new Gate(behind, [...rounds]);
        await new Promise<void>(resolve => gate.server.listen(0, "127.0.0.1", resolve));
        return gate;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.server.closeAllConnections();
        await new Promise(resolve => this.server.close(resolve));
    }

    private hold(pass: () => void): void {
        const [size] = this.rounds;
        if (size === undefined) this.late += 1;
        this.held.push(pass);
        if (this.held.length < (size ?? 1)) return;
        this.rounds.shift();
        for (const one of this.held.splice(0)) one();
    }
}
