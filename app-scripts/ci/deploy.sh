#!/bin/bash
# deploy.sh STAGE IMAGE: the direct way, without a pipeline. Stores the release of an image, has CodeDeploy deploy it and waits for the
# end. Only a deployment that succeeded is a success.
#
#   GAPLESS_APPLICATION, GAPLESS_DEPLOYMENT_GROUP   where to
#   GAPLESS_WAIT_MINUTES                            when to give up waiting, 60 by default; the deployment goes on
cd "$(dirname "$0")/../.."
. app-scripts/ci/common.sh
. app-scripts/ci/registry.sh
. app-scripts/ci/release.sh
. app-scripts/ci/wait.sh
stage=${1:?Usage: deploy.sh STAGE IMAGE}
image=${2:?Usage: deploy.sh STAGE IMAGE}
setting GAPLESS_APPLICATION codeDeployApplication
setting GAPLESS_DEPLOYMENT_GROUP deploymentGroup

main() {
    put_release "$stage" "$image"
    # With version and ETag: a rollback must fetch these very bytes, and nothing else may pass for them.
    deployment=$(ask create-deployment --application-name "$GAPLESS_APPLICATION" --deployment-group-name "$GAPLESS_DEPLOYMENT_GROUP" \
        --s3-location "bucket=$GAPLESS_RELEASE_BUCKET,key=$release_key,bundleType=zip,version=$object_version,eTag=$etag" \
        --description "release $version" --query deploymentId)
    say "Deployment $deployment of release $version"
    trap 'say "The deployment goes on; to stop it: aws deploy stop-deployment --deployment-id $deployment --auto-rollback-enabled"; exit 130' INT TERM
    await_end
    tag_deployed
}

ask() {
    aws deploy "$@" --output text
}

await_end() {
    local status
    while true; do
        status=$(deployment_says status)
        say_change "$status"
        case $status in
            Succeeded) return ;;
            Failed | Stopped) give_up "The deployment ended as $status: $(deployment_says errorInformation.message)" ;;
        esac
        wait_on || give_up "It is still $status after $((wait_seconds / 60)) minutes, and goes on."
    done
}

deployment_says() {
    ask get-deployment --deployment-id "$deployment" --query "deploymentInfo.$1"
}

give_up() {
    local instance rollback
    # Ten of them tell enough.
    for instance in $(ask list-deployment-targets --deployment-id "$deployment" --target-filters TargetStatus=Failed --query 'targetIds[:10]'); do
        [ "$instance" = None ] || tell_failure "$instance"
    done
    say "$1"
    rollback=$(deployment_says rollbackInfo.rollbackDeploymentId)
    [ "$rollback" = None ] || say "Rolled back by: aws deploy get-deployment --deployment-id $rollback"
    say "Look: aws deploy get-deployment --deployment-id $deployment"
    exit 1
}

# What the agent of an instance reported: event, script, exit code, and the end of the log.
tell_failure() {
    aws deploy batch-get-deployment-targets --deployment-id "$deployment" --target-ids "$1" --output json \
        --query "deploymentTargets[].instanceTarget.lifecycleEvents[] | [?status=='Failed']" | node -e '
        for (const { lifecycleEventName, diagnostics = {} } of JSON.parse(fs.readFileSync(0))) {
            const { scriptName, errorCode, message, logTail } = diagnostics;
            console.error([process.argv[1] + ": " + lifecycleEventName + " failed", scriptName, errorCode, message].filter(Boolean).join(", "));
            for (const line of (logTail ?? "").trimEnd().split("\n").slice(-10)) console.error("    " + line);
        }' "$1" || say "$1: AWS does not say what failed."
}

# As the pipeline's last stage does: images of releases that were deployed outlive those that were only built.
tag_deployed() {
    if is_ecr && [ "${image%@*}" = "$GAPLESS_REPOSITORY" ]; then tag_image "${image#*@}" "deployed-$version"; fi
}

main
