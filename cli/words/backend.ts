import { Option } from "commander";

/** Without it Pulumi's own ways hold: its environment variable, the project's file, its login. */
export function backendOption(): Option {
    return new Option("--backend <url>", "where Pulumi keeps its state: file://…, s3://…, https://… (default: PULUMI_BACKEND_URL, or where Pulumi is logged in)");
}
