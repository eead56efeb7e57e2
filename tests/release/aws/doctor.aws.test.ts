import assert from "node:assert/strict";
import { ACMClient, RequestCertificateCommand } from "@aws-sdk/client-acm";
import { CloudWatchClient, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import * as connectionsModel from "@aws-sdk/client-codestar-connections";
import { AllocateAddressCommand, CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import * as quotasModel from "@aws-sdk/client-service-quotas";
import { STSClient } from "@aws-sdk/client-sts";
import { checkRegion, readIdentity } from "../../../release/aws/doctor/account";
import { checkAlarms } from "../../../release/aws/doctor/alarms";
import { readCertificate } from "../../../release/aws/doctor/certificate";
import { checkConnection } from "../../../release/aws/doctor/connection";
import { checkAddresses, checkLoadBalancers, checkVcpus, checkVpcs, type QuotaClients } from "../../../release/aws/doctor/quotas";
import { ok, skipped } from "../../../release/doctor";
import type { Stage } from "../../../release/stage";
import { DemoStage } from "../../support/aws/demo-stage";
import { JsonAnswers } from "../../support/aws/json-answers";
import { ServiceError } from "../../support/aws/service-error";

const never = new AbortController().signal;

/** Service Quotas, with the same limit for all; those that were never changed are known by their default only. */
function quotaService(limit: number, changed = true): Promise<JsonAnswers> {
    return JsonAnswers.start(quotasModel, {
        GetServiceQuota: () => {
            if (!changed) throw new ServiceError("NoSuchResourceException", "The request failed because the specified quota does not exist.");
            return { Quota: { Value: limit } };
        },
        GetAWSDefaultServiceQuota: () => ({ Quota: { Value: limit } }),
    });
}

function clientsOf(demo: DemoStage, quotas: JsonAnswers): QuotaClients {
    return { quotas: new quotasModel.ServiceQuotasClient(quotas.access), ec2: new EC2Client(demo.access), loadBalancing: new ElasticLoadBalancingV2Client(demo.access) };
}

const link = (service: string, code: string) => `ask for more at https://eu-central-1.console.aws.amazon.com/servicequotas/home/services/${service}/quotas/${code}`;

describe("the doctor on AWS", () => {
    it("knows whose credentials these are, and a region that the account may use", async () => {
        await using demo = await DemoStage.open();
        const { account, expires } = await readIdentity(new STSClient(demo.access), never);
        assert.deepEqual([account, expires], [demo.accountId, undefined]);
        assert.deepEqual(await checkRegion(new EC2Client(demo.access), "eu-central-1", never), ok("eu-central-1"));
    });

    it("warns of alarms that fire", async () => {
        await using demo = await DemoStage.open();
        const cloudWatch = new CloudWatchClient(demo.access);
        assert.deepEqual(await checkAlarms(cloudWatch, demo.stage, never), ok("none of 2 fires"));
        assert.deepEqual(await checkAlarms(cloudWatch, { ...demo.stage, alarms: [] }, never), skipped("the stack has no alarms that stop a deployment"));
        const [AlarmName = ""] = demo.stage.alarms;
        await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: "ALARM", StateReason: "test" }));
        assert.deepEqual(await checkAlarms(cloudWatch, demo.stage, never), {
            verdict: "warn", text: `${AlarmName} fires, so no deployment begins`, fix: "mend what it reports (docs/a-bad-day.md)",
        });
        const twoColours = await checkAlarms(cloudWatch, { ...demo.stage, blueGreen: {} as NonNullable<Stage["blueGreen"]> }, never);
        assert.match(twoColours.text, /no roll is kept from beginning$/);
    });

    it("reads a certificate's names, state and end", async () => {
        await using demo = await DemoStage.open();
        const acm = new ACMClient(demo.access);
        const { CertificateArn = "" } = await acm.send(new RequestCertificateCommand({ DomainName: "shop.example.com", SubjectAlternativeNames: ["*.shop.example.com"], ValidationMethod: "DNS" }));
        const { status, names, renews } = await readCertificate(acm, CertificateArn, never);
        assert.deepEqual({ names, renews }, { names: ["shop.example.com", "*.shop.example.com"], renews: true });
        assert.ok(["PENDING_VALIDATION", "ISSUED"].includes(status), status);
    });

    it("fails for a connection that nobody has confirmed", async () => {
        const arn = "arn:aws:codeconnections:eu-central-1:111122223333:connection/x";
        for (const [ConnectionStatus, expected] of [
            ["AVAILABLE", ok("source to GitHub")],
            ["PENDING", {
                verdict: "fail", text: "the connection source is PENDING", fix: "confirm it in the console: Developer Tools, Settings, Connections, Update pending connection",
            }],
        ] as const) {
            await using service = await JsonAnswers.start(connectionsModel, { GetConnection: () => ({ Connection: { ConnectionName: "source", ConnectionStatus, ProviderType: "GitHub" } }) });
            assert.deepEqual(await checkConnection(new connectionsModel.CodeStarConnectionsClient(service.access), arn, never), expected);
            assert.deepEqual(service.inputsOf("GetConnection"), [{ ConnectionArn: arn }]);
        }
    });

    it("counts vCPUs of others and leaves out the stack's own", async () => {
        await using demo = await DemoStage.open({ instances: 2 });
        await using quotas = await quotaService(8);
        const clients = clientsOf(demo, quotas);
        const need = { instanceTypes: ["t3.small", "t3.large"], instances: 3, spot: false, groups: [] };
        const others = await checkVcpus(clients, need, never);
        assert.equal(others.verdict, "warn", "the two hosts count as somebody else's");
        assert.match(others.text, /^6 vCPUs of on-demand standard instances needed at most, [1-9]\d* in use by others, 8 allowed$/);
        assert.deepEqual(await checkVcpus(clients, { ...need, groups: ["gapless-dev-green", "gapless-dev"] }, never), ok("6 vCPUs of on-demand standard instances needed at most, 0 in use by others, 8 allowed"));
        assert.deepEqual(await checkVcpus(clients, { ...need, groups: ["gapless-dev-green", "gapless-dev"], instances: 5 }, never), {
            verdict: "warn", text: "10 vCPUs of on-demand standard instances needed at most, 0 in use by others, 8 allowed", fix: link("ec2", "L-1216C47A"),
        });
        assert.deepEqual(await checkVcpus(clients, { ...need, spot: true }, never), ok("6 vCPUs of spot standard instances needed at most, 0 in use by others, 8 allowed"));
        assert.deepEqual(quotas.inputsOf("GetServiceQuota").at(-1), { ServiceCode: "ec2", QuotaCode: "L-34B43A08" });
        assert.deepEqual(await checkVcpus(clients, { ...need, instanceTypes: ["t3.small", "g5.large"] }, never), skipped("g5.large has a quota of its own family, which is not looked up"));
    });

    it("counts addresses, networks and load balancers against their limits, or the limits' defaults", async () => {
        await using demo = await DemoStage.open();
        await using quotas = await quotaService(3, false);
        const clients = clientsOf(demo, quotas);
        await clients.ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));
        assert.deepEqual(await checkAddresses(clients, 2, never), ok("2 Elastic IP addresses needed at most, 1 in use by others, 3 allowed"));
        assert.deepEqual(await checkAddresses(clients, 3, never), {
            verdict: "warn", text: "3 Elastic IP addresses needed at most, 1 in use by others, 3 allowed", fix: link("ec2", "L-0263D0A3"),
        });
        // The account has its default one, and the demo's.
        assert.deepEqual(await checkVpcs(clients, never), ok("1 VPCs needed at most, 2 in use by others, 3 allowed"));
        await clients.ec2.send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" }));
        assert.deepEqual(await checkVpcs(clients, never), { verdict: "warn", text: "1 VPCs needed at most, 3 in use by others, 3 allowed", fix: link("vpc", "L-F678F1CE") });
        assert.deepEqual(await checkLoadBalancers(clients, never), ok("1 Application Load Balancers needed at most, 1 in use by others, 3 allowed"));
        assert.deepEqual(quotas.inputsOf("GetAWSDefaultServiceQuota").at(-1), { ServiceCode: "elasticloadbalancing", QuotaCode: "L-53DA6B97" });
    });
});
