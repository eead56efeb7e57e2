#!/bin/bash
# BeforeInstall: gets this release's image while the old container is still there, so that a failed pull changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=common.sh
source scripts/common.sh

attempts=3
attempt_seconds=80
reserve_mib=512

main() {
    read_release
    if docker image inspect "$IMAGE" >/dev/null 2>&1; then
        echo "Already here: $IMAGE"
        return
    fi
    [ "${GAPLESS_PRUNE:-yes}" = no ] || remove_old_images
    check_disk
    pull
}

# An image stays as long as the agent keeps a bundle that names it (the coming, the running and the previous release with
# :max_revisions: 3), so a rollback pulls nothing. Docker itself refuses to remove what a container uses.
remove_old_images() {
    local kept old
    kept=$(sed -n 's/^IMAGE=//p' release.env ../../*/deployment-archive/release.env 2>/dev/null || true)
    docker image ls --digests --format '{{.Repository}}@{{.Digest}}' "${IMAGE%@*}" | while read -r old; do
        if ! grep -qxF "$old" <<<"$kept" && docker image rm "$old" >/dev/null 2>&1; then echo "Removed $old"; fi
    done || fail "Docker does not answer."
    docker image prune --force >/dev/null
}

# The running image is the best guess at the size of the next one.
check_disk() {
    local folder free_mib needed_mib size
    folder=$(docker info --format '{{.DockerRootDir}}')
    # Docker Desktop keeps its images in a machine of its own, whose disk cannot be seen from here.
    [ -d "$folder" ] || return 0
    free_mib=$(($(df -Pk "$folder" | awk 'NR == 2 { print $4 }') / 1024))
    size=$(docker image inspect --format '{{.Size}}' "$(running_image)" 2>/dev/null || echo 0)
    needed_mib=$((reserve_mib + size / 1024 / 1024))
    echo "Disk: $free_mib MiB free, $needed_mib MiB needed in $folder"
    [ "$free_mib" -ge "$needed_mib" ] ||
        fail "Too little disk for $IMAGE: $free_mib MiB free, $needed_mib MiB needed in $folder. Make rootVolumeGiB larger."
}

running_image() {
    docker container inspect --format '{{.Image}}' "$GAPLESS_CONTAINER" 2>/dev/null || true
}

pull() {
    local attempt
    for ((attempt = 1; attempt <= attempts; attempt++)); do
        if within "$attempt_seconds" docker pull --quiet "$IMAGE"; then return; fi
        echo "Attempt $attempt of $attempts to pull the image failed."
        [ "$attempt" -eq "$attempts" ] || sleep $((attempt * 3))
    done
    fail "Cannot pull $IMAGE: the reason is in the lines above."
}

main
