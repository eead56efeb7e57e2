import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { accessAt, type DoubleAccess } from "./double-access";

/** How far a refresh is, member by member as Auto Scaling says it. */
export interface RefreshStep {
    readonly Status: string;
    readonly StatusReason?: string;
    readonly PercentageComplete?: number;
    readonly InstancesToUpdate?: number;
}

export interface AutoScalingDoubleArgs {
    /** Where all but refreshes and activities is asked for. @default nowhere: such a call is refused */
    readonly upstream?: string;
    /** What follows when others than a refresh have made a group larger or smaller. @default nothing */
    readonly onResized?: (group: string) => Promise<void>;
    /** What a refresh goes through once it has begun, a step at each look; it stays in the last. */
    readonly steps?: readonly RefreshStep[];
    /** What the group's last activity failed with. @default none failed */
    readonly failedActivity?: { readonly description: string; readonly message: string };
}

export const refreshId = "08b91cf7-8fa6-48af-b6a6-d227f40f1b9b";

/** The instance refreshes of Auto Scaling, which moto does not know: one group, one refresh at a time, over AWS's query protocol. */
export class AutoScalingDouble implements AsyncDisposable {
    /** Calls of refreshes, each with its parameters. */
    readonly calls: Readonly<Record<string, string>>[] = [];
    /** Calls whose connection breaks. */
    dropNext = 0;
    private readonly server: Server;
    private steps: readonly RefreshStep[];
    private begun = false;

    private constructor(private readonly args: AutoScalingDoubleArgs) {
        this.steps = args.steps ?? [];
        this.server = createServer((request, response) => void this.serve(request, response));
        this.server.unref();
    }

    static async start(args: AutoScalingDoubleArgs = {}): Promise<AutoScalingDouble> {
        const double = new AutoScalingDouble(args);
        await new Promise<void>(resolve => double.server.listen(0, "127.0.0.1", resolve));
        return double;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    get access(): DoubleAccess {
        return accessAt(this.url);
    }

    /** As if somebody else had begun a refresh. */
    begin(): void {
        this.begun = true;
    }

    callsOf(action: string): readonly Readonly<Record<string, string>>[] {
        return this.calls.filter(({ Action }) => Action === action);
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.server.closeAllConnections();
        await new Promise(resolve => this.server.close(resolve));
    }

    private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const body = await text(request);
        const parameters = Object.fromEntries(new URLSearchParams(body));
        const { Action: action = "" } = parameters;
        const answers: Readonly<Record<string, (() => string) | undefined>> = {
            StartInstanceRefresh: () => this.startRefresh(), DescribeInstanceRefreshes: () => this.describeRefreshes(),
            DescribeScalingActivities: () => this.describeActivities(),
        };
        const answer = answers[action];
        if (!answer) {
            await this.passOn(request, body, response);
            return;
        }
        this.calls.push(parameters);
        if (this.dropNext-- > 0) request.socket.destroy();
        else reply(response, action, answer());
    }

    private startRefresh(): string {
        if (this.begun) return error("InstanceRefreshInProgress", "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.");
        this.begun = true;
        return `<InstanceRefreshId>${refreshId}</InstanceRefreshId>`;
    }

    private describeRefreshes(): string {
        const [step, ...rest] = this.steps;
        if (!this.begun || !step) return "<InstanceRefreshes/>";
        if (rest.length > 0) this.steps = rest;
        const members = Object.entries({ InstanceRefreshId: refreshId, ...step }).map(([key, value]) => `<${key}>${String(value)}</${key}>`).join("");
        return `<InstanceRefreshes><member>${members}</member></InstanceRefreshes>`;
    }

    private describeActivities(): string {
        const { failedActivity: failed } = this.args;
        const done = activity("Successful", "Launching a new EC2 instance: i-1", "");
        return `<Activities>${done}${failed ? activity("Failed", failed.description, failed.message) : ""}</Activities>`;
    }

    private async passOn(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
        const { upstream } = this.args;
        if (upstream === undefined) {
            reply(response, "", error("InvalidAction", "The double does not know this action"));
            return;
        }
        const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !["host", "connection", "content-length"].includes(name))) as Record<string, string>;
        const answer = await fetch(upstream, { method: "POST", headers, body });
        const content = await answer.text();
        const { Action: action = "", AutoScalingGroupName: group } = Object.fromEntries(new URLSearchParams(body));
        if (group !== undefined && ["UpdateAutoScalingGroup", "SetDesiredCapacity"].includes(action)) await this.args.onResized?.(group);
        response.writeHead(answer.status, { "content-type": "text/xml" }).end(content);
    }
}

function activity(status: string, description: string, message: string): string {
    return `<member><ActivityId>a</ActivityId><AutoScalingGroupName>g</AutoScalingGroupName><Cause>c</Cause><StartTime>2026-01-01T00:00:00Z</StartTime>`
        + `<StatusCode>${status}</StatusCode><Description>${description}</Description><StatusMessage>${message}</StatusMessage></member>`;
}

function error(code: string, message: string): string {
    return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>double</RequestId></ErrorResponse>`;
}

function reply(response: ServerResponse, action: string, content: string): void {
    const refused = content.startsWith("<ErrorResponse>");
    response.writeHead(refused ? 400 : 200, { "content-type": "text/xml" });
    response.end(refused ? content : `<${action}Response><${action}Result>${content}</${action}Result><ResponseMetadata><RequestId>double</RequestId></ResponseMetadata></${action}Response>`);
}
