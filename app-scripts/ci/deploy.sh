#!/bin/bash
# deploy.sh STACK IMAGE: the direct way, without a pipeline. Stores the release of an image, has CodeDeploy deploy it and waits for the
# end. Only a deployment that succeeded is a success.
#
#   GAPLESS_APPLICATION, GAPLESS_DEPLOYMENT_GROUP   where to
#   GAPLESS_WAIT_MINUTES                            when to give up waiting, 60 by default; the deployment goes on
cd "$(dirname "$0")/../.."
. app-scripts/ci/common.sh
. app-scripts/ci/registry.sh
. app-scripts/ci/release.sh
. app-scripts/ci/wait.sh
stack=${1:?Usage: deploy.sh STACK IMAGE}
image=${2:?Usage: deploy.sh STACK IMAGE}
setting GAPLESS_APPLICATION codeDeployApplication
setting GAPLESS_DEPLOYMENT_GROUP deploymentGroup

main() {
    put_release "$stack" "$image"
    create_deployment
    say "Deployment $deployment of release $version"
    trap 'say "The deployment goes on; to stop it: aws deploy stop-deployment --deployment-id $deployment --auto-rollback-enabled"; exit 130' INT TERM
    await_end
    tag_deployed
}

ask() {
    aws deploy "$@" --output text
}

# Once: nothing tells CodeDeploy that a second call means the same deployment. With version and ETag of the release: a rollback must
# fetch these very bytes, and nothing else may pass for them.
create_deployment() {
    local error
    deployment=$(AWS_MAX_ATTEMPTS=1 ask create-deployment --application-name "$GAPLESS_APPLICATION" --deployment-group-name "$GAPLESS_DEPLOYMENT_GROUP" \
        --s3-location "bucket=$GAPLESS_RELEASE_BUCKET,key=$release_key,bundleType=zip,version=$object_version,eTag=$etag" \
        --description "release $version" --query deploymentId 2>"$scratch/error") && return
    error=$(cat "$scratch/error")
    # What CodeDeploy refuses has a name that ends so; without one its answer was lost, or it failed itself.
    if [[ $error != *"An error occurred ("*"Exception)"* ]]; then
        say "Release $version may be deployed all the same. Look before you try again: aws deploy list-deployments --application-name" \
            "$GAPLESS_APPLICATION --deployment-group-name $GAPLESS_DEPLOYMENT_GROUP --include-only-statuses Created Queued InProgress"
    fi
    fail "CodeDeploy has not taken the deployment: $error"
}

await_end() {
    while true; do
        insist deployment_says status || give_up "CodeDeploy has not answered for $((patience_seconds / 60)) minutes or the time is over. The deployment goes on."
        say_change "$answer"
        case $answer in
            Succeeded) return ;;
            Failed | Stopped) give_up "The deployment ended as $answer: $(deployment_says errorInformation.message)" ;;
        esac
        wait_on || give_up "It is still $answer after $((wait_seconds / 60)) minutes, and goes on."
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
    rollback=$(deployment_says rollbackInfo.rollbackDeploymentId) || rollback=None
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
