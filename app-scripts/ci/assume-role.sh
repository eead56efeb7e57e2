#!/bin/bash
# assume-role.sh: lets the AWS CLI act as the stack's CI role from now on, by writing the profile `gapless` to $AWS_CONFIG_FILE. The CLI
# assumes the role itself, and again when the session's hour is over. With a token, which may not live that long, the script assumes the
# role once, for two hours. The keys of a session lie beside $AWS_CONFIG_FILE, in a folder that should be the job's own and that
# nobody else may read; clean-up.sh removes them. None is printed.
#
#   GAPLESS_CI_ROLE               ARN of the role
#   AWS_REGION                    the stack's region
#   AWS_CONFIG_FILE               file to write, in a folder of its own; with AWS_PROFILE=gapless for all that follows
#   AWS_WEB_IDENTITY_TOKEN_FILE   an OIDC token of the CI system; without it the agent's own identity has to be allowed: access keys in
#                                 its environment, or the role of its task, pod or instance
cd "$(dirname "$0")/../.."
. app-scripts/ci/common.sh
setting GAPLESS_CI_ROLE ciRole
# For the AWS CLI the one is as good as the other, and both win over a profile.
AWS_REGION=${AWS_REGION:-${AWS_DEFAULT_REGION:-}}
setting AWS_REGION region
: "${AWS_CONFIG_FILE:?is not set: the file to write}"

[[ $GAPLESS_CI_ROLE =~ ^arn:([a-z-]+):iam::([0-9]{12}):role/(.*/)?([^/]+)$ ]] || fail "GAPLESS_CI_ROLE is no ARN of a role: $GAPLESS_CI_ROLE"
wanted=arn:${BASH_REMATCH[1]}:sts::${BASH_REMATCH[2]}:assumed-role/${BASH_REMATCH[4]}/

umask 077
folder=$(dirname "$AWS_CONFIG_FILE")
session=gapless-${BUILD_NUMBER:-ci}
export AWS_PROFILE=gapless
mkdir -p "$folder"

# profile LINE...
profile() {
    printf '%s\n' "[profile gapless]" "region = $AWS_REGION" "$@" >"$AWS_CONFIG_FILE"
}

if [ -n "${AWS_WEB_IDENTITY_TOKEN_FILE:-}" ]; then
    profile
    # Not by the profile: for a token the CLI takes no duration from there.
    # shellcheck disable=SC2016
    aws sts assume-role-with-web-identity --role-arn "$GAPLESS_CI_ROLE" --role-session-name "$session" --duration-seconds 10800 \
        --web-identity-token "file://$AWS_WEB_IDENTITY_TOKEN_FILE" --output json --query 'merge({Version: `1`}, Credentials)' >"$folder/session.json"
    profile "credential_process = cat '$folder/session.json'"
else
    if [ -n "${AWS_ACCESS_KEY_ID:-}" ]; then
        source=Environment
    elif [ -n "${AWS_CONTAINER_CREDENTIALS_RELATIVE_URI:-}${AWS_CONTAINER_CREDENTIALS_FULL_URI:-}" ]; then
        # A task of ECS, or a pod with an EKS Pod Identity.
        source=EcsContainer
    else
        source=Ec2InstanceMetadata
    fi
    profile "role_arn = $GAPLESS_CI_ROLE" "role_session_name = $session" "credential_source = $source"
fi
identity=$(aws sts get-caller-identity --query Arn --output text)
[[ $identity == "$wanted"* ]] || fail "The AWS CLI acts as $identity, not as $GAPLESS_CI_ROLE."
say "Acting as $identity in $AWS_REGION"
