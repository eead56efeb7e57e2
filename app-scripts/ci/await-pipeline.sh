#!/bin/bash
# await-pipeline.sh PIPELINE OBJECT_VERSION: waits until the execution that this version of releases/current.zip has started is over.
# Exits 0 when it succeeded, 4 when the time is over and an approval is missing, 1 otherwise.
#
#   GAPLESS_WAIT_MINUTES   when to give up waiting, 60 by default; the execution goes on
cd "$(dirname "$0")/../.."
. app-scripts/ci/common.sh
. app-scripts/ci/wait.sh
pipeline=${1:?Usage: await-pipeline.sh PIPELINE OBJECT_VERSION}
object_version=${2:?Usage: await-pipeline.sh PIPELINE OBJECT_VERSION}
appear_seconds=600

main() {
    local status
    find_execution
    while true; do
        status=$(ask get-pipeline-execution --pipeline-name "$pipeline" --pipeline-execution-id "$execution" --query 'pipelineExecution.status')
        tell "$status"
        case $status in
            Succeeded) return ;;
            Failed | Stopped | Superseded | Cancelled) give_up "The execution ended as $status." ;;
        esac
        wait_on || give_up "It is still $status after $((wait_seconds / 60)) minutes, and goes on."
    done
}

# EventBridge takes a moment. An execution that is tried again comes with the same source; the newest is the first.
find_execution() {
    while true; do
        execution=$(ask list-pipeline-executions --pipeline-name "$pipeline" --max-results 50 --no-paginate \
            --query "pipelineExecutionSummaries[?sourceRevisions[?revisionId=='$object_version']].pipelineExecutionId | [0]")
        [ "$execution" = None ] || break
        say_change "Waiting for pipeline $pipeline to take up version $object_version"
        if [ "$(waited)" -ge "$appear_seconds" ] || ! wait_on; then
            say "No execution of $pipeline has this version as its source. Does the rule that starts it work?"
            fail "Look: aws codepipeline list-pipeline-executions --pipeline-name $pipeline"
        fi
    done
    say "Execution $execution of pipeline $pipeline"
}

ask() {
    aws codepipeline "$@" --output text
}

# actions FILTER QUERY: what the query says of the actions that the filter lets through.
actions() {
    aws codepipeline list-action-executions --pipeline-name "$pipeline" --filter "pipelineExecutionId=$execution" \
        --query "actionExecutionDetails[?$1]$2" "${@:3}"
}

# Names of the actions under way, one a line.
actions_under_way() {
    actions "status=='InProgress'$1" ".[join('/', [stageName, actionName])]" --output text
}

tell() {
    local now
    [ "$1" = InProgress ] || { say_change "$1"; return; }
    if is_waiting_for_approval; then
        say_change "Waiting for an approval: $approval. Approve or reject it in the console, or see: aws codepipeline get-pipeline-state --name $pipeline"
        return
    fi
    now=$(actions_under_way "" | paste -s -d ' ' -)
    say_change "InProgress${now:+: $now}"
}

is_waiting_for_approval() {
    approval=$(actions_under_way " && input.actionTypeId.category=='Approval'")
    [ -n "$approval" ]
}

give_up() {
    local code=1
    actions "status=='Failed'" "" --output json | node -e '
        for (const { stageName, actionName, output: { executionResult: result = {} } = {} } of JSON.parse(fs.readFileSync(0))) {
            const reason = result.errorDetails?.message ?? result.externalExecutionSummary ?? "no reason given";
            console.error(stageName + "/" + actionName + " failed: " + reason);
            if (result.externalExecutionUrl) console.error("    " + result.externalExecutionUrl);
        }'
    if is_waiting_for_approval; then code=4; say "$approval waits for an approval."; fi
    say "$1"
    say "Look: aws codepipeline list-action-executions --pipeline-name $pipeline --filter pipelineExecutionId=$execution"
    exit "$code"
}

main
