import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bootTimeoutSeconds } from "../release/rollout";
import { after } from "./after";
import { check } from "./check";
import { type DeploymentTarget, mostTags } from "./deployment-target";
import { type Host, makeHost } from "./host";
import { type HostArgs, hostRules } from "./host-args";

/** Tag of the instances that tells fleets of one stack apart. */
const fleetTag = "fleet";
/** Seconds until Systems Manager's agent has looked for work, beyond the answer: at the latest when it asks by itself, every ten minutes. */
const askMarginSeconds = 600;
/** Seconds that CodeDeploy may take to see the tags of a new instance. https://docs.aws.amazon.com/codedeploy/latest/userguide/instances-tagging.html */
const tagSeconds = 300;
/** Seconds until an instance has an answer: it sleeps for its tags even when it has booted sooner. */
const answerSeconds = bootTimeoutSeconds + tagSeconds;
/** Waits for the end of the boot script and for the tags, then succeeds when the CodeDeploy agent runs, which is started last. */
const hasBooted = [
    "cloud-init status --wait >/dev/null",
    `sleep "$(awk '{ print ($1 < ${tagSeconds} ? ${tagSeconds} - $1 : 0) }' /proc/uptime)"`,
    "systemctl is-active codedeploy-agent",
].join("\n");

/** What a running instance was launched with: it stays so, since a change would replace or restart it under its users. */
const launchedWith = ["launchTemplate", "ami", "instanceType", "userData", "userDataBase64", "subnetId"];

export interface TaggedFleetArgs extends HostArgs {
    /** Subnets of the instances, in at least two availability zones. Instances go round all of them. */
    readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Number of instances. @default 2 */
    readonly size?: number;
    /** One or two tags that only this stack's instances have: with the tag `fleet` they are how CodeDeploy finds them. */
    readonly launchTags: Readonly<Record<string, string>>;
}

/** Where the containers run: a fixed number of instances that CodeDeploy finds by their tags. */
export class TaggedFleet extends pulumi.ComponentResource {
    /** How CodeDeploy finds the instances. Their names alone wait for nothing: who deploys must depend on the fleet. */
    readonly deploymentTarget: DeploymentTarget;
    /** Instances, known when all have booted. */
    readonly instanceIds: pulumi.Output<string[]>;
    /** Log group of the instances. */
    readonly logGroupName: pulumi.Output<string>;
    /** Security group of the instances, for a database to let in. */
    readonly securityGroupId: pulumi.Output<string>;
    /** Role of the instances, to allow the service more. */
    readonly instanceRoleName: pulumi.Output<string>;
    /** Value of the dimension `Fleet` under which the namespace `Gapless` has the instances' `disk_used_percent`. */
    readonly fleetName: pulumi.Output<string>;

    /** What `opts.dependsOn` names comes before the instances: a network with its routes, for the boot. */
    constructor(name: string, args: TaggedFleetArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:TaggedFleet", name, args, opts);
        const { size = 2, launchTags } = args;
        check(this, `TaggedFleet '${name}'`, [
            !(Number.isInteger(size) && size >= 2) && `size must be a whole number from 2 on, since half of the instances serve while the others change, got ${size}`,
            ...tagRules(launchTags),
            ...hostRules(args),
        ]);

        const host = makeHost(name, args, undefined, this);
        const tags = { ...launchTags, [fleetTag]: name };
        const dependsOn = after(opts, ...host.before);
        const instances = Array.from({ length: size }, (_, index) => this.launch(name, args, { host, tags, index, dependsOn }));

        this.deploymentTarget = { instanceTags: tags };
        this.instanceIds = pulumi.all(instances);
        this.logGroupName = host.logGroupName;
        this.securityGroupId = host.securityGroupId;
        this.instanceRoleName = host.roleName;
        this.fleetName = pulumi.output(host.fleetName);
        this.registerOutputs({
            deploymentTarget: this.deploymentTarget,
            instanceIds: this.instanceIds,
            logGroupName: this.logGroupName,
            securityGroupId: this.securityGroupId,
            instanceRoleName: this.instanceRoleName,
            fleetName: this.fleetName,
        });
    }

    /** Launches one instance, registers it and waits until CodeDeploy can reach it, which its id then says. */
    private launch(name: string, args: TaggedFleetArgs, { host, tags, index, dependsOn }: Launch): pulumi.Output<string> {
        const { subnetIds, targetGroupArn, deletionProtection = false } = args;
        const instance = new aws.ec2.Instance(`${name}-${index + 1}`, {
            launchTemplate: { id: host.templateId, version: host.templateVersion },
            subnetId: pulumi.output(subnetIds).apply(ids => ids[index % ids.length] as string),
            disableApiTermination: deletionProtection,
            tags: { Name: `${name}-${index + 1}`, ...tags },
        }, { parent: this, protect: deletionProtection, ignoreChanges: launchedWith, dependsOn });
        // A deployment takes it out and puts it back; only a refresh in between would see the gap (docs/decisions/0013).
        new aws.lb.TargetGroupAttachment(`${name}-${index + 1}-target`, { targetGroupArn, targetId: instance.id }, { parent: this });
        const booted = new aws.ssm.Association(`${name}-${index + 1}-booted`, {
            name: "AWS-RunShellScript",
            targets: [{ key: "InstanceIds", values: [instance.id] }],
            parameters: { commands: hasBooted, executionTimeout: String(answerSeconds) },
            waitForSuccessTimeoutSeconds: answerSeconds + askMarginSeconds,
            // Only creating an association waits.
        }, { parent: this, replaceOnChanges: ["targets"] });
        return pulumi.all([instance.id, booted.associationId]).apply(([id]) => id);
    }
}

interface Launch {
    readonly host: Host;
    readonly tags: Readonly<Record<string, string>>;
    /** Which instance of the fleet, from 0 on. */
    readonly index: number;
    readonly dependsOn: pulumi.Input<pulumi.Resource[]>;
}

function tagRules(launchTags: Readonly<Record<string, string>>): readonly (string | false)[] {
    const keys = Object.keys(launchTags);
    const taken = keys.filter(key => key === "Name" || key === fleetTag);
    return [
        (keys.length === 0 || keys.length >= mostTags) &&
            `launchTags must be one or two, since CodeDeploy finds instances by three tags at most and one is '${fleetTag}', got ${keys.length}`,
        taken.length > 0 && `launchTags must leave ${taken.map(key => `'${key}'`).join(" and ")} to the fleet`,
    ];
}
