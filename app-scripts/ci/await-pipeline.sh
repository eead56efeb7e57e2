#!/bin/bash
# await-pipeline.sh OBJECT_VERSION: waits until the execution that this version of releases/current.zip has started is over.
# Exits 0 when it succeeded, 4 when the time is over and an approval is missing, 1 otherwise.
#
#   GAPLESS_PIPELINE       name of the deploy pipeline
#   GAPLESS_WAIT_MINUTES   when to give up waiting, 60 by default; the execution goes on
cd "$(dirname "$0")/../.."
. app-scripts/ci/common.sh
. app-scripts/ci/wait.sh
object_version=${1:?Usage: await-pipeline.sh OBJECT_VERSION}
setting GAPLESS_PIPELINE pipeline
appear_seconds=600

main() {
    local status
    find_execution
    while true; do
        status=$(ask get-pipeline-execution --pipeline-name "$GAPLESS_PIPELINE" --pipeline-execution-id "$execution" --query 'pipelineExecution.status')
        tell "$status"
        case $status in
            Succeeded) return ;;
            Failed | Stopped | Superseded | Cancelled) give_up 1 "The execution ended as $status." ;;
        esac
        wait_on || run_out "$status"
    done
}

# EventBridge takes a moment. An execution that is tried again comes with the same source; the newest is the first.
find_execution() {
    while true; do
        execution=$(ask list-pipeline-executions --pipeline-name "$GAPLESS_PIPELINE" --max-results 50 --no-paginate \
            --query "pipelineExecutionSummaries[?sourceRevisions[?revisionId=='$object_version']].pipelineExecutionId | [0]")
        [ "$execution" = None ] || break
        say_change "Waiting for pipeline $GAPLESS_PIPELINE to take up version $object_version"
        if [ "$(waited)" -ge "$appear_seconds" ] || ! wait_on; then
            say "No execution of $GAPLESS_PIPELINE has this version as its source. Does the rule that starts it work?"
            fail "Look: aws codepipeline list-pipeline-executions --pipeline-name $GAPLESS_PIPELINE"
        fi
    done
    say "Execution $execution of pipeline $GAPLESS_PIPELINE"
}

ask() {
    aws codepipeline "$@" --output text
}

# actions FILTER QUERY: what the query says of the actions that the filter lets through.
actions() {
    aws codepipeline list-action-executions --pipeline-name "$GAPLESS_PIPELINE" --filter "pipelineExecutionId=$execution" \
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
        say_change "Waiting for an approval: $approval. Approve or reject it in the console, or see: aws codepipeline get-pipeline-state --name $GAPLESS_PIPELINE"
        return
    fi
    now=$(actions_under_way "" | paste -s -d ' ' -)
    say_change "InProgress${now:+: $now}"
}

is_waiting_for_approval() {
    approval=$(actions_under_way " && input.actionTypeId.category=='Approval'")
    [ -n "$approval" ]
}

run_out() {
    local code=1
    if is_waiting_for_approval; then code=4; say "$approval waits for an approval."; fi
    give_up "$code" "The execution is still $1 after $((wait_seconds / 60)) minutes, and goes on."
}

# give_up CODE REASON: tells what failed and where to look.
give_up() {
    actions "status=='Failed'" "" --output json | node -e '
        for (const { stageName, actionName, output: { executionResult: result = {} } = {} } of JSON.parse(fs.readFileSync(0))) {
            const reason = result.errorDetails?.message ?? result.externalExecutionSummary ?? "no reason given";
            console.error(stageName + "/" + actionName + " failed: " + reason);
            if (result.externalExecutionUrl) console.error("    " + result.externalExecutionUrl);
        }' || say "AWS does not say which action failed."
    say "$2"
    say "Look: aws codepipeline list-action-executions --pipeline-name $GAPLESS_PIPELINE --filter pipelineExecutionId=$execution"
    exit "$1"
}

main
