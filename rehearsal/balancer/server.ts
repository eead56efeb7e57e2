import type { Address } from "../docker/service";
import { uncheckedTwin } from "./haproxy-backend";
import type { RuntimeSocket, ServerStatus } from "./runtime-socket";

/** How much of a healthy target's requests one gets that some nodes of the load balancer still think registered, in percent. */
const strayPercent = 10;

/** A target's place in HAProxy's backend: a server under health checks and its unchecked twin. */
export class Server {
    constructor(
        private readonly runtime: RuntimeSocket,
        private readonly backend: string,
        readonly name: string,
    ) {}

    async moveTo({ host, port }: Address): Promise<void> {
        for (const server of this.both) await this.set(server, `addr ${host} port ${port}`);
    }

    /** Begins its checks anew. The server takes no requests yet, its twin does when there is nobody else. */
    async beginChecks(): Promise<void> {
        // A server that leaves maintenance counts as up but for one check, whatever it was. In drain it takes no requests for all that.
        for (const what of ["state maint", "weight 100%", "state drain"]) await this.set(this.name, what);
        await this.set(uncheckedTwin(this.name), "state ready");
    }

    /** What the first check has said, by the server's status; undefined before it. */
    static firstCheck(status: ServerStatus | undefined): "passed" | "failed" | undefined {
        if (status === "DRAIN") return "passed";
        return status?.startsWith("DOWN") ? "failed" : undefined;
    }

    /** Lets it take requests whenever its checks allow it. */
    async serve(): Promise<void> {
        await this.set(this.name, "state ready");
    }

    /** Leaves it a few new requests. */
    async stray(): Promise<void> {
        await this.set(this.name, `weight ${strayPercent}%`);
    }

    /** Gives it no new request. */
    async drain(): Promise<void> {
        // First, for it would take over from the last server that leaves.
        await this.set(uncheckedTwin(this.name), "state maint");
        await this.set(this.name, "state drain");
    }

    /** Ends its checks and cuts what is still open. */
    async end(): Promise<void> {
        await this.set(this.name, "state maint");
        await this.cut();
    }

    /** Cuts what is still open. */
    async cut(): Promise<void> {
        for (const server of this.both) await this.runtime.tell(`shutdown sessions server ${this.backend}/${server}`);
    }

    private get both(): readonly string[] {
        return [this.name, uncheckedTwin(this.name)];
    }

    private async set(server: string, what: string): Promise<void> {
        await this.runtime.tell(`set server ${this.backend}/${server} ${what}`);
    }
}
