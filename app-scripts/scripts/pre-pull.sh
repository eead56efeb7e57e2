#!/bin/bash
# BeforeBlockTraffic: the installed release pulls the coming one's image while it still serves. It only saves time: whatever
# goes wrong here, pull.sh does it again, so this never fails a deployment. At most 60 seconds: prePullSeconds
# of release/rollout.ts.
set -euo pipefail
cd "$(dirname "$0")/.."
trap 'exit 0' EXIT
# shellcheck source-path=SCRIPTDIR source=common.sh
source scripts/common.sh
# shellcheck source-path=SCRIPTDIR source=images.sh
source scripts/images.sh

skip() {
    echo "Not pulled ahead: $*"
    exit 0
}

if [ -z "${BUNDLE_BUCKET:-}" ] || [ -z "${BUNDLE_KEY:-}" ]; then skip "the deployment names no bundle in S3."; fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"; exit 0' EXIT

within 12 "${GAPLESS_AWS_CLI:-aws}" s3api get-object --bucket "$BUNDLE_BUCKET" --key "$BUNDLE_KEY" \
    ${BUNDLE_VERSION:+--version-id "$BUNDLE_VERSION"} "$folder/bundle.zip" >/dev/null || skip "s3://$BUNDLE_BUCKET/$BUNDLE_KEY cannot be read."
unzip -p "$folder/bundle.zip" release.env >"$folder/release.env" || skip "the bundle has no release.env."
image=$(cd "$folder" && release_value IMAGE)
[ -n "$image" ] || skip "the bundle's release.env names no image."

# Only pull.sh, of the coming release, removes images: until then the running one's are all needed.
has_room || skip "the disk is too full, $room."
within 36 docker pull --quiet "$image" || skip "$image did not come in time."
