import * as model from "@aws-sdk/client-cloudwatch-logs";
import type { FilterLogEventsCommandInput } from "@aws-sdk/client-cloudwatch-logs";
import { JsonService } from "./json-service";
import { pageOf } from "./page";
import { ServiceError } from "./service-error";

/** A line that a container writes. */
export interface WrittenLine {
    readonly stream: string;
    readonly at: Date;
    readonly message: string;
}

/** CloudWatch Logs in the small: one log group, of which a part is read by page. Lines appear when they are written, whatever their time. */
export class LogDouble extends JsonService {
    private readonly events: (WrittenLine & { readonly id: string })[] = [];

    private constructor(readonly logGroup: string, readonly pageSize: number) {
        super(model, () => ({ FilterLogEvents: (input: FilterLogEventsCommandInput) => this.filter(input) }));
    }

    static async start({ logGroup = "web", pageSize = 100 }: { readonly logGroup?: string; readonly pageSize?: number } = {}): Promise<LogDouble> {
        const double = new LogDouble(logGroup, pageSize);
        await double.listen();
        return double;
    }

    write(...lines: readonly WrittenLine[]): void {
        for (const line of lines) this.events.push({ ...line, id: String(this.events.length) });
    }

    private filter({ logGroupName, startTime = 0, logStreamNamePrefix = "", filterPattern, nextToken }: FilterLogEventsCommandInput): object {
        if (logGroupName !== this.logGroup) throw new ServiceError("ResourceNotFoundException", "The specified log group does not exist.");
        const [, text = ""] = /^%(.*)%$/.exec(filterPattern ?? "") ?? [];
        const found = this.events
            .filter(({ stream, at, message }) => at.getTime() >= startTime && stream.startsWith(logStreamNamePrefix) && message.includes(text))
            .sort((a, b) => a.at.getTime() - b.at.getTime());
        const page = pageOf("events", found, this.pageSize, nextToken);
        return {
            events: page.items.map(({ id, stream, at, message }) => ({ eventId: id, logStreamName: stream, timestamp: at.getTime(), ingestionTime: at.getTime(), message })),
            nextToken: page.nextToken,
        };
    }
}
