#!/bin/bash
# Logs Docker in to the repository that images are pushed to, and to Docker Hub when there is an account to pull with.
#
#   GAPLESS_REPOSITORY                          123456789012.dkr.ecr.eu-central-1.amazonaws.com/web, or docker.io/acme/shop
#   DOCKER_HUB_USERNAME, DOCKER_HUB_PASSWORD    an account at Docker Hub; needed only to push there
cd "$(dirname "$0")/../.."
. app-scripts/ci/common.sh
. app-scripts/ci/registry.sh
need docker

if is_ecr; then
    registry=${GAPLESS_REPOSITORY%%/*}
    [[ $registry =~ $ecr_host ]]
    aws ecr get-login-password --region "${BASH_REMATCH[2]}" | docker login --username AWS --password-stdin "$registry" >&2
fi
if [ -n "${DOCKER_HUB_USERNAME:-}" ] && [ -n "${DOCKER_HUB_PASSWORD:-}" ]; then
    printf %s "$DOCKER_HUB_PASSWORD" | docker login --username "$DOCKER_HUB_USERNAME" --password-stdin >&2
elif [[ $GAPLESS_REPOSITORY == docker.io/* ]]; then
    fail "A push to $GAPLESS_REPOSITORY needs DOCKER_HUB_USERNAME and DOCKER_HUB_PASSWORD."
fi
