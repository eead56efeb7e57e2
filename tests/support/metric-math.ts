/** What an alarm over metric math was made of. */
export interface Alarm {
    readonly threshold: number;
    readonly comparisonOperator: string;
    readonly treatMissingData: string;
    readonly metricQueries: readonly { readonly id: string; readonly returnData: boolean; readonly expression?: string; readonly metric?: { readonly metricName: string; readonly stat: string } }[];
}

/** What CloudWatch has measured in every minute of late, by name of the metric, and by statistic where they differ; what is not there was not measured. */
export type Minute = Readonly<Record<string, number | Readonly<Record<string, number>>>>;

type Value = number | undefined;

/**
 * Whether an alarm fires when each minute is like this one. CloudWatch may fill what was never measured, or leave it out: an
 * alarm fires here when it does in one of the two ways.
 */
export function fires(alarm: Alarm, minute: Minute): boolean {
    return [true, false].some(fills => firesIf(fills, alarm, minute));
}

function firesIf(fills: boolean, { threshold, comparisonOperator, treatMissingData, metricQueries }: Alarm, minute: Minute): boolean {
    if (comparisonOperator !== "GreaterThanThreshold") throw new Error(`No rule here for ${comparisonOperator}`);
    const valueOf = (id: string): Value => {
        const query = metricQueries.find(query => query.id === id);
        if (!query) throw new Error(`The alarm has no '${id}'`);
        if (query.expression !== undefined) return new Expression(query.expression, valueOf, fills).value();
        const measured = minute[query.metric?.metricName ?? ""];
        return typeof measured === "object" ? measured[query.metric?.stat ?? ""] : measured;
    };
    const [returned, ...more] = metricQueries.filter(query => query.returnData);
    if (!returned || more.length > 0) throw new Error("An alarm returns one value");
    const value = valueOf(returned.id);
    return value === undefined ? treatMissingData === "breaching" : value > threshold;
}

/** CloudWatch's metric math, as far as our alarms use it. What is computed from nothing is nothing, and so is a division by zero. */
class Expression {
    readonly #tokens: string[];

    constructor(private readonly text: string, private readonly valueOf: (id: string) => Value, private readonly fills: boolean) {
        this.#tokens = text.match(/\d+(\.\d+)?|[A-Za-z]\w*|[<>]=?|[-+*/(),]/g) ?? [];
        if (this.#tokens.join("") !== text.replaceAll(" ", "")) throw new Error(`Cannot read ${text}`);
    }

    value(): Value {
        const value = this.#binary(0);
        if (this.#tokens.length > 0) throw new Error(`Cannot read ${this.text} from ${this.#tokens.join(" ")}`);
        return value;
    }

    /** Operators by how loosely they bind. */
    static readonly #levels: readonly Readonly<Record<string, (a: number, b: number) => Value>>[] = [
        { ">=": (a, b) => Number(a >= b), ">": (a, b) => Number(a > b), "<=": (a, b) => Number(a <= b), "<": (a, b) => Number(a < b) },
        { "+": (a, b) => a + b, "-": (a, b) => a - b },
        { "*": (a, b) => a * b, "/": (a, b) => (b === 0 ? undefined : a / b) },
    ];

    #binary(level: number): Value {
        const operators = Expression.#levels[level];
        if (!operators) return this.#operand();
        let left = this.#binary(level + 1);
        for (let operator = operators[this.#tokens[0] ?? ""]; operator; operator = operators[this.#tokens[0] ?? ""]) {
            this.#tokens.shift();
            const right = this.#binary(level + 1);
            left = left === undefined || right === undefined ? undefined : operator(left, right);
        }
        return left;
    }

    #operand(): Value {
        const token = this.#tokens.shift() ?? "";
        if (token === "(") return this.#before(")");
        if (/^\d/.test(token)) return Number(token);
        return this.#tokens[0] === "(" ? this.#call(token) : this.valueOf(token);
    }

    #call(name: string): Value {
        this.#take("(");
        const first = this.#before(",");
        if (name === "FILL") {
            const instead = this.#before(")");
            return first ?? (this.fills ? instead : undefined);
        }
        if (name !== "IF") throw new Error(`No rule here for ${name}`);
        const yes = this.#before(",");
        const no = this.#before(")");
        if (first === undefined) return undefined;
        return first === 0 ? no : yes;
    }

    #before(end: string): Value {
        const value = this.#binary(0);
        this.#take(end);
        return value;
    }

    #take(token: string): void {
        if (this.#tokens.shift() !== token) throw new Error(`Cannot read ${this.text}: no ${token}`);
    }
}
