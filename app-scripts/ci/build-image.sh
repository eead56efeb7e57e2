#!/bin/bash
# build-image.sh STACK: makes sure that the image of a stack is in the repository, and prints it as repository@sha256:…
# What was built before, by whomever, is not built again: a hash of all that goes into an image is its tag.
cd "$(dirname "$0")/../.."
. app-scripts/ci/common.sh
. app-scripts/ci/registry.sh
stack=${1:?Usage: build-image.sh STACK}
need docker

main() {
    local digest fields
    ./gapless recipe "$stack" >"$scratch/recipe.json"
    fields=$(recipe prebuilt)
    if [ -n "$fields" ]; then
        say "The settings name the image: nothing is built."
        echo "$fields"
        return
    fi
    tag=$(recipe tag)
    platform=$(recipe platform)
    dockerfile=$(recipe dockerfile)
    context=$(recipe context)
    digest=$(digest_of "$tag")
    if [ -n "$digest" ]; then
        say "Already built: $GAPLESS_REPOSITORY:$tag"
    else
        build
        digest=$(digest_of "$tag")
        [ -n "$digest" ] || fail "The registry does not know $GAPLESS_REPOSITORY:$tag, which was just pushed."
    fi
    # For people who look for an image; releases name theirs by digest.
    for tag in $(commit) latest; do tag_image "$digest" "$tag"; done
    echo "$GAPLESS_REPOSITORY@$digest"
}

# A field of the recipe's image; empty when it has none.
recipe() {
    node -p 'JSON.parse(fs.readFileSync(process.argv[1])).image[process.argv[2]] ?? ""' "$scratch/recipe.json" "$1"
}

build() {
    local options=(--platform "$platform" --file "$dockerfile" --tag "$GAPLESS_REPOSITORY:$tag") argument caching=()
    # A file, because nobody would see that a <(command) failed.
    build_arguments >"$scratch/arguments"
    while IFS= read -r -d '' argument; do options+=(--build-arg "$argument"); done <"$scratch/arguments"
    say "Building $GAPLESS_REPOSITORY:$tag"
    if has_buildx; then
        # Without provenance the tag leads to the image itself, not to an index of it and its attestation: the image keeps its
        # tag, and no clean-up of untagged images takes it away.
        read -ra caching <<<"$(cache_options)"
        docker buildx build "${options[@]}" "${caching[@]}" --provenance=false --push "$context" >&2
    else
        docker build "${options[@]}" "$context" >&2
        docker push --quiet "$GAPLESS_REPOSITORY:$tag" >&2
    fi
}

# NAME=value, each ended by a zero byte, because a value may have lines.
build_arguments() {
    node -e 'for (const pair of Object.entries(JSON.parse(fs.readFileSync(process.argv[1])).image.args)) process.stdout.write(pair.join("=") + "\0")' \
        "$scratch/recipe.json"
}

# Docker's own builder cannot export a cache. One that can is an image from Docker Hub, which may be out of reach: then the builder is
# there by name, and everything that is built with it fails.
cache_options() {
    local builder cache=type=registry,ref=$GAPLESS_REPOSITORY:cache
    builder=$(builder_name)
    if docker buildx create --name "$builder" --driver docker-container --bootstrap >/dev/null 2>"$scratch/error" ||
        docker buildx inspect --bootstrap "$builder" >/dev/null 2>"$scratch/error"; then
        echo "--builder $builder --cache-from $cache --cache-to $cache,mode=max,image-manifest=true,oci-mediatypes=true"
    else
        say "Builds without a cache: $(tail -n 1 "$scratch/error")"
        docker buildx rm --force "$builder" >/dev/null 2>&1 || true
    fi
}

main
