#!/bin/sh
# Removes everything that one rehearsal made. It starts with the rehearsal, in a session of its own, and waits until its
# standard input ends: the rehearsal closes it when it is done, and the kernel does when the rehearsal was killed.
# So there is one way to clean up, and it is taken every time. The word "keep" on its input leaves everything running.
#
# Arguments: the run's name, with which all its containers and networks begin; its temporary folder, where it left
# "docker-is-used" when it used the daemon that the client reaches, or the socket and process id of a daemon of its own.
set -u
run=$1 folder=$2
complaints=''

# Whoever ends the rehearsal may end its terminal and its pipes, too.
trap '' PIPE HUP INT TERM

while read -r word; do
    [ "$word" = keep ] && exit 0
done

complain() {
    complaints="$complaints$1; "
}

# Hook scripts and Docker clients that outlived a killed rehearsal would make containers after we removed them.
end_processes() {
    grep -lsz "^GAPLESS_RUN=$run\$" /proc/[0-9]*/environ | sed 's|/proc/\([0-9]*\)/.*|\1|' | while read -r pid; do
        kill -KILL "$pid" 2>/dev/null
    done
}

containers() {
    docker ps --all --quiet --filter "name=^/?$run"
}

networks() {
    docker network ls --quiet --filter "name=^$run"
}

remove_from_docker() {
    left=$(containers) || { complain "Docker does not answer"; return; }
    # Layers stay as build cache, as after any docker build; what carries the run's name goes.
    [ -z "$left" ] || echo "$left" | xargs docker rm --force --volumes >/dev/null 2>&1
    networks | xargs -r docker network rm >/dev/null 2>&1
    docker image ls --quiet --filter "label=gapless.run=$run" | sort -u |
        xargs -r docker image rm --force --no-prune >/dev/null 2>&1
    left=$(containers)$(networks)$(docker image ls --quiet --filter "label=gapless.run=$run")
    [ -z "$left" ] || complain "Docker still has $(echo "$left" | tr '\n' ' ')"
}

is_daemon() {
    kill -0 "$1" 2>/dev/null && grep -qs dockerd "/proc/$1/cmdline"
}

# A daemon ends its helpers and unmounts its data before it ends; at most ten seconds.
end_daemon() {
    is_daemon "$1" || return
    kill "$1"
    for _ in $(seq 100); do
        is_daemon "$1" || return
        sleep 0.1
    done
    kill -KILL "$1"
    complain "dockerd (process $1) had to be killed"
}

end_processes
daemon=$(cat "$folder/dockerd.pid" 2>/dev/null)
if [ -n "$daemon" ]; then
    export DOCKER_HOST="unix://$folder/docker.sock"
    # Killed before the socket was there: nothing was made in it.
    [ ! -S "$folder/docker.sock" ] || remove_from_docker
    end_daemon "$daemon"
    # It leaves the mount of its own network namespace behind.
    for mount in "$folder"/exec/netns/*; do
        umount "$mount" 2>/dev/null
    done
elif [ -e "$folder/docker-is-used" ] || [ ! -d "$folder" ]; then
    remove_from_docker
fi
rm -rf "$folder" || complain "$folder is left"
[ -z "$complaints" ] || { echo "${complaints%; }"; exit 1; }
