import { createServer, type IncomingMessage, request as send, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { accessAt, accountId, type DoubleAccess } from "./double-access";
import type { JsonService } from "./json-service";

export interface FrontDoorArgs {
    /** moto's address: it answers for every service that has no double. */
    readonly moto: string;
    readonly codeDeploy: JsonService;
    readonly codePipeline: JsonService;
    /** Knows the instance refreshes, and passes on to moto what else Auto Scaling is asked. */
    readonly autoScaling: { readonly url: string };
    /** Is told of every object that was written, as EventBridge is. */
    readonly onPut?: (object: { readonly bucket: string; readonly key: string; readonly version: string }) => void;
    /** Account of moto's that the requests go to. @default that of the doubles */
    readonly accountId?: string;
}


/** One address for all of AWS, so that clients and child processes need to know no other. */
export class FrontDoor implements AsyncDisposable {
    /** Every request, in order. */
    readonly requests: string[] = [];
    private readonly server: Server;

    private constructor(private readonly args: FrontDoorArgs) {
        this.server = createServer((request, response) => { this.pass(request, response); });
        this.server.unref();
    }

    static async open(args: FrontDoorArgs): Promise<FrontDoor> {
        const door = new FrontDoor(args);
        await new Promise<void>(resolve => door.server.listen(0, "127.0.0.1", resolve));
        return door;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    /** For `new XClient(…)` of any service. */
    get access(): DoubleAccess {
        return accessAt(this.url);
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.server.closeAllConnections();
        await new Promise(resolve => this.server.close(resolve));
    }

    private pass(request: IncomingMessage, response: ServerResponse): void {
        const { method = "", url = "", headers } = request;
        this.requests.push(nameOf(request));
        const onward = send(this.behind(request) + url, {
            method, headers: { ...headers, "x-moto-account-id": this.args.accountId ?? accountId },
        }, answer => {
            response.writeHead(answer.statusCode ?? 500, answer.headers);
            answer.pipe(response);
            const version = answer.headers["x-amz-version-id"];
            if (method === "PUT" && answer.statusCode === 200 && typeof version === "string") this.tellOfPut(url, version);
        });
        // A connection that breaks behind the door breaks before it, too.
        onward.on("error", () => request.socket.destroy());
        response.on("close", () => onward.destroy());
        request.pipe(onward);
    }

    private behind({ headers }: IncomingMessage): string {
        // Its calls are told from others' of the same protocol by what they are signed for.
        if (headers.authorization?.includes("/autoscaling/aws4_request")) return this.args.autoScaling.url;
        const [service = ""] = String(headers["x-amz-target"] ?? "").split("_");
        return { CodeDeploy: this.args.codeDeploy.url, CodePipeline: this.args.codePipeline.url }[service] ?? this.args.moto;
    }

    private tellOfPut(url: string, version: string): void {
        const [, bucket = "", ...key] = decodeURIComponent(url.split("?")[0] ?? "").split("/");
        this.args.onPut?.({ bucket, key: key.join("/"), version });
    }
}

// SSM and its like name service and operation in a header, EC2 and its like in the body; S3 is method and path.
function nameOf({ headers, method = "", url = "" }: IncomingMessage): string {
    const target = headers["x-amz-target"];
    return typeof target === "string" ? target.replace(/^(\w+?)(_\d+)?\.(\w+)$/, "$1.$3") : `${method} ${url.split("?")[0] ?? ""}`;
}
