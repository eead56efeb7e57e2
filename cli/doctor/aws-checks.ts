import { ACMClient } from "@aws-sdk/client-acm";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CodeStarConnectionsClient } from "@aws-sdk/client-codestar-connections";
import { EC2Client } from "@aws-sdk/client-ec2";
import { S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";
import { readStackConfig } from "../../rehearsal/program/stack-config";
import type { Access } from "../../release/aws/access";
import { checkRegion, type Identity, readIdentity } from "../../release/aws/doctor/account";
import { checkAlarms } from "../../release/aws/doctor/alarms";
import { readCertificate } from "../../release/aws/doctor/certificate";
import { checkColours } from "../../release/aws/doctor/colours";
import { checkConnection } from "../../release/aws/doctor/connection";
import { DeliveryError } from "../../release/aws/error";
import { findStage } from "../../release/aws/find-stage";
import { type Diagnosis, diagnoseAccount, diagnoseCertificate, ok, skipped, warn } from "../../release/doctor";
import type { Stage } from "../../release/stage";
import type { CommandContext } from "../context";
import { accessOf } from "../open-stage";
import { after, type Check } from "./check";
import { list, needsOf, setting } from "./needs";
import { type Patient, programSeconds, wrongSettings } from "./patient";
import { quotaChecks } from "./quota-checks";

const nobody = "AWS was not to be asked, see account";

/** What is known about a stack on AWS, when those who look for it have found out. */
export interface OnAws {
    readonly access: Promise<Access>;
    /** Fails when AWS does not take the credentials. */
    readonly identity: Promise<Identity>;
    /** Undefined when the stack is not there. */
    readonly stage: Promise<Stage | undefined>;
}

/** What a stack needs of its account. */
export function awsChecks(patient: Patient, context: CommandContext): readonly Check[] {
    const { folder, clock } = context;
    const { project, config } = readStackConfig(folder, patient.stack);
    const known = lookUp(patient.stack, project, context);
    const allowed = list(config["aws:allowedAccountIds"]).map(String);
    const identified = (look: (access: Access, signal: AbortSignal) => ReturnType<Check["look"]>): Check["look"] =>
        signal => after(known.identity, nobody, async () => look(await known.access, signal));
    return [
        { name: "account", look: async () => diagnoseAccount(await known.identity, allowed, clock.now()) },
        { name: "region", look: identified((access, signal) => checkRegion(new EC2Client(access), access.region, signal)) },
        { name: "stack", deadlineSeconds: programSeconds, look: () => after(known.identity, nobody, () => checkStage(patient, known.stage)) },
        {
            name: "alarms",
            look: identified(async (access, signal) => {
                const stage = await known.stage;
                return stage ? checkAlarms(new CloudWatchClient(access), stage, signal) : skipped(notThere);
            }),
        },
        {
            name: "colours",
            look: identified(async (access, signal) => {
                const stage = await known.stage;
                return stage ? checkColours({ s3: new S3Client(access), autoScaling: new AutoScalingClient(access) }, stage, signal) : skipped(notThere);
            }),
        },
        { name: "connection", look: identified((access, signal) => lookAtConnection(config, known, access, signal)) },
        { name: "certificate", look: identified((access, signal) => lookAtCertificate(config, "certificateArn", access, clock.now(), signal)) },
        { name: "CloudFront's certificate", look: identified((access, signal) => lookAtCertificate(config, "cloudFrontCertificateArn", access, clock.now(), signal)) },
        ...quotaChecks(patient.program, known, nobody),
    ];
}

const notThere = "the stack is not on AWS yet";

function lookUp(stack: string, project: string, context: CommandContext): OnAws {
    const access = accessOf(stack, context);
    const identity = access.then(access => readIdentity(new STSClient(access), context.signal));
    const stage = Promise.all([access, identity]).then(([access]) => findStage(project, stack, access, context.signal)).catch((error: unknown) => {
        // Without a cause: not there. With one: there, and not to be read.
        if (error instanceof DeliveryError && error.cause === undefined) return undefined;
        throw error;
    });
    // Each check that needs one of them tells what it is worth; none may end the process before.
    for (const known of [access, identity, stage]) known.catch(() => undefined);
    return { access, identity, stage };
}

/** Whether the stack is there, and still what the settings say. */
async function checkStage({ stack, program }: Patient, found: Promise<Stage | undefined>): Promise<Diagnosis> {
    const stage = await found;
    if (!stage) return skipped(`${notThere}: ./gapless up ${stack} makes it`);
    return after(program, wrongSettings, program => {
        const wanted = { source: setting(program, "source"), stage: setting(program, "stage") ?? stack, architecture: needsOf(program).architecture?.ami };
        const changed = (["source", "stage", "architecture"] as const).filter(key => wanted[key] !== undefined && wanted[key] !== stage[key]);
        if (changed.length === 0) return ok(stage.url);
        const texts = changed.map(key => `${key} is ${stage[key]} on AWS and ${String(wanted[key])} in the settings`);
        return warn(texts.join(", "), `see ./gapless preview ${stack}, then run ./gapless up ${stack}`);
    });
}

type Config = Readonly<Record<string, string>>;

async function lookAtConnection(config: Config, { stage }: OnAws, access: Access, signal: AbortSignal): Promise<Diagnosis> {
    const arn = setting({ config }, "connectionArn") ?? (await stage)?.build?.connectionArn;
    if (setting({ config }, "source") !== "github") return skipped("source is not github");
    return arn === undefined ? skipped("the program makes one; a person then has to confirm it") : checkConnection(new CodeStarConnectionsClient(access), arn, signal);
}

async function lookAtCertificate(config: Config, name: "certificateArn" | "cloudFrontCertificateArn", access: Access, now: Date, signal: AbortSignal): Promise<Diagnosis> {
    const arn = setting({ config }, name);
    if (arn === undefined) return skipped(setting({ config }, "zoneName") === undefined ? `there is no ${name}` : "the program requests it, and AWS renews it");
    // CloudFront takes its own from one region only, wherever the stack is.
    const [, , , region = access.region] = arn.split(":");
    const certificate = await readCertificate(new ACMClient({ ...access, region }), arn, signal);
    return diagnoseCertificate(certificate, setting({ config }, "domainName"), now);
}
