interface Statement {
    readonly Effect: "Allow" | "Deny";
    readonly Action: string | readonly string[];
    readonly Resource?: string | readonly string[];
    readonly Principal?: "*" | { readonly Service: string };
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface Request {
    readonly action: string;
    /** ARN of what it is done to. @default * */
    readonly resource?: string;
    /** Service that asks, in a trust policy. @default none */
    readonly service?: string;
    /** Condition keys of the request, such as `aws:SourceAccount`. @default none */
    readonly context?: Readonly<Record<string, string>>;
}

/** Whether IAM would let a request through: at least one statement allows it and none denies it. */
export function allows(policy: unknown, request: Request): boolean {
    const effects = effectsOf(policy, request);
    return effects.includes("Allow") && !effects.includes("Deny");
}

/** Whether a statement denies a request, whoever else allows it. */
export function denies(policy: unknown, request: Request): boolean {
    return effectsOf(policy, request).includes("Deny");
}

function effectsOf(policy: unknown, request: Request): readonly string[] {
    const { Statement } = JSON.parse(String(policy)) as { Statement: readonly Statement[] };
    return Statement.filter(statement => matches(statement, request)).map(statement => statement.Effect);
}

function matches({ Action, Resource = "*", Principal, Condition = {} }: Statement, request: Request): boolean {
    const { action, resource = "*", service, context = {} } = request;
    return (
        [Action].flat().some(pattern => isLike(action, pattern)) &&
        [Resource].flat().some(pattern => isLike(resource, pattern)) &&
        (typeof Principal !== "object" || Principal.Service === service) &&
        Object.entries(Condition).every(([operator, keys]) =>
            Object.entries(keys).every(([key, wanted]) => holds(operator, context[key], wanted)))
    );
}

function holds(operator: string, actual: string | undefined, wanted: string): boolean {
    if (actual === undefined) return false;
    if (operator === "ArnLike") return isLike(actual, wanted);
    if (operator === "StringEquals" || operator === "Bool") return actual === wanted;
    throw new Error(`No rule here for the IAM operator ${operator}`);
}

function isLike(value: string, pattern: string): boolean {
    const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`).replaceAll("*", ".*").replaceAll("?", ".");
    return new RegExp(`^${escaped}$`).test(value);
}
