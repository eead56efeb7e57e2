import { z } from "zod";
import { frontDoorSettings } from "./schema/front-door-settings";
import { hostSettings } from "./schema/host-settings";
import { type About, abouts, type Rule, rules } from "./schema/kinds";
import { networkSettings } from "./schema/network-settings";
import { ciSettings, gitHubSettings, registrySettings, strategySettings } from "./schema/release-settings";
import { blueGreenSettings, noticeSettings, retentionSettings, rolloutSettings } from "./schema/rollout-settings";
import { serviceSettings } from "./schema/service-settings";

/** The settings of the namespace `gapless:` in the order and under the headings of docs/settings.md. */
export const settingGroups = {
    "Stage and strategy": strategySettings,
    "Your service": serviceSettings,
    "Source github": gitHubSettings,
    "CI": ciSettings,
    "Registry": registrySettings,
    "Hosts": hostSettings,
    "Network": networkSettings,
    "Front door": frontDoorSettings,
    "Rollout": rolloutSettings,
    "Blue/green": blueGreenSettings,
    "Retention and protection": retentionSettings,
    "Notices": noticeSettings,
} as const;

/** All settings, flat, as Pulumi config gives them. */
export const settingsSchema = z.object({
    ...strategySettings,
    ...serviceSettings,
    ...gitHubSettings,
    ...ciSettings,
    ...registrySettings,
    ...hostSettings,
    ...networkSettings,
    ...frontDoorSettings,
    ...rolloutSettings,
    ...blueGreenSettings,
    ...retentionSettings,
    ...noticeSettings,
});

/** One setting: what it takes, what it means, what holds without it. */
export interface Setting extends Rule, About {
    readonly schema: z.ZodType;
    /** Undefined when the setting has none. */
    readonly default: unknown;
}

/** All settings by key, without `gapless:`. */
export const settings: ReadonlyMap<string, Setting> = new Map(
    Object.entries<z.ZodType>(settingsSchema.shape).map(([key, schema]) => [key, settingOf(schema)]),
);

function settingOf(schema: z.ZodType): Setting {
    const about = abouts.get(schema);
    const rule = rules.get(schema instanceof z.ZodDefault || schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema);
    if (!about || !rule) throw new Error("A setting of the schema has no text or no rule.");
    return { ...about, ...rule, schema, default: schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined };
}
