/** What a check has found, and for what is not as it should be, how to mend it in one sentence. */
export type Diagnosis =
    | { readonly verdict: "ok"; readonly text: string }
    /** It can go on, but somebody should know. `fail`: something will not work. */
    | { readonly verdict: "warn" | "fail"; readonly text: string; readonly fix: string }
    /** Not looked at; the text says why. */
    | { readonly verdict: "skipped"; readonly text: string };

export function ok(text: string): Diagnosis {
    return { verdict: "ok", text };
}

export function warn(text: string, fix: string): Diagnosis {
    return { verdict: "warn", text, fix };
}

export function fail(text: string, fix: string): Diagnosis {
    return { verdict: "fail", text, fix };
}

export function skipped(why: string): Diagnosis {
    return { verdict: "skipped", text: why };
}

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** ACM renews its own certificates 60 days before their end; one that has 30 left was not renewed. */
const renewalDays = 30;
/** A release that has to be built, approved and rolled takes about so long. */
const longReleaseMinutes = 60;

/** Whether these credentials are of an account that the stack may lie in. @param allowed ids of aws:allowedAccountIds; empty for any */
export function diagnoseAccount(identity: { readonly account: string; readonly arn: string; readonly expires: Date | undefined }, allowed: readonly string[], now: Date): Diagnosis {
    const { account, arn, expires } = identity;
    if (allowed.length > 0 && !allowed.includes(account)) {
        return fail(`${arn} is of account ${account}, and aws:allowedAccountIds allows ${allowed.join(", ")}`, `take credentials of account ${allowed.join(" or ")}, such as with AWS_PROFILE`);
    }
    const minutesLeft = expires && Math.floor((expires.getTime() - now.getTime()) / minuteMs);
    if (minutesLeft !== undefined && minutesLeft < longReleaseMinutes) {
        return warn(`${arn}, whose credentials end in ${minutesLeft} minutes`, "sign in again before a long deployment");
    }
    return ok(arn);
}

/** A certificate as ACM describes it. */
export interface CertificateState {
    readonly status: string;
    /** All names that it is for, wildcards too. */
    readonly names: readonly string[];
    readonly expires: Date | undefined;
    /** Whether ACM renews it; it does not renew what was imported. */
    readonly renews: boolean;
}

/** Whether clients will accept a certificate. @param domainName name that they use; undefined when the service has none */
export function diagnoseCertificate(certificate: CertificateState, domainName: string | undefined, now: Date): Diagnosis {
    const { status, names, expires } = certificate;
    const whose = `the certificate of ${names.join(", ")}`;
    if (status === "PENDING_VALIDATION") return fail(`${whose} is not validated yet`, "make the DNS records that ACM asks for");
    if (status !== "ISSUED") return fail(`${whose} is ${status}`, "request or import another one, and name it in the settings");
    if (domainName !== undefined && !names.some(name => covers(name, domainName))) {
        return fail(`${whose} is not for domainName ${domainName}`, `name a certificate for ${domainName} in the settings`);
    }
    return expires ? diagnoseExpiry(certificate, Math.floor((expires.getTime() - now.getTime()) / dayMs)) : ok(names.join(", "));
}

function diagnoseExpiry({ names, renews }: CertificateState, daysLeft: number): Diagnosis {
    const whose = `the certificate of ${names.join(", ")}`;
    if (daysLeft < 0) return fail(`${whose} has expired`, "name another one in the settings");
    if (daysLeft > renewalDays) return ok(`${names.join(", ")}, ${daysLeft} days left`);
    const fix = renews ? "look in ACM why it was not renewed; most often its DNS record is gone" : "import a new one under the same ARN";
    return warn(`${whose} expires in ${daysLeft} days`, fix);
}

/** A wildcard stands for one label, the first. */
export function covers(name: string, host: string): boolean {
    const [pattern, wanted] = [name.toLowerCase(), host.toLowerCase()];
    return pattern === wanted || (pattern.startsWith("*.") && wanted.slice(wanted.indexOf(".")) === pattern.slice(1));
}

/** A limit of AWS, in a region of an account. */
export interface Quota {
    /** What is counted, such as `Elastic IP addresses`. */
    readonly what: string;
    readonly limit: number;
    /** What is in use now, without the stack's own. */
    readonly usedByOthers: number;
    /** What the stack needs at most. */
    readonly needed: number;
    readonly link: string;
}

/** Whether there is room for a stack. A warning, since others may leave before it grows. */
export function diagnoseQuota({ what, limit, usedByOthers, needed, link }: Quota): Diagnosis {
    const text = `${needed} ${what} needed at most, ${usedByOthers} in use by others, ${limit} allowed`;
    return usedByOthers + needed > limit ? warn(text, `ask for more at ${link}`) : ok(text);
}

/**
 * Alarms of what serves, which keep a deployment from starting. With two colours they keep nothing from it: a roll is judged by the alarms of the other one.
 * @param states state by the names of those that are there
 */
export function diagnoseAlarms(names: readonly string[], states: ReadonlyMap<string, string>, { twoColours = false } = {}): Diagnosis {
    const firing = names.filter(name => states.get(name) === "ALARM");
    const so = twoColours ? ": what serves is bad; no roll is kept from beginning" : ", so no deployment begins";
    if (firing.length > 0) return warn(`${firing.join(", ")} fires${so}`, "mend what it reports (docs/a-bad-day.md)");
    const missing = names.filter(name => !states.has(name));
    if (missing.length > 0) return warn(`there is no alarm ${missing.join(", ")}`, "make it again with ./gapless refresh STACK and ./gapless up STACK");
    return ok(`none of ${names.length} fires`);
}

const GiB = 1024 ** 3;
/** The providers' plugins unpacked take about 1 GiB, an image of the service and its build as much. */
const leastGiB = 2;
/** Docker keeps what it has built, so that a build a day fills this in some weeks. */
const comfortableGiB = 10;

/** Whether there is room on a disk of this machine. */
export function diagnoseDisk(folder: string, freeBytes: number): Diagnosis {
    const text = `${(freeBytes / GiB).toFixed(1)} GiB free in ${folder}`;
    if (freeBytes < leastGiB * GiB) return fail(text, `make room for ${leastGiB} GiB, such as with docker system prune`);
    if (freeBytes < comfortableGiB * GiB) return warn(text, "make room soon, such as with docker system prune");
    return ok(text);
}

/** Whether a version, such as `v20.19.1`, is at least another, such as `20.19`. */
export function isAtLeast(version: string, least: string): boolean {
    const [have, want] = [version, least].map(text => text.replace(/^[^0-9]*/, "").split(".").map(part => Number.parseInt(part, 10)));
    const first = (want ?? []).findIndex((part, place) => part !== (have?.[place] ?? 0));
    return first === -1 || (have?.[first] ?? 0) > (want?.[first] ?? 0);
}
