import * as aws from "@pulumi/aws";
import type { StackNames } from "../components";
import type { Colour } from "../release/blue-green/colour";
import type { Finding } from "../release/lint";
import { parameterPath } from "../release/stage";
import { colourIn } from "./active-colour";
import { redirectsIn } from "./earlier-listener";
import { checkFacts } from "./rules/fact-rules";
import { inNamespace, type Settings, type SettingsSource, stackFileOf } from "./settings";
import { SettingsError } from "./settings-error";

/** What AWS tells of the things that settings name. What no setting names, and what could not be looked up, is undefined. */
export interface Facts {
    /** Account of the credentials. */
    readonly accountId: string | undefined;
    /** Route 53 zone `zoneName`. */
    readonly zoneId: string | undefined;
    /** Status of the connection `connectionArn`, such as `PENDING`. */
    readonly connectionStatus: string | undefined;
    readonly listener: ListenerFacts | undefined;
    /** Processor architecture of the machine image `amiId`, as EC2 says it. */
    readonly amiArchitecture: string | undefined;
    readonly subnets: readonly SubnetFacts[];
    /** Colour that serves, of a stack that has two, whatever its strategy shall be from now on. */
    readonly activeColour: Colour | undefined;
    /** Whether the stack's load balancer, as it is now, redirects from port 80 to HTTPS. */
    readonly redirectsHttp: boolean;
    readonly failures: readonly Failure[];
}

/** What there is to know of the listener `listenerArn`. */
export interface ListenerFacts {
    readonly protocol: string;
    readonly loadBalancerType: string;
    /** Whether its load balancer answers in its own network alone. */
    readonly internal: boolean;
    readonly vpcId: string;
}

export interface SubnetFacts {
    /** The setting that names it. */
    readonly key: "publicSubnetIds" | "hostSubnetIds";
    readonly id: string;
    readonly vpcId: string;
    readonly availabilityZone: string;
}

/** A look-up that AWS refused, or that found nothing. */
export interface Failure {
    /** The setting that names what was looked for; `aws:profile` for the credentials, `strategy` for the colour that serves. */
    readonly key: "aws:profile" | "zoneName" | "connectionArn" | "listenerArn" | "amiId" | "strategy" | SubnetFacts["key"];
    readonly name: string;
    readonly reason: string;
}

/** Looks up what settings name, or throws one error with everything that is wrong there. Makes nothing. */
export async function checkAccount(settings: Settings, source: SettingsSource): Promise<{ readonly facts: Facts; readonly warnings: readonly Finding[] }> {
    const facts = await lookUp(settings, source);
    const findings = inNamespace(source, checkFacts(settings, facts, source.stack));
    const errors = findings.filter(({ severity }) => severity === "error");
    if (errors.length > 0) throw new SettingsError(stackFileOf(source), errors);
    return { facts, warnings: findings.filter(({ severity }) => severity === "warning") };
}

/**
 * Asks AWS about everything that the settings name, and what the stack itself has written down, at once, and about nothing else. Never fails: failures
 * are facts.
 */
export async function lookUp(settings: Settings, own: StackNames): Promise<Facts> {
    const [caller, earlier, zone, connection, listener, ami, ...subnets] = await Promise.all([
        ask("aws:profile", "no account", () => aws.getCallerIdentity({})),
        findEarlier(own), findZone(settings), findConnection(settings), findListener(settings), findAmi(settings), ...findSubnets(settings),
    ]);
    return {
        accountId: caller.found?.accountId,
        zoneId: zone.found?.zoneId,
        connectionStatus: connection.found?.connectionStatus,
        listener: listener.found,
        amiArchitecture: ami.found?.architecture,
        subnets: subnets.flatMap(({ found }) => found ?? []),
        activeColour: earlier.found?.activeColour,
        redirectsHttp: earlier.found?.redirectsHttp ?? false,
        failures: [caller, earlier, zone, connection, listener, ami, ...subnets].flatMap(({ failure }) => failure ?? []),
    };
}

interface Answer<T> {
    readonly found?: T;
    readonly failure?: Failure;
}

async function ask<T>(key: Failure["key"], name: string | undefined, look: (name: string) => Promise<T>): Promise<Answer<T>> {
    if (name === undefined) return {};
    try {
        return { found: await look(name) };
    } catch (error) {
        return { failure: { key, name, reason: reasonOf(error) } };
    }
}

// All below the path: of a single parameter that is not there, as before the first `up`, the look-up would fail.
function findEarlier({ project, stack }: StackNames) {
    const path = parameterPath(project, stack);
    return ask("strategy", path, async () => {
        const parameters = await aws.ssm.getParametersByPath({ path, withDecryption: false });
        return { activeColour: colourIn(path, parameters), redirectsHttp: redirectsIn(path, parameters) };
    });
}

function findZone({ zoneName }: Settings) {
    return ask("zoneName", zoneName, name => aws.route53.getZone({ name, privateZone: false }));
}

// Whether that API takes the ARNs of the newer service, codeconnections, nobody has tried: a failure is but warned of.
function findConnection({ source, connectionArn }: Settings) {
    return ask("connectionArn", source === "github" ? connectionArn : undefined, arn => aws.codestarconnections.getConnection({ arn }));
}

function findListener({ listenerArn }: Settings) {
    return ask("listenerArn", listenerArn, async (arn): Promise<ListenerFacts> => {
        const { protocol, loadBalancerArn } = await aws.lb.getListener({ arn });
        const { vpcId, loadBalancerType, internal } = await aws.lb.getLoadBalancer({ arn: loadBalancerArn });
        return { protocol, vpcId, loadBalancerType, internal };
    });
}

function findAmi({ amiId }: Settings) {
    return ask("amiId", amiId, id => aws.ec2.getAmi({ filters: [{ name: "image-id", values: [id] }], includeDeprecated: true }));
}

function findSubnets({ publicSubnetIds, hostSubnetIds }: Settings) {
    const find = (key: SubnetFacts["key"]) => (id: string) => ask(key, id, async (): Promise<SubnetFacts> => {
        const { vpcId, availabilityZone } = await aws.ec2.getSubnet({ id });
        return { key, id, vpcId, availabilityZone };
    });
    return [...publicSubnetIds.map(find("publicSubnetIds")), ...hostSubnetIds.map(find("hostSubnetIds"))];
}

/** What AWS said, without the steps by which it came here: providers put those first, and a list of one error below them. */
function reasonOf(error: unknown): string {
    const lines = (error as Error).message.split("\n").map(line => line.trim()).filter(line => line !== "");
    const said = (lines.at(-1) ?? "no reason given").replace(/^\* /, "").replace(/^.*(?:returned an error|failed): (?:invoking \S+: )?/, "");
    return said.length > 200 ? `${said.slice(0, 200)}…` : said;
}
