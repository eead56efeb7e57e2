#!/bin/bash
# assume-role.sh: lets the AWS CLI act as the stack's CI role from now on, by writing the profile `gapless` to $AWS_CONFIG_FILE. The CLI
# assumes the role itself and does so again before an hour is over; no key is printed or stored.
#
#   GAPLESS_CI_ROLE               ARN of the role
#   AWS_CONFIG_FILE               file to write; with AWS_PROFILE=gapless for all that follows
#   AWS_WEB_IDENTITY_TOKEN_FILE   an OIDC token of the CI system; without it the agent's own identity has to be allowed: its
#                                 instance profile, or access keys in its environment
cd "$(dirname "$0")/../.."
. app-scripts/ci/common.sh
setting GAPLESS_CI_ROLE ciRole
: "${AWS_CONFIG_FILE:?is not set: the file to write}"

if [ -n "${AWS_WEB_IDENTITY_TOKEN_FILE:-}" ]; then
    identity="web_identity_token_file = $AWS_WEB_IDENTITY_TOKEN_FILE"
elif [ -n "${AWS_ACCESS_KEY_ID:-}" ]; then
    identity="credential_source = Environment"
else
    identity="credential_source = Ec2InstanceMetadata"
fi
mkdir -p "$(dirname "$AWS_CONFIG_FILE")"
cat >"$AWS_CONFIG_FILE" <<END
[profile gapless]
role_arn = $GAPLESS_CI_ROLE
role_session_name = gapless-${BUILD_NUMBER:-ci}
$identity
END
identity=$(AWS_PROFILE=gapless aws sts get-caller-identity --query Arn --output text)
say "Acting as $identity"
