import { z } from "zod";
import { DeliveryError } from "../aws/error";

/** A user of a registry. */
export interface Credentials {
    readonly username: string;
    readonly password: string;
}

const token = z.object({ token: z.string().optional(), access_token: z.string().optional(), expires_in: z.number().default(60) });

/** What a registry wants to see before it answers. It tells so at the first refusal; from then on each request brings it. */
export class Authorization {
    #challenge: string | undefined;
    #header: string | undefined;
    #renewAt = Infinity;

    /**
     * @param credentials asked for when the registry wants them; undefined for what everybody may see
     * @param now milliseconds of a clock that nobody sets
     */
    constructor(
        private readonly scopes: readonly string[], private readonly credentials: () => Promise<Credentials | undefined>, private readonly now: () => number,
    ) {}

    /** Header of the next request; undefined as long as none was asked for. */
    async header(signal: AbortSignal): Promise<string | undefined> {
        // A layer may take longer than a token lasts, and cannot be sent twice.
        if (this.#challenge !== undefined && this.now() >= this.#renewAt) await this.meet(this.#challenge, signal);
        return this.#header;
    }

    /** Does what the registry asks for in its header WWW-Authenticate. False when it was done before, and still is not enough. */
    async refused(challenge: string, signal: AbortSignal): Promise<boolean> {
        if (this.#challenge === challenge) return false;
        this.#challenge = challenge;
        await this.meet(challenge, signal);
        return this.#header !== undefined;
    }

    private async meet(challenge: string, signal: AbortSignal): Promise<void> {
        const user = await this.credentials();
        const basic = user && `Basic ${Buffer.from(`${user.username}:${user.password}`).toString("base64")}`;
        if (!/^Bearer\s/i.test(challenge)) {
            this.#header = basic;
            return;
        }
        const response = await fetch(this.tokenAddress(challenge), { signal, headers: basic === undefined ? {} : { authorization: basic } });
        if (!response.ok) throw new DeliveryError(`${new URL(response.url).host} gives no access to ${this.scopes.join(" and ")}: it answers ${response.status}. Are user and password right?`);
        const { token: bearer, access_token: other, expires_in: seconds } = token.parse(await response.json());
        this.#header = `Bearer ${bearer ?? other ?? ""}`;
        this.#renewAt = this.now() + seconds * 500;
    }

    private tokenAddress(challenge: string): URL {
        const fields = new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]));
        const address = new URL(fields.get("realm") ?? "");
        const service = fields.get("service");
        if (service !== undefined) address.searchParams.set("service", service);
        for (const scope of this.scopes) address.searchParams.append("scope", scope);
        return address;
    }
}
