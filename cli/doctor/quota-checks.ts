import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { checkAddresses, checkLoadBalancers, checkVcpus, checkVpcs, type QuotaClients } from "../../release/aws/doctor/quotas";
import { colours } from "../../release/blue-green/colour";
import { type Diagnosis, skipped } from "../../release/doctor";
import type { Stage } from "../../release/stage";
import type { RecordedProgram } from "../../rehearsal/program/program-facts";
import type { OnAws } from "./aws-checks";
import { after, type Check } from "./check";
import { type Needs, needsOf } from "./needs";
import { programSeconds, wrongSettings } from "./patient";

type Look = (clients: QuotaClients, needs: Needs, stage: Stage | undefined, signal: AbortSignal) => Promise<Diagnosis> | Diagnosis;

/** Limits of the account that a stack of this kind has met. What was made once stays; the fleet is what grows. */
export function quotaChecks(program: Promise<RecordedProgram>, known: OnAws, nobody: string): readonly Check[] {
    const check = (name: string, look: Look): Check => ({
        name, deadlineSeconds: programSeconds,
        look: signal => after(program, wrongSettings, found => after(known.identity, nobody, async () => {
            const access = await known.access;
            const clients = { quotas: new ServiceQuotasClient(access), ec2: new EC2Client(access), loadBalancing: new ElasticLoadBalancingV2Client(access) };
            return look(clients, needsOf(found), await known.stage, signal);
        })),
    });
    return [
        check("quota of vCPUs", (clients, needs, stage, signal) => checkVcpus(clients, { ...needs, groups: stage ? groupsOf(stage) : [] }, signal)),
        check("quota of addresses", ifNew(({ elasticIps }) => elasticIps > 0, (clients, { elasticIps }, _stage, signal) => checkAddresses(clients, elasticIps, signal))),
        check("quota of networks", ifNew(({ ownVpc }) => ownVpc, (clients, _needs, _stage, signal) => checkVpcs(clients, signal))),
        check("quota of load balancers", ifNew(({ ownLoadBalancer }) => ownLoadBalancer, (clients, _needs, _stage, signal) => checkLoadBalancers(clients, signal))),
    ];
}

function ifNew(isNeeded: (needs: Needs) => boolean, look: Look): Look {
    return (clients, needs, stage, signal) => {
        if (!isNeeded(needs)) return skipped("the stack makes none");
        return stage ? skipped("the stack has its own already") : look(clients, needs, stage, signal);
    };
}

function groupsOf({ fleet, blueGreen }: Stage): readonly string[] {
    if (blueGreen !== undefined) return colours.map(colour => blueGreen[colour].autoScalingGroup);
    return "autoScalingGroup" in fleet ? [fleet.autoScalingGroup] : [];
}
