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
# An idle pipeline takes up a version within moments.
appear_seconds=600
execution=""

main() {
    trap interrupted INT TERM
    find_execution
    say "Execution $execution of pipeline $GAPLESS_PIPELINE"
    while true; do
        insist ask get-pipeline-execution --pipeline-name "$GAPLESS_PIPELINE" --pipeline-execution-id "$execution" --query 'pipelineExecution.status' || lost
        tell "$answer"
        case $answer in
            Succeeded) return ;;
            Failed | Stopped | Superseded | Cancelled) give_up 1 "The execution ended as $answer." ;;
        esac
        wait_on || run_out "$answer"
    done
}

# An execution that is tried again comes with the same source; the newest is the first. One that waits for another to end may not
# tell its source yet, so only an idle pipeline has missed the version.
find_execution() {
    local ahead idle_since=0
    while true; do
        insist ask list-pipeline-executions --pipeline-name "$GAPLESS_PIPELINE" --max-results 50 --no-paginate --query "[
            pipelineExecutionSummaries[?sourceRevisions[?revisionId=='$object_version']].pipelineExecutionId | [0],
            pipelineExecutionSummaries[?status=='InProgress' || status=='Stopping'].pipelineExecutionId | [-1]]" || lost
        read -r execution ahead <<<"$answer"
        [ "$execution" = None ] || return 0
        execution=""
        if [ "$ahead" != None ]; then
            idle_since=$(waited)
            say_ahead "$ahead"
            wait_on || run_out_behind "$ahead"
        else
            say_change "Waiting for pipeline $GAPLESS_PIPELINE to take up version $object_version"
            if [ $(($(waited) - idle_since)) -ge "$appear_seconds" ] || ! wait_on; then
                say "No execution of $GAPLESS_PIPELINE has this version as its source. Does the rule that starts it work?"
                fail "$(where_to_look)"
            fi
        fi
    done
}

say_ahead() {
    if is_waiting_for_approval "$1"; then
        say_change "Waiting behind execution $1, which waits for an approval: $approval. $how_to_approve"
    else
        say_change "Waiting behind execution $1 of pipeline $GAPLESS_PIPELINE"
    fi
}

ask() {
    aws codepipeline "$@" --output text
}

# actions EXECUTION FILTER QUERY: what the query says of the actions that the filter lets through.
actions() {
    aws codepipeline list-action-executions --pipeline-name "$GAPLESS_PIPELINE" --filter "pipelineExecutionId=$1" \
        --query "actionExecutionDetails[?$2]$3" "${@:4}"
}

# actions_under_way EXECUTION FILTER: their names, one a line.
actions_under_way() {
    actions "$1" "status=='InProgress'$2" ".[join('/', [stageName, actionName])]" --output text 2>/dev/null
}

how_to_approve="Approve or reject it in the console, or see: aws codepipeline get-pipeline-state --name $GAPLESS_PIPELINE"

tell() {
    local now
    [ "$1" = InProgress ] || { say_change "$1"; return; }
    if is_waiting_for_approval "$execution"; then
        say_change "Waiting for an approval: $approval. $how_to_approve"
        return
    fi
    # Only told: when AWS does not answer this once, the next time will do.
    now=$(actions_under_way "$execution" "" | paste -s -d ' ' -) || now=""
    say_change "InProgress${now:+: $now}"
}

is_waiting_for_approval() {
    approval=$(actions_under_way "$1" " && input.actionTypeId.category=='Approval'") && [ -n "$approval" ]
}

where_to_look() {
    if [ -n "$execution" ]; then
        echo "Look: aws codepipeline list-action-executions --pipeline-name $GAPLESS_PIPELINE --filter pipelineExecutionId=$execution"
    else
        echo "Look: aws codepipeline list-pipeline-executions --pipeline-name $GAPLESS_PIPELINE"
    fi
}

# The job ends, the pipeline does not.
interrupted() {
    if [ -n "$execution" ]; then
        say "The execution goes on; to stop it: aws codepipeline stop-pipeline-execution --pipeline-name $GAPLESS_PIPELINE --pipeline-execution-id $execution"
    else
        say "The pipeline takes up version $object_version all the same."
        where_to_look >&2
    fi
    exit 130
}

lost() {
    say "AWS has not answered for $((patience_seconds / 60)) minutes or the time is over. The pipeline goes on."
    fail "$(where_to_look)"
}

run_out() {
    local code=1
    if is_waiting_for_approval "$execution"; then code=4; say "$approval waits for an approval."; fi
    give_up "$code" "The execution is still $1 after $((wait_seconds / 60)) minutes, and goes on."
}

run_out_behind() {
    local code=1
    if is_waiting_for_approval "$1"; then code=4; say "$approval of execution $1 waits for an approval."; fi
    say "Execution $1 is still under way after $((wait_seconds / 60)) minutes. Version $object_version comes after it."
    where_to_look >&2
    exit "$code"
}

# give_up CODE REASON: tells what failed and where to look.
give_up() {
    actions "$execution" "status=='Failed'" "" --output json | node -e '
        for (const { stageName, actionName, output: { executionResult: result = {} } = {} } of JSON.parse(fs.readFileSync(0))) {
            const reason = result.errorDetails?.message ?? result.externalExecutionSummary ?? "no reason given";
            console.error(stageName + "/" + actionName + " failed: " + reason);
            if (result.externalExecutionUrl) console.error("    " + result.externalExecutionUrl);
        }' || say "AWS does not say which action failed."
    say "$2"
    where_to_look >&2
    exit "$1"
}

main
