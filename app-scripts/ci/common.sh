# shellcheck shell=bash
# Sourced by the CI scripts, in the project's folder. Standard output carries a script's result and nothing else, standard error tells a person what goes
# on; no secret appears in either, nor on a command line.

set -euo pipefail
# Read by the AWS CLI: calls that were throttled or cut off are tried again, and no pager waits for a person.
export AWS_RETRY_MODE=standard AWS_MAX_ATTEMPTS=8 AWS_PAGER=
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

say() {
    echo "$*" >&2
}

fail() {
    say "$*"
    exit 1
}

# need COMMAND...: fails unless all of them are on PATH, and names all that are not.
need() {
    local command missing=()
    for command; do type -P "$command" >/dev/null || missing+=("$command"); done
    [ ${#missing[@]} = 0 ] || fail "Not on PATH: ${missing[*]}. CI needs the AWS CLI 2.17.34, Node 20.19 and Docker, or newer ones."
}

# Every call of AWS goes through here. AWS_PROFILE alone loses against access keys or a pod's AWS_ROLE_ARN in the environment; as an
# option it wins. The CLI keeps the sessions of a role below its home, so that of assume-role.sh's profile is the job's own folder.
aws() {
    if [ "${AWS_PROFILE:-}" = gapless ] && [ -n "${AWS_CONFIG_FILE:-}" ]; then
        HOME=$(dirname "$AWS_CONFIG_FILE") command aws --profile gapless "$@"
    else
        command aws ${AWS_PROFILE:+--profile "$AWS_PROFILE"} "$@"
    fi
}

# setting NAME OUTPUT: NAME has to be in the environment; else it is what the stack's OUTPUT says in the file $GAPLESS_OUTPUTS,
# as `pulumi stack output --json` wrote it.
setting() {
    if [ -z "${!1:-}" ] && [ -n "${GAPLESS_OUTPUTS:-}" ]; then
        printf -v "$1" %s "$(node -p 'JSON.parse(fs.readFileSync(process.argv[1]))[process.argv[2]] ?? ""' "$GAPLESS_OUTPUTS" "$2")"
    fi
    [ -n "${!1:-}" ] || fail "$1 is not set. It is the stack's output $2: pulumi stack output $2"
}

# The commit that is built; empty outside of git.
commit() {
    local commit=${CODEBUILD_RESOLVED_SOURCE_VERSION:-${GIT_COMMIT:-$(git rev-parse HEAD 2>/dev/null || true)}}
    if [[ $commit =~ ^[0-9a-f]{40,64}$ ]]; then echo "$commit"; fi
}

# Of this build alone: two jobs of one agent share its Docker daemon.
builder_name() {
    local build=${BUILD_TAG:-}
    echo "gapless${build:+-${build//[^A-Za-z0-9]/-}}"
}

need aws node
