#!/bin/bash
# ValidateService: the release answers at its health path as the load balancer asks it to, and on a real route. Ends at once
# when the container has died, else within 60 + 3 * 6 seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=common.sh
source scripts/common.sh

health_seconds=60
probe_attempts=3
probe_timeout=5

main() {
    local address
    read_release
    fail_if_dead
    address=$(host_address)
    wait_until_healthy "http://$address$HEALTH_PATH"
    probe "http://$address$PROBE_PATH"
    fail_if_dead
    echo "Release $VERSION is healthy: $HEALTH_PATH and $PROBE_PATH answer."
}

# With `restart: always` a container that dies is started again, so any restart of this fresh container is a crash.
fail_if_dead() {
    local status restarts code
    read -r status restarts code < <(
        docker container inspect --format '{{.State.Status}} {{.RestartCount}} {{.State.ExitCode}}' "$GAPLESS_CONTAINER" 2>/dev/null
    ) || fail "There is no container $GAPLESS_CONTAINER."
    if [ "$status" != running ]; then
        last_log_lines
        fail "The container $GAPLESS_CONTAINER died: it is $status, exit code $code, after $restarts restarts."
    elif [ "$restarts" -gt 0 ]; then
        last_log_lines
        fail "The container $GAPLESS_CONTAINER died: Docker had to start it again $restarts times."
    fi
}

host_address() {
    local address
    address=$(docker port "$GAPLESS_CONTAINER" "$CONTAINER_PORT/tcp" | head -n 1) || true
    [ -n "$address" ] || fail "The container $GAPLESS_CONTAINER publishes no port $CONTAINER_PORT."
    case $address in
        0.0.0.0:*) echo "127.0.0.1:${address##*:}" ;;
        '[::]:'* | :::*) echo "[::1]:${address##*:}" ;;
        *) echo "$address" ;;
    esac
}

# Prints the status code, 000 when there was no answer. No proxy of the host stands between the balancer and the service.
status_of() {
    curl --silent --globoff --noproxy '*' --output /dev/null --write-out '%{http_code}' --max-time "$1" "$2" || true
}

wait_until_healthy() {
    local code deadline left looks=0
    deadline=$(($(date +%s) + health_seconds))
    while left=$((deadline - $(date +%s))); [ "$left" -gt 0 ]; do
        code=$(status_of $((left < HEALTH_TIMEOUT_SECONDS ? left : HEALTH_TIMEOUT_SECONDS)) "$1")
        [ "$code" != 200 ] || return 0
        fail_if_dead
        # Most services answer within a second of their start, and each of the wave waits for the slowest.
        if ((looks++ < 5)); then sleep 0.2; else sleep 1; fi
    done
    last_log_lines
    fail "$HEALTH_PATH answered $code instead of 200 for $health_seconds s (000: no answer)."
}

probe() {
    local attempt code
    for ((attempt = 1; attempt <= probe_attempts; attempt++)); do
        code=$(status_of "$probe_timeout" "$1")
        case $code in [23]??) return ;; esac
        fail_if_dead
        sleep 1
    done
    last_log_lines
    fail "$PROBE_PATH answered $code instead of 2xx or 3xx although $HEALTH_PATH answers 200 (000: no answer)."
}

main
