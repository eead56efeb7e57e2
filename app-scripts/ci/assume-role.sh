#!/bin/bash
# assume-role.sh: lets the AWS CLI act as the stack's CI role from now on, by writing the profile `gapless` to $AWS_CONFIG_FILE. The CLI
# assumes the role itself, and again when the session's hour is over, for which a token has to be valid then. What it keeps of a
# session lies beside $AWS_CONFIG_FILE, in a folder that should be the job's own: clean-up.sh removes it. No key is printed.
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

if [ -n "${AWS_WEB_IDENTITY_TOKEN_FILE:-}" ]; then
    identity="web_identity_token_file = $AWS_WEB_IDENTITY_TOKEN_FILE"
elif [ -n "${AWS_ACCESS_KEY_ID:-}" ]; then
    identity="credential_source = Environment"
elif [ -n "${AWS_CONTAINER_CREDENTIALS_RELATIVE_URI:-}${AWS_CONTAINER_CREDENTIALS_FULL_URI:-}" ]; then
    # A task of ECS, or a pod with an EKS Pod Identity.
    identity="credential_source = EcsContainer"
else
    identity="credential_source = Ec2InstanceMetadata"
fi
mkdir -p "$(dirname "$AWS_CONFIG_FILE")"
cat >"$AWS_CONFIG_FILE" <<END
[profile gapless]
role_arn = $GAPLESS_CI_ROLE
role_session_name = gapless-${BUILD_NUMBER:-ci}
region = $AWS_REGION
$identity
END
identity=$(AWS_PROFILE=gapless aws sts get-caller-identity --query Arn --output text)
[[ $identity == "$wanted"* ]] || fail "The AWS CLI acts as $identity, not as $GAPLESS_CI_ROLE."
say "Acting as $identity in $AWS_REGION"
