import * as http from "node:http";

/** What a client sees of one request: the status with the body, "cut" in the middle of it, or the error's code for no answer at all. */
export type Seen = string;

/** A client that keeps its connections, and has one while it asks for one thing after the other. */
export class BalancerClient implements Disposable {
    /** Connections it has needed. */
    connections = 0;
    readonly #agent = new http.Agent({ keepAlive: true });

    constructor(private readonly door: { readonly host: string; readonly port: number }) {}

    get(path = "/", headers: http.OutgoingHttpHeaders = {}): Promise<Seen> {
        return new Promise(resolve => {
            const request = http.get({ ...this.door, path, headers, agent: this.#agent }, response => {
                let body = "";
                response.on("data", (part: Buffer) => (body += part.toString()));
                response.on("error", () => { resolve(`${response.statusCode} cut`); });
                response.on("end", () => { resolve(`${response.statusCode} ${body}`.trim()); });
            });
            request.on("socket", () => { if (!request.reusedSocket) this.connections++; });
            request.on("error", (error: NodeJS.ErrnoException) => { resolve(error.code ?? error.message); });
        });
    }

    [Symbol.dispose](): void {
        this.#agent.destroy();
    }
}
