import * as pulumi from "@pulumi/pulumi";
import { buildOneFile } from "./cli/build-one-file";
import { readConfig } from "./stacks/config";
import { checkAccount } from "./stacks/lookups";
import { correctStacks } from "./stacks/readable-stacks";
import { readSettings } from "./stacks/settings";
import { describeFinding } from "./stacks/settings-error";
import { buildWeb } from "./stacks/web";

correctStacks();
const config = readConfig();
const { settings, warnings } = readSettings(config);
const [{ facts, warnings: doubts }, tool] = await Promise.all([checkAccount(settings, config), buildOneFile()]);
for (const warning of [...warnings, ...doubts]) await pulumi.log.warn(describeFinding(warning).trim());

// By default, and nothing by name: which outputs there are depends on the settings, and names of a module always exist.
export default buildWeb(pulumi.getProject(), settings, facts, tool);
