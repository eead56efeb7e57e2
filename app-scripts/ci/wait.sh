# shellcheck shell=bash
# Sourced by the CI scripts that wait, after common.sh.

wait_seconds=$((${GAPLESS_WAIT_MINUTES:-60} * 60))
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
