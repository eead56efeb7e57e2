import { rule, type SettingsRule, error } from "./rule";

const regional = ["certificateArn", "listenerArn", "dockerHubSecretArn"] as const;

/** Where the stack lies. */
export const accountRules: readonly SettingsRule[] = [
    rule(["stage", "allowedAccountIds"], ({ stage, allowedAccountIds }) =>
        stage === "prod" && allowedAccountIds.length === 0 && {
            severity: "warning",
            key: "aws:allowedAccountIds",
            rule: "should name the account of prod: with other credentials the stack comes up in another account",
            received: "nothing",
            fix: "set aws:allowedAccountIds to a list of that account's id, such as [\"111122223333\"]",
        }),
    ...regional.map(key => rule([key, "region"] as const, settings => {
        const [arn, region] = [settings[key], settings.region];
        const [, , , ofArn] = arn?.split(":") ?? [];
        return ofArn !== undefined && ofArn !== region
            && error(key, arn, `must lie in the stack's region (aws:region ${region})`, `take one of ${region}, or set aws:region to ${ofArn}`);
    })),
];
