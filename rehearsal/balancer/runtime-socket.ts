import { connect } from "node:net";

/** HAProxy refused a command or could not be reached. */
export class BalancerError extends Error {
    override readonly name = "BalancerError";
}

const answerMs = 2_000;

/** State of one target in HAProxy's words, for example UP, DOWN, MAINT or DRAIN, with "no check" variants. */
export type ServerStatus = string;

/** HAProxy's runtime API over its socket, one command a connection. */
export class RuntimeSocket {
    constructor(
        private readonly host: string,
        private readonly port: number,
    ) {}

    /** Sends a command that answers nothing when it is accepted. */
    async tell(command: string): Promise<void> {
        const answer = (await this.ask(command)).trim();
        // A changed address is confirmed in words, everything else in silence.
        if (answer !== "" && !/^(IP|port|no need to change)/.test(answer)) {
            throw new BalancerError(`HAProxy refused '${command}': ${answer}`);
        }
    }

    /** Whether it takes commands yet. */
    async answers(): Promise<boolean> {
        return this.ask("show stat -1 4 -1").then(table => table.startsWith("#"), () => false);
    }

    /** The status of every target of a backend. */
    async statuses(backend: string): Promise<ReadonlyMap<string, ServerStatus>> {
        return this.statistic("show stat -1 4 -1", backend, "status");
    }

    /** A figure of HAProxy's statistics of a backend: by its servers' names, or of the backend itself under `BACKEND`. */
    async statistic(command: string, backend: string, name: string): Promise<ReadonlyMap<string, string>> {
        const table = await this.ask(command);
        const rows = table.split("\n").map(line => line.split(","));
        const column = rows[0]?.indexOf(name) ?? -1;
        if (column < 0) throw new BalancerError(`HAProxy answered 'show stat' with: ${table.slice(0, 200)}`);
        return new Map(rows.filter(row => row[0] === backend).map(row => [row[1] ?? "", row[column] ?? ""]));
    }

    /** Sends a command and returns what HAProxy answers. */
    ask(command: string): Promise<string> {
        return new Promise((resolve, reject) => {
            let answer = "";
            const socket = connect(this.port, this.host, () => socket.write(`${command}\n`));
            socket.setTimeout(answerMs, () => socket.destroy(new Error(`no answer within ${answerMs} ms`)));
            socket.on("data", chunk => (answer += chunk.toString()));
            socket.on("error", cause => {
                reject(new BalancerError(`HAProxy did not take '${command}': ${cause.message}`, { cause }));
            });
            socket.on("end", () => { resolve(answer); });
        });
    }
}
