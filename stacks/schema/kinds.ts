import { z } from "zod";
import { architectureOf } from "../../release/architecture";
import { shiftProblem } from "../../release/blue-green/roll";
import { isDomainName } from "../../components/listener-choice";
import { isCron, isTimeZone } from "../../components/recurrence";

/** What the type of a setting is and which values it takes, in words: for the error and for docs/settings.md. */
export interface Rule {
    readonly type: "string" | "integer" | "boolean" | "array" | "object";
    readonly rule: string;
    /** Of an array: type of its entries. @default string */
    readonly entries?: "integer";
}

/** What docs/settings.md says about a setting, beside its rule and its default. */
export interface About {
    readonly text: string;
    readonly unit?: string;
    /** What to write, for the fix in an error; without one that shows the default. */
    readonly example?: unknown;
}

export const rules = z.registry<Rule>();
export const abouts = z.registry<About>();

export const whole = (min: number, max: number) =>
    z.int().min(min).max(max).register(rules, { type: "integer", rule: `an integer from ${min} to ${max}` });

export const text = (pattern: RegExp, rule: string) => z.string().regex(pattern).register(rules, { type: "string", rule });

export const oneOf = <const Choices extends readonly [string, ...string[]]>(...choices: Choices) =>
    z.enum(choices).register(rules, { type: "string", rule: `one of: ${choices.join(", ")}` });

export const flag = () => z.boolean().register(rules, { type: "boolean", rule: "true or false" });

/** A list of text, each entry once. An error names the entry's place, not the entry. */
export const listOf = (isSound: (entry: string) => boolean, rule: string, most = Infinity) =>
    z
        .array(z.string())
        .superRefine((entries, context) => {
            entries.forEach((entry, index) => {
                const isWrong = index >= most || !isSound(entry) || entries.indexOf(entry) < index;
                if (isWrong) context.addIssue({ code: "custom", path: [index] });
            });
        })
        .register(rules, { type: "array", rule: `a list of ${rule}, each once${most === Infinity ? "" : `, ${most} at most`}` });

/** Shares of the requests, one after the other. */
export const shares = () =>
    z
        .array(z.int())
        .superRefine((percents, context) => {
            if (shiftProblem(percents) !== undefined) context.addIssue({ code: "custom" });
        })
        .register(rules, { type: "array", entries: "integer", rule: "a list of whole percents that grow and end with 100" });

// A YAML author writes `PORT: 8080`; environments and build arguments know only text.
export const words = (isSound: (name: string, value: string) => boolean, rule: string) =>
    z
        .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
        .superRefine((entries, context) => {
            const wrong = Object.entries(entries).filter(([name, value]) => !isSound(name, value));
            for (const [name] of wrong) context.addIssue({ code: "custom", path: [name] });
        })
        .register(rules, { type: "object", rule });

// Not absolute: that would be a path of one machine.
export const relativePath = (what: string) => text(/^(?!\/)\S+$/, `${what}, relative to the project's folder`);

// These paths stand unquoted in release.env, which shells read: no character may mean anything to them.
export const urlPath = () => text(/^\/[A-Za-z0-9_./:@%+,=?-]*$/, "a path that begins with / and holds only letters, digits and _./:@%+,=?-");

/** Names an ARN's service and what is behind the account. */
export const arn = (service: string, resource: string, what: string) =>
    text(new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]+:\\d{12}:${resource}$`), `the ARN of ${what}`);

export const hostName = () => z.string().refine(isDomainName).register(rules, { type: "string", rule: "a host name such as shop.example.com" });

export const isInstanceType = (type: string) => architectureOf(type) !== undefined;
export const instanceType = () =>
    z.string().refine(isInstanceType).register(rules, { type: "string", rule: "an EC2 instance type such as t3.small" });

const logRetentions = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653] as const;
export const logRetention = () => z.literal(logRetentions).register(rules, { type: "integer", rule: `one of: ${logRetentions.join(", ")}` });

const hosts = z.int().min(0).max(1000);

/** Sizes of the fleet from certain times on, by name. */
export const schedules = () =>
    z
        .record(z.string().regex(/^[A-Za-z0-9-]{1,40}$/), z.strictObject({ recurrence: z.string().refine(isCron), minSize: hosts, maxSize: hosts }))
        .register(rules, {
            type: "object",
            rule: "an object of schedules by name (letters, digits and -), each with a recurrence (five cron fields), minSize and maxSize (hosts)",
        });

export const timeZone = () =>
    z.string().refine(isTimeZone).register(rules, { type: "string", rule: "the name of a time zone such as Europe/Berlin" });
