import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps, type RequestOptions } from "node:https";
import { checkServerIdentity } from "node:tls";

/** A request to a service by its name, sent where the name shall lead to. */
export interface ProbeRequest {
    /** The service's address, whose name the server is asked by. */
    readonly url: string;
    /** Name of the machine that is really asked. */
    readonly dnsTarget: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
}

export interface ProbeAnswer {
    readonly status: number;
    /** Its beginning, of some hundred bytes. */
    readonly body: string;
    /** Why the certificate is of another name, which was accepted. */
    readonly otherName?: string;
}

const longestSeconds = 10;
/** What a person is quoted of it. An answer may be large, or have no end. */
const mostBytes = 500;

/** Asks once. Rejects when there is no answer, or the certificate is not to be trusted. */
export async function probeOnce({ url, dnsTarget, path, headers }: ProbeRequest, signal: AbortSignal): Promise<ProbeAnswer> {
    const { protocol, hostname, host, port } = new URL(url);
    let otherName: string | undefined;
    const options: RequestOptions = {
        host: dnsTarget, path, headers: { ...headers, host }, servername: hostname, agent: false,
        ...(port !== "" && { port }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(longestSeconds * 1000)]),
        checkServerIdentity: (_, certificate) => {
            const error = checkServerIdentity(hostname, certificate);
            // Amazon gives out no certificate for a load balancer's own name, so there the certificate is always of another.
            if (error === undefined || hostname !== dnsTarget) return error;
            otherName = error.message;
            return undefined;
        },
    };
    const answer = await new Promise<Omit<ProbeAnswer, "otherName">>((resolve, reject) => {
        const request = (protocol === "https:" ? requestHttps : requestHttp)(options, response => {
            void readBegin(response).then(body => { resolve({ status: response.statusCode ?? 0, body }); });
        });
        request.once("error", reject).end();
    });
    return { ...answer, ...(otherName !== undefined && { otherName }) };
}

/** Never rejects: an answer is judged by its status, which is there already. */
async function readBegin(response: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    try {
        for await (const chunk of response as AsyncIterable<Buffer>) {
            chunks.push(chunk);
            if (Buffer.concat(chunks).length >= mostBytes) break;
        }
    } catch {
        // It broke off, or took too long: what there is of it must do.
    }
    return Buffer.concat(chunks).subarray(0, mostBytes).toString();
}
