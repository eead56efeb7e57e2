#!/bin/bash
# ApplicationStart, second: starts this release's container. Does nothing when it runs already.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=common.sh
source scripts/common.sh

instance_id() {
    cat /var/lib/cloud/data/instance-id 2>/dev/null || hostname
}

# PORT and HEALTH_PATH tell the service where it will be asked, unless its own environment does.
environment() {
    grep -q '^PORT=' app.env || echo "PORT=$CONTAINER_PORT"
    grep -q '^HEALTH_PATH=' app.env || echo "HEALTH_PATH=$HEALTH_PATH"
    cat app.env
}

# compose's own env_file changes values: it expands $, cuts at # and strips quotes, each version in its own way. So the lines
# go in as JSON, which every version takes literally ($$ stands for $).
write_environment() {
    local lines
    lines=$(environment | sed -e '/^$/d' -e 's/[\\"]/\\&/g' -e 's/\$/$$/g' -e 's/	/\\t/g' -e 's/.*/"&"/' | paste -sd , -)
    (umask 077 && echo "{\"services\":{\"app\":{\"environment\":[$lines]}}}" >environment.json)
}

# On EC2 the lines of the service go to CloudWatch, and Docker keeps the last ones for `docker logs`. Without a log group, as
# in the rehearsal, the compose file's limits hold. non-blocking: a slow CloudWatch must not hold up the service.
write_logging() {
    local stream="$GAPLESS_INSTANCE_ID/$VERSION"
    cat >logging.json <<END
{"services":{"app":{"logging":{"driver":"awslogs","options":{
"awslogs-group":"$GAPLESS_LOG_GROUP","awslogs-region":"$AWS_REGION","awslogs-stream":"$stream",
"mode":"non-blocking","max-buffer-size":"4m"}}}}}
END
}

read_release
files=(-f environment.json -f "$(compose_file)")
export GAPLESS_INSTANCE_ID=${GAPLESS_INSTANCE_ID:-$(instance_id)}
write_environment
if [ -n "${GAPLESS_LOG_GROUP:-}" ]; then
    write_logging
    files+=(-f logging.json)
fi
compose "${files[@]}" up --detach || fail "compose cannot start $GAPLESS_CONTAINER from $IMAGE."

status=$(docker container inspect --format '{{.State.Status}}' "$GAPLESS_CONTAINER") || fail "compose made no container $GAPLESS_CONTAINER."
if [ "$status" != running ]; then
    last_log_lines
    fail "The container $GAPLESS_CONTAINER is $status right after its start."
fi
echo "Started $GAPLESS_CONTAINER: release $VERSION."
