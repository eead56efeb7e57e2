import { DescribeRulesCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { colourHeader } from "../../blue-green/colour";
import { fullSizes } from "./capacity";
import { type ProbeAnswer, type ProbeRequest, probeOnce } from "./probe-request";
import { isFailure, type StepWork } from "./step-work";

/** Requests at the least and at the most; each goes to an instance of the load balancer's choice. */
const requests = { least: 3, most: 20 };
const firstError = 400;
const againSeconds = 5;
const longestQuote = 200;

/** Tries a real route of the colour through the load balancer, before any client does. */
export async function probe(work: StepWork): Promise<void> {
    const { stage, roll, tell, clock } = work;
    const { instances } = await fullSizes(work);
    const count = Math.min(requests.most, Math.max(requests.least, instances.length));
    const { url, blueGreen: { dnsTarget, probePath } } = stage;
    const headers = { [colourHeader]: await headerValue(work) };
    const first = clock.now().getTime();
    let otherName: string | undefined;
    for (let sent = 0; sent < count; sent += 1) {
        const answer = await answerTo(work, { url, dnsTarget, path: pathOf(work, first + sent), headers });
        otherName ??= answer.otherName;
        if (answer.status >= firstError) throw new Error(`${roll.to} answers ${answer.status} to ${new URL(probePath, url).href}: ${quote(answer.body)}`);
    }
    if (otherName !== undefined) tell.step(`accepted for the load balancer's own name: ${otherName}`);
    tell.step(`${count} of ${count} probes of ${probePath} answered by ${roll.to}`);
}

/** @param n never the same, not even for a driver that comes later */
function pathOf({ stage: { distribution, blueGreen: { probePath } }, roll }: StepWork, n: number): string {
    // CloudFront would answer what it has kept of an earlier probe.
    return distribution === undefined ? probePath : `${probePath}${probePath.includes("?") ? "&" : "?"}gapless-probe=${roll.id}-${n}`;
}

/** What the header must say. The rule alone knows: it is a secret of the program. */
async function headerValue({ ask, clients: { loadBalancing }, to: { headerRuleArn }, roll, stage: { stack } }: StepWork): Promise<string> {
    const { Rules: [rule] = [] } = await ask(abortSignal => loadBalancing.send(new DescribeRulesCommand({ RuleArns: [headerRuleArn] }), { abortSignal }));
    const condition = rule?.Conditions?.find(({ HttpHeaderConfig }) => HttpHeaderConfig?.HttpHeaderName?.toLowerCase() === colourHeader.toLowerCase());
    const [value] = condition?.HttpHeaderConfig?.Values ?? [];
    if (value === undefined) throw new Error(`the listener rule ${headerRuleArn} leads no header ${colourHeader} to ${roll.to}: ./gapless refresh ${stack} and ./gapless up ${stack} make it again`);
    return value;
}

/** The name may not be known yet on this machine, and a connection may break: what has not been answered is asked again while the step lasts. */
async function answerTo(work: StepWork, request: ProbeRequest): Promise<ProbeAnswer> {
    const { pace, tell, stage } = work;
    let told = false;
    for (;;) {
        try {
            return await probeOnce(request, pace.signal);
        } catch (error) {
            if (!isFailure(error, pace)) throw error;
            const problem = `${request.dnsTarget}, asked for ${stage.url}, does not answer: ${error.message}`;
            if (isOfCertificate(error)) throw new Error(problem, { cause: error });
            if (!told) tell.step(`${problem}; asked again`);
            told = true;
            await pace.rest(againSeconds).catch((over: unknown) => { throw isFailure(over, pace) ? new Error(`${problem}, and the probe is ${over.message}`, { cause: over }) : over; });
        }
    }
}

function isOfCertificate(error: Error & { readonly code?: unknown }): boolean {
    return typeof error.code === "string" && /CERT|SIGNATURE|ISSUER|SELF_SIGNED/.test(error.code);
}

function quote(body: string): string {
    const text = body.replaceAll(/\s+/g, " ").trim();
    return text === "" ? "no body" : text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text;
}
