#!/bin/bash
# BeforeInstall: gets this release's image while the old container is still there, so that a failed pull changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=common.sh
source scripts/common.sh
# shellcheck source-path=SCRIPTDIR source=images.sh
source scripts/images.sh

attempts=3
attempt_seconds=80

main() {
    read_release
    # First, because mostly the image has been pulled ahead and there is nothing else to do here.
    [ "${GAPLESS_PRUNE:-yes}" = no ] || remove_old_images
    if docker image inspect "$IMAGE" >/dev/null 2>&1; then
        echo "Already here: $IMAGE"
        return
    fi
    has_room || fail "Too little disk for $IMAGE: $room. Make rootVolumeGiB larger."
    pull
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
