import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type MinimumHealthyHosts, nameAtAws, type rulesOfAws } from "../release/minimum-healthy-hosts";

/** How many instances a deployment takes out at a time: as one of AWS's own configurations says, or by a rule of one's own. */
export type DeploymentConfigChoice =
    | keyof typeof rulesOfAws
    | {
          readonly minimumHealthyHosts: MinimumHealthyHosts;
          /** Takes one availability zone after the other. @default undefined: instances of any zone */
          readonly zones?: {
              /** Seconds for which a zone must have served before the next one's turn. */
              readonly monitorSeconds: number;
          };
      };

/** What is wrong with a choice, for `check`. */
export function deploymentConfigRules(choice: DeploymentConfigChoice): (string | false)[] {
    if (typeof choice === "string") return [];
    return [...minimumRules(choice.minimumHealthyHosts), ...zoneRules(choice)];
}

function minimumRules({ type, value }: MinimumHealthyHosts): (string | false)[] {
    const label = "deploymentConfig.minimumHealthyHosts";
    return [
        type === "FLEET_PERCENT" && !isWhole(value, 1, 99) && `${label} must be 1 to 99 percent, or none serves or none may go, got ${value}`,
        type === "HOST_COUNT" && !isWhole(value, 1, Infinity) && `${label} must be 1 host or more, or none serves, got ${value}`,
        type === "MOST_CONCURRENCY" && value !== 1 && `${label} must be 1 for MOST_CONCURRENCY, which AWS's own configuration alone has, got ${value}`,
    ];
}

function zoneRules({ minimumHealthyHosts: { type }, zones }: CustomChoice): (string | false)[] {
    if (!zones) return [];
    return [
        type !== "FLEET_PERCENT" && `deploymentConfig.zones must go with a FLEET_PERCENT, which means something in a zone, too, got ${type}`,
        !isWhole(zones.monitorSeconds, 0, Infinity) && `deploymentConfig.zones.monitorSeconds must be 0 or more, got ${zones.monitorSeconds}`,
    ];
}

/** Name of the configuration: AWS's own where there is one, else that of one made here. */
export function deploymentConfigName(name: string, choice: DeploymentConfigChoice, parent: pulumi.Resource): pulumi.Input<string> {
    const ofAws = typeof choice === "string" ? choice : choice.zones ? undefined : nameAtAws(choice.minimumHealthyHosts);
    if (ofAws) return `CodeDeployDefault.${ofAws}`;
    return new aws.codedeploy.DeploymentConfig(`${name}-config`, configArgs(choice as CustomChoice), { parent }).deploymentConfigName;
}

type CustomChoice = Exclude<DeploymentConfigChoice, string>;

/** Without a name, since AWS can change no configuration: another rule is another configuration, made before the old one goes. */
function configArgs({ minimumHealthyHosts: { type, value }, zones }: CustomChoice): aws.codedeploy.DeploymentConfigArgs {
    return {
        computePlatform: "Server",
        minimumHealthyHosts: { type, value },
        ...(zones && {
            // Unsaid, it would be 0 %: a whole zone at once, as far as the rule for the fleet allows.
            zonalConfig: { monitorDurationInSeconds: zones.monitorSeconds, minimumHealthyHostsPerZone: { type, value } },
        }),
    };
}

function isWhole(value: number, from: number, to: number): boolean {
    return Number.isInteger(value) && value >= from && value <= to;
}
