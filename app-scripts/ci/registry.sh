# shellcheck shell=bash disable=SC2154
# Sourced by the CI scripts that deal with images, after common.sh, which makes $scratch. The repository is $GAPLESS_REPOSITORY:
# one in Amazon ECR, where AWS answers questions, or another, where Docker has to.

setting GAPLESS_REPOSITORY repository

ecr_host='^([0-9]{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$'

is_ecr() {
    [[ ${GAPLESS_REPOSITORY%%/*} =~ $ecr_host ]]
}

# ecr ACTION OPTION...: asks ECR about the repository.
ecr() {
    [[ ${GAPLESS_REPOSITORY%%/*} =~ $ecr_host ]]
    aws ecr "$1" --region "${BASH_REMATCH[2]}" --registry-id "${BASH_REMATCH[1]}" --repository-name "${GAPLESS_REPOSITORY#*/}" "${@:2}"
}

has_buildx() {
    docker buildx version >/dev/null 2>&1
}

# The digest that a tag of the repository leads to; nothing when there is no such tag. Only the registry's word that there is none
# counts: after a lost login or too many pulls it has said nothing about the tag.
digest_of() {
    local answer name=$GAPLESS_REPOSITORY
    if is_ecr; then
        answer=$(ecr describe-images --image-ids "imageTag=$1" --query 'imageDetails[0].imageDigest' --output text 2>"$scratch/error") ||
            absent 'ImageNotFoundException' "$1"
    elif has_buildx; then
        answer=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$name:$1" 2>"$scratch/error") || absent "$no_such_tag" "$1"
    elif docker pull --quiet "$name:$1" >/dev/null 2>"$scratch/error"; then
        # Docker leaves the name of its own registry out.
        answer=$(docker image inspect --format '{{join .RepoDigests "\n"}}' "$name:$1" | sed -n "s|^${name#docker.io/}@||p")
    else
        absent "$no_such_tag" "$1"
    fi
    echo "$answer"
}

# In the words of the clients; the last two are the registry's own. A lacking log-in helper is a "file not found", too.
no_such_tag=': not found$|manifest for .* not found|manifest unknown|name unknown'

# absent PATTERN TAG: fails unless the error says that there is no such tag.
absent() {
    answer=""
    grep -Eq "$1" "$scratch/error" || fail "Cannot look up $GAPLESS_REPOSITORY:$2: $(cat "$scratch/error")"
}

# tag_image DIGEST TAG: the tag leads to the image from now on. A tag that may not move stays where it is.
tag_image() {
    if is_ecr; then
        tag_in_ecr "$1" "$2"
    elif has_buildx; then
        docker buildx imagetools create --prefer-index=false --tag "$GAPLESS_REPOSITORY:$2" "$GAPLESS_REPOSITORY@$1" >&2
    else
        docker pull --quiet "$GAPLESS_REPOSITORY@$1" >&2
        docker tag "$GAPLESS_REPOSITORY@$1" "$GAPLESS_REPOSITORY:$2"
        docker push --quiet "$GAPLESS_REPOSITORY:$2" >&2
    fi
}

# The manifest goes back to ECR byte for byte, so that it stays one image: Docker might push it as another. $(...) takes line ends
# away at its end, so a point comes last.
tag_in_ecr() {
    local answer error tab=$'\t'
    answer=$(ecr batch-get-image --image-ids "imageDigest=$1" --accepted-media-types \
        application/vnd.oci.image.index.v1+json application/vnd.oci.image.manifest.v1+json \
        application/vnd.docker.distribution.manifest.list.v2+json application/vnd.docker.distribution.manifest.v2+json \
        --query 'images[0].[imageManifestMediaType, imageManifest]' --output text && echo .)
    [[ $answer == *"$tab"* ]] || fail "There is no image $GAPLESS_REPOSITORY@$1."
    answer=${answer%??}
    printf %s "${answer#*"$tab"}" >"$scratch/manifest.json"
    error=$(ecr put-image --image-tag "$2" --image-digest "$1" --image-manifest "file://$scratch/manifest.json" \
        --image-manifest-media-type "${answer%%"$tab"*}" 2>&1 >/dev/null) && return
    case $error in
        *ImageAlreadyExistsException*) ;;
        *ImageTagAlreadyExistsException*) say "The tag $2 stays with the image that has it." ;;
        *) fail "Cannot tag $GAPLESS_REPOSITORY@$1 as $2: $error" ;;
    esac
}
