import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Host, type Run } from "./host";

export const image = `registry.test/app@sha256:${"a".repeat(64)}`;
/** Where the agent unpacks a release and runs its hooks, below the host's folder. */
export const archive = "deployment-root/group/d-3/deployment-archive";
export const values = {
    IMAGE: image, VERSION: "0123456789ab", CONTAINER_PORT: "8080", HEALTH_PATH: "/health", PROBE_PATH: "/shop?a=1",
    HEALTH_TIMEOUT_SECONDS: "3", STOP_GRACE_SECONDS: "30",
};

export function envFile(of: Record<string, string>): string {
    return Object.entries(of)
        .map(([key, value]) => `${key}=${value}\n`)
        .join("");
}

/** A host on which the agent has unpacked a release, as it does before the first hook. */
export class ReleaseHost extends Host {
    constructor() {
        super();
        mkdirSync(join(this.folder, archive, "scripts"), { recursive: true });
        for (const file of [...readdirSync("app-scripts/scripts").map(name => `scripts/${name}`), "docker-compose.dev.yml", "docker-compose.prod.yml"]) {
            copyFileSync(join("app-scripts", file), join(this.folder, archive, file));
        }
        this.write(`${archive}/release.env`, envFile(values));
        this.write(`${archive}/app.env`, "");
        this.stub("timeout", '"${@:4}"');
        this.docker({});
    }

    /** Answers of `docker`, by the beginning of its arguments; a command without one succeeds silently. */
    docker(answers: Record<string, string>): void {
        const cases = Object.entries(answers).map(([words, body]) => `"${words}"*) ${body} ;;`);
        this.stub("docker", `case "$*" in\n${cases.join("\n")}\nesac`);
    }

    hook(name: string, env: Record<string, string> = {}): Run {
        return this.run([join(this.folder, archive, `scripts/${name}.sh`)], { DEPLOYMENT_GROUP_NAME: "prod", GAPLESS_INSTANCE_ID: "i-1", ...env });
    }
}

/** The seconds that a call of `timeout` allows, with the two it gives a process to end. */
export function allowedSeconds(calls: readonly string[]): number {
    return calls
        .map(call => /^timeout --foreground --kill-after=(\d+) (\d+) /.exec(call))
        .reduce((sum, match) => sum + (match ? Number(match[1]) + Number(match[2]) : 0), 0);
}
