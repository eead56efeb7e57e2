#!/bin/bash
# clean-up.sh: takes away what a job leaves on its agent: its builder, its logins and its sessions. Does as much as it can.
#
#   DOCKER_CONFIG     folder of the job's own, with the logins of Docker
#   AWS_CONFIG_FILE   file in a folder of the job's own, as assume-role.sh wrote it
cd "$(dirname "$0")/../.."
. app-scripts/ci/common.sh
: "${DOCKER_CONFIG:?is not set: a folder of the job}" "${AWS_CONFIG_FILE:?is not set: a file in a folder of the job}"

# First, because Docker keeps in $DOCKER_CONFIG which builders there are.
docker buildx rm --force "$(builder_name)" >/dev/null 2>&1 || true
folder=$(dirname "$AWS_CONFIG_FILE")
rm -rf "$DOCKER_CONFIG" "$AWS_CONFIG_FILE" "$folder/session.json" "$folder/.aws"
