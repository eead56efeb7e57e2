# shellcheck shell=bash
# Sourced by the hook scripts, which run on EC2 and, unchanged, in the rehearsal. Bash 3.2 (macOS) has to be enough.
# The environment may set, with the value of an EC2 instance as default: GAPLESS_CONTAINER, GAPLESS_NETWORK, GAPLESS_PUBLISH,
# GAPLESS_INSTANCE_ID, GAPLESS_AWS_CLI, GAPLESS_PRUNE, DOCKER_CONFIG, COMPOSE_PROJECT_NAME. Only the boot script sets
# GAPLESS_LOG_GROUP, with AWS_REGION.

export GAPLESS_CONTAINER=${GAPLESS_CONTAINER:-app}
export GAPLESS_NETWORK=${GAPLESS_NETWORK:-bridge}
# The port that the load balancer asks every instance at; release/rollout.ts has it as hostPort.
export GAPLESS_PUBLISH=${GAPLESS_PUBLISH:-8080}
export COMPOSE_PROJECT_NAME=${COMPOSE_PROJECT_NAME:-app}
# The agent gives its scripts no sure HOME, and the registry's credential helper is configured for root.
export DOCKER_CONFIG=${DOCKER_CONFIG:-/root/.docker}

# One stream: the agent reads the two separately, and the reason of a failure has to stay the last line of its log.
exec 2>&1

# To stderr, so that a reason also gets out of $(...).
fail() {
    echo "$*" >&2
    exit 1
}

# A value of release.env, which is data: it is read, never executed.
release_value() {
    sed -n "s/^$1=//p" release.env | tail -n 1
}

read_release() {
    local key
    [ -f release.env ] || fail "The release has no release.env."
    for key in IMAGE VERSION CONTAINER_PORT HEALTH_PATH PROBE_PATH HEALTH_TIMEOUT_SECONDS STOP_GRACE_SECONDS; do
        export "$key=$(release_value "$key")"
        [ -n "${!key}" ] || fail "release.env has no value for $key."
    done
}

# Deployment groups are named after their stage, with a suffix where a stage has several: prod, prod-blue.
compose_file() {
    local stage=${DEPLOYMENT_GROUP_NAME:?is set by the CodeDeploy agent}
    local file="docker-compose.${stage%%-*}.yml"
    [ -f "$file" ] || fail "Deployment group '$stage' has no compose file $file in the release."
    echo "$file"
}

compose() {
    if docker compose version >/dev/null 2>&1; then docker compose "$@"; else docker-compose "$@"; fi
}

# within SECONDS COMMAND...; macOS has no timeout command, there the hook's own timeout has to do.
# --foreground keeps the command in the script's process group, to which the agent sends its SIGTERM.
within() {
    if command -v timeout >/dev/null; then timeout --foreground --kill-after=2 "$@"; else "${@:2}"; fi
}

# Empty when there is no such container; fails when Docker does not answer.
container_id() {
    docker ps --all --quiet --filter "name=^/?$GAPLESS_CONTAINER\$"
}

# The agent fails an event whose output is not UTF-8, and shows only its last 2,048 bytes.
last_log_lines() {
    docker logs --tail 8 "$GAPLESS_CONTAINER" 2>&1 | LC_ALL=C tr -c '\n\t -~' '?' | cut -c 1-160 || true
}
