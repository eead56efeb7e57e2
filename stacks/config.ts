import * as pulumi from "@pulumi/pulumi";
import type { SettingsSource } from "./settings";

/** The config of the stack that is being deployed. */
export function readConfig(): SettingsSource {
    const config = pulumi.runtime.allConfig();
    // Internal to Pulumi and without a type: config has no public way to ask whether a value is secret.
    const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };
    return {
        project: pulumi.getProject(),
        stack: pulumi.getStack(),
        config,
        secretKeys: new Set(Object.keys(config).filter(isConfigSecret)),
    };
}
