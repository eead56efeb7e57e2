# shellcheck shell=bash
# Sourced by the hook scripts that deal with images, after common.sh.

reserve_mib=512

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

# Whether the disk has room for one more image; leaves the figures in $room. The running image is the best guess at the size
# of the next one.
has_room() {
    local folder free_mib needed_mib size
    folder=$(within 5 docker info --format '{{.DockerRootDir}}') || fail "Docker does not answer."
    room="of unknown size"
    # Docker Desktop keeps its images in a machine of its own, whose disk cannot be seen from here.
    [ -d "$folder" ] || return 0
    free_mib=$(($(df -Pk "$folder" | awk 'NR == 2 { print $4 }') / 1024))
    size=$(docker image inspect --format '{{.Size}}' "$(running_image)" 2>/dev/null || echo 0)
    needed_mib=$((reserve_mib + ${size:-0} / 1024 / 1024))
    room="$free_mib MiB free, $needed_mib MiB needed in $folder"
    echo "Disk: $room"
    [ "$free_mib" -ge "$needed_mib" ]
}

running_image() {
    docker container inspect --format '{{.Image}}' "$GAPLESS_CONTAINER" 2>/dev/null || true
}
