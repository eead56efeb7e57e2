# shellcheck shell=bash disable=SC2154
# Sourced by the CI scripts that publish a release, after common.sh, which makes $scratch.

setting GAPLESS_RELEASE_BUCKET releaseBucket

# put_release STACK IMAGE: makes the release and stores it as releases/<version>.zip, which is never overwritten. Leaves its name in
# $version, and in $object_version and $etag those of the object.
put_release() {
    local answer attempt
    version=$(./gapless bundle "$1" --image "$2" --zip "$scratch/release.zip")
    release_key=releases/$version.zip
    for attempt in {1..10}; do
        if answer=$(put_object "$release_key" --if-none-match '*'); then
            say "Stored s3://$GAPLESS_RELEASE_BUCKET/$release_key"
            break
        fi
        case $(cat "$scratch/error") in
            *PreconditionFailed*)
                # The key is a hash of the content, so it is this very release.
                say "Already stored: s3://$GAPLESS_RELEASE_BUCKET/$release_key"
                answer=$(aws s3api head-object --bucket "$GAPLESS_RELEASE_BUCKET" --key "$release_key" --query '[VersionId,ETag]' --output text)
                break
                ;;
            # Another build stores the same release right now; what became of it is known in a moment.
            *ConditionalRequestConflict*) if [ "$attempt" -lt 10 ]; then sleep 2; continue; fi ;;
            *"--if-none-match"*) say "$(command aws --version) is too old: this takes the AWS CLI 2.17.34 or newer." ;;
        esac
        fail "Cannot store s3://$GAPLESS_RELEASE_BUCKET/$release_key: $(cat "$scratch/error")"
    done
    take_object "$answer"
}

# put_object KEY OPTION...: prints version and ETag of the object; leaves the reason of a failure in $scratch/error.
put_object() {
    aws s3api put-object --bucket "$GAPLESS_RELEASE_BUCKET" --key "$1" --body "$scratch/release.zip" --content-type application/zip \
        --metadata "$(metadata)" "${@:2}" --query '[VersionId,ETag]' --output text 2>"$scratch/error"
}

take_object() {
    read -r object_version etag <<<"$1"
    etag=${etag//\"/}
    case $object_version in "" | None | null) fail "The bucket $GAPLESS_RELEASE_BUCKET keeps no versions, and a rollback needs them." ;; esac
}

# Who built what, for people: the release itself holds nothing that changes without it. CodePipeline shows the summary as the
# source's change, so the approver reads it.
metadata() {
    local builder commit title
    commit=$(commit)
    builder=$(plain "${CODEBUILD_BUILD_ID:-${BUILD_TAG:-$(id -un)@$HOSTNAME}}")
    # Sources may come without a repository.
    title=$(plain "$(git log --max-count=1 --format=%s "${commit:-HEAD}" 2>/dev/null | cut -c 1-200 || true)")
    printf '{"commit":"%s","builder":"%s","codepipeline-artifact-revision-summary":"%s"}' \
        "${commit:-unknown}" "$builder" "${title:+$title - }release $version of commit ${commit:-unknown}, built by $builder"
}

# S3 takes ASCII, and this goes into JSON.
plain() {
    printf %s "$1" | LC_ALL=C tr -c ' !#-[]-~' '?'
}
