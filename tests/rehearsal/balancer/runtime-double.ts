import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { uncheckedTwin } from "../../../rehearsal/balancer/haproxy-backend";
import type { Address } from "../../../rehearsal/docker/service";

interface ServerRow {
    state: "maint" | "drain" | "ready";
    weight: string;
    check: Check;
}

/** What the health check has said: "none" yet, or "wavering" = failed, but not yet as often as the threshold. */
type Check = "none" | "passed" | "wavering" | "failed";

/** HAProxy's runtime API on loopback: a table of servers, its commands and the words that HAProxy 2.6 says to them. */
export class RuntimeDouble {
    /** Every command that came, in order. */
    readonly commands: string[] = [];
    /** Hears of a command before it is carried out, and may hold it up. */
    onCommand: (command: string) => void | Promise<void> = () => undefined;
    readonly #servers: ReadonlyMap<string, ServerRow>;
    readonly #carriedOut: string[] = [];
    readonly #socket: Server;

    readonly #map = new Map([["green", "0"]]);

    /** @param backend whose servers these are */
    static async open(ids: readonly string[], backend = "targets"): Promise<RuntimeDouble> {
        const double = new RuntimeDouble(ids, backend);
        await once(double.#socket.listen(0, "127.0.0.1"), "listening");
        return double;
    }

    private constructor(ids: readonly string[], private readonly backend: string) {
        this.#servers = new Map(ids.flatMap(id => [id, uncheckedTwin(id)]).map(id => [id, { state: "maint", weight: "100%", check: "none" }]));
        this.#socket = createServer(client => {
            client.once("data", data => void this.serve(data.toString().trim(), client));
        });
    }

    get address(): Address {
        return { host: "127.0.0.1", port: (this.#socket.address() as AddressInfo).port };
    }

    /** What the health check of a server says from now on. */
    check(id: string, check: Check): void {
        this.row(id).check = check;
    }

    /** Begins to list commands anew. */
    forget(): void {
        this.commands.length = 0;
        this.#carriedOut.length = 0;
    }

    /** Resolves when a command has been carried out, at once if it has been before. */
    async heard(command: string): Promise<void> {
        while (!this.#carriedOut.includes(command)) await once(this.#socket, "command");
    }

    /** The servers that get requests now: those that may and pass their checks, else those that may and have none. */
    get takers(): readonly string[] {
        const ready = [...this.#servers].filter(([, { state, check }]) => state === "ready" && check !== "failed");
        const named = ready.map(([id, { weight }]) => (weight === "100%" ? id : `${id} ${weight}`));
        const checked = named.filter(name => !name.endsWith(uncheckedTwin("")));
        return checked.length > 0 ? checked : named;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await once(this.#socket.close(), "close");
    }

    private async serve(command: string, client: Socket): Promise<void> {
        this.commands.push(command);
        await this.onCommand(command);
        const answer = this.answer(command);
        this.#carriedOut.push(command);
        this.#socket.emit("command");
        client.end(`${answer}\n`);
    }

    private row(id: string): ServerRow {
        const row = this.#servers.get(id);
        if (!row) throw new Error(`no server ${id}`);
        return row;
    }

    private answer(command: string): string {
        if (command.startsWith("show stat ")) return this.statistics(command);
        if (command.includes(" map /tmp/weights.map")) return this.weights(command);
        if (command.startsWith(`shutdown sessions server ${this.backend}/`)) return "";
        return this.setServer(command);
    }

    private setServer(command: string): string {
        const [, backend, id = "", verb = "", value = ""] = /^set server (\w+)\/(\S+) (state|addr|weight) (\S+)/.exec(command) ?? [];
        if (backend !== this.backend) return "No such backend.\n";
        const row = this.#servers.get(id);
        if (!row) return "No such server.\n";
        if (verb === "addr") return `IP changed from '127.0.0.1' to '${value}', no need to change the port by 'stats socket command'\n`;
        if (verb === "weight") row.weight = value;
        else setState(row, value as ServerRow["state"]);
        return "";
    }

    private statistics(command: string): string {
        if (command === "show stat -1 2 -1") return ["# pxname,svname,hrsp_5xx,req_tot,", `${this.backend},BACKEND,7,140,`, "other,BACKEND,1,1,", ""].join("\n");
        const rows = [...this.#servers].map(([id, row]) => `${this.backend},${id},0,${statusOf(row)},${id === uncheckedTwin("s-1") ? 4 : id === "s-1" ? 2 : 0},`);
        return ["# pxname,svname,scur,status,hrsp_5xx,", ...rows, "other,i-1,0,UP,9,", ""].join("\n");
    }

    private weights(command: string): string {
        const [, key, share] = /^set map \S+ (\S+) (\d+)$/.exec(command) ?? [];
        if (key === undefined || share === undefined) return [...this.#map].map(entry => `0x55e2ed4e1120 ${entry.join(" ")}\n`).join("");
        this.#map.set(key, share);
        return "";
    }
}

function setState(row: ServerRow, state: ServerRow["state"]): void {
    row.state = state;
    // Who leaves maintenance is checked anew.
    if (state === "maint") row.check = "none";
}

// A server that leaves maintenance counts as up, but for one check: "1/2" until one has passed.
function statusOf({ state, check }: ServerRow): string {
    if (state === "maint") return "MAINT";
    if (check === "failed") return "DOWN";
    return (state === "drain" ? "DRAIN" : "UP") + (check === "passed" ? "" : " 1/2");
}
