#!/bin/bash
# ApplicationStart, first: stops whatever runs, of whatever release. Nothing running is fine.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=common.sh
source scripts/common.sh

read_release
id=$(container_id) || fail "Docker does not answer."
if [ -z "$id" ]; then
    echo "Nothing to stop: there is no container $GAPLESS_CONTAINER."
    exit 0
fi

running=$(docker container inspect --format '{{.State.Running}}' "$id")
docker stop -t "$STOP_GRACE_SECONDS" "$id" >/dev/null || fail "Docker cannot stop the container $GAPLESS_CONTAINER."
code=$(docker container inspect --format '{{.State.ExitCode}}' "$id")
if [ "$running" = true ] && [ "$code" = 137 ]; then
    echo "Warning: $GAPLESS_CONTAINER did not end within $STOP_GRACE_SECONDS s of SIGTERM and was killed; open requests were cut."
fi
docker rm --force "$id" >/dev/null || fail "Docker cannot remove the container $GAPLESS_CONTAINER."
echo "Stopped $GAPLESS_CONTAINER (exit code $code)."
