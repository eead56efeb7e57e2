interface Statement {
    readonly Effect: "Allow" | "Deny";
    readonly Action: string | readonly string[];
    readonly Resource?: string | readonly string[];
    readonly Principal?: "*" | { readonly Service: string } | { readonly AWS: string } | { readonly Federated: string };
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface Request {
    readonly action: string;
    /** ARN of what it is done to. @default * */
    readonly resource?: string;
    /** Service that asks, in a trust policy. @default none */
    readonly service?: string;
    /** User, role or identity provider that asks, in a trust policy. @default none */
    readonly identity?: string;
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
    const { action, resource = "*", context = {} } = request;
    return (
        [Action].flat().some(pattern => isLike(action, pattern)) &&
        [Resource].flat().some(pattern => isLike(resource, pattern)) &&
        (typeof Principal !== "object" || isAskedBy(Principal, request)) &&
        Object.entries(Condition).every(([operator, keys]) =>
            Object.entries(keys).every(([key, wanted]) => holds(operator, context[key], wanted)))
    );
}

function isAskedBy(principal: Exclude<Statement["Principal"], "*" | undefined>, { service, identity }: Request): boolean {
    if ("Service" in principal) return principal.Service === service;
    return ("AWS" in principal ? principal.AWS : principal.Federated) === identity;
}

function holds(operator: string, actual: string | undefined, wanted: string): boolean {
    if (operator === "Null") return (actual === undefined) === (wanted === "true");
    // Of no values all are right.
    if (operator === "ForAllValues:StringEquals") return actual === undefined || actual === wanted;
    if (actual === undefined) return false;
    if (operator === "ArnLike" || operator === "StringLike") return isLike(actual, wanted);
    if (operator === "StringEquals" || operator === "Bool") return actual === wanted;
    throw new Error(`No rule here for the IAM operator ${operator}`);
}

function isLike(value: string, pattern: string): boolean {
    const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`).replaceAll("*", ".*").replaceAll("?", ".");
    return new RegExp(`^${escaped}$`).test(value);
}
