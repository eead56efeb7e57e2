# shellcheck shell=bash disable=SC2034,SC2154
# Sourced by the CI scripts that wait, after common.sh, which makes $scratch.

wait_seconds=$((${GAPLESS_WAIT_MINUTES:-60} * 60))
patience_seconds=300
begin=$(date +%s)
pause=5

waited() {
    echo $(($(date +%s) - begin))
}

# Sleeps longer from time to time, 5 to 30 s; fails when the time is over.
wait_on() {
    [ "$(waited)" -lt "$wait_seconds" ] || return 1
    sleep "$pause"
    pause=$((pause + 5 < 30 ? pause + 5 : 30))
}

# Says a line unless it is the one that was said last.
say_change() {
    if [ "$*" = "${said:-}" ]; then return; fi
    said=$*
    # What has just changed may soon change again.
    pause=5
    say "$*"
}

# insist COMMAND...: leaves what it prints in $answer. A call that fails ends no wait; fails when all do for some minutes.
insist() {
    local since
    since=$(waited)
    until answer=$("$@" 2>"$scratch/error"); do
        say_change "Asked in vain, and asks again: $(tail -n 1 "$scratch/error")"
        [ $(($(waited) - since)) -lt "$patience_seconds" ] && wait_on || return 1
    done
}
