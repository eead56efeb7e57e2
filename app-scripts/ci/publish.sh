#!/bin/bash
# publish.sh STACK IMAGE: stores the release of an image and hands it to the pipeline, which deploys it. Prints the version of the
# object that the pipeline's execution will name as its source.
cd "$(dirname "$0")/../.."
. app-scripts/ci/common.sh
. app-scripts/ci/release.sh
stack=${1:?Usage: publish.sh STACK IMAGE}
image=${2:?Usage: publish.sh STACK IMAGE}

put_release "$stack" "$image"
answer=$(put_object releases/current.zip) || fail "Cannot store releases/current.zip: $(cat "$scratch/error")"
take_object "$answer"
say "Release $version is on its way: releases/current.zip, version $object_version"
echo "$object_version"
