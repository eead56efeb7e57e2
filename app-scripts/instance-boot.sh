#!/bin/bash
# Makes an Amazon Linux 2023 instance ready for deployments: swap, Docker, compose, registry login, disk metric, CodeDeploy agent
# last. Then it reports to the launch's lifecycle hook, so that "InService" means "ready". It runs as user data, behind a header
# of exports, and may be run again. With --bake it prepares an instance to make a machine image (AMI) of: same software, no agent running, no
# swap file; an instance started from that image skips what it finds.
#
#   GAPLESS_REGION           region of the instance
#   GAPLESS_ARTIFACT_BUCKET  bucket that holds the compose binary
#   GAPLESS_COMPOSE_KEY      its key there
#   GAPLESS_COMPOSE_SHA256   its checksum, for the instance's architecture
#   GAPLESS_AGENT_VERSION    CodeDeploy agent, 1.8.x with build number: 1.8.1-26
#   GAPLESS_REGISTRY         host of the image registry: 123456789012.dkr.ecr.eu-central-1.amazonaws.com
#   GAPLESS_DOCKER_HUB_SECRET   ARN of the secret {"username","password"} to pull from Docker Hub with; empty for anonymous pulls
#   GAPLESS_THROUGH_ENDPOINTS   yes when AWS is reached through the network's endpoints only
#   GAPLESS_FLEET            fleet whose disk metric the instance adds to; empty for none
#   GAPLESS_LOG_GROUP        CloudWatch log group of the service's container; empty keeps its log on the instance
#   GAPLESS_SWAP_GIB         size of the swap file in GiB, 0 for none
#   GAPLESS_LIFECYCLE_HOOK   name of the launch hook to report to; empty for an instance outside an Auto Scaling group
#   GAPLESS_ASG_NAME         its Auto Scaling group; asked from AWS when empty, since a launch template cannot know its group
#   GAPLESS_ROOT             folder to take for /, for tests
set -euo pipefail

root=${GAPLESS_ROOT:-}
plugin=$root/usr/local/lib/docker/cli-plugins/docker-compose
agent_config=$root/etc/codedeploy-agent/conf/codedeployagent.yml
# A role attached moments ago is not known everywhere yet; the AWS CLI then has to try again.
export AWS_RETRY_MODE=standard AWS_MAX_ATTEMPTS=8

main() {
    local bake=no
    [ "${1:-}" != --bake ] || bake=yes
    scratch=$(mktemp -d)
    current=start reason="The lines above say why."
    trap 'finish $? '$bake EXIT
    check_settings
    [ "$bake" = yes ] || make_swap
    install_packages
    start_docker
    install_compose
    log_in_to_registry
    install_agent
    install_metrics
    if [ "$bake" = yes ]; then disable_agent; else send_metrics; start_agent; fi
}

check_settings() {
    local name missing=
    step "settings"
    for name in REGION ARTIFACT_BUCKET COMPOSE_KEY COMPOSE_SHA256 AGENT_VERSION REGISTRY SWAP_GIB; do
        name=GAPLESS_$name
        [ -n "${!name:-}" ] || missing="$missing $name"
    done
    [ -z "$missing" ] || fail "Not set:$missing"
    export AWS_REGION=$GAPLESS_REGION AWS_DEFAULT_REGION=$GAPLESS_REGION
}

# Not in an image: it would enlarge every snapshot of it.
make_swap() {
    local file=$root/swapfile
    step "swap"
    if [ "$GAPLESS_SWAP_GIB" = 0 ] || [ -e "$file" ]; then return; fi
    dd if=/dev/zero of="$file" bs=1M count=$((GAPLESS_SWAP_GIB * 1024)) status=none
    chmod 600 "$file"
    mkswap "$file" >/dev/null
    swapon "$file"
    echo "$file none swap sw 0 0" >>"$root/etc/fstab"
}

# The agent's installer accepts ruby up to 3.2, and AL2023 also has later ones.
install_packages() {
    local packages=(docker amazon-ecr-credential-helper ruby3.2 unzip)
    step "packages"
    rpm -q "${packages[@]}" >/dev/null 2>&1 || attempt dnf install -y -q "${packages[@]}"
    ruby -e 'exit((RUBY_VERSION.split(".").map(&:to_i) <=> [3, 3]) < 0)' || fail "ruby is $(ruby --version), the CodeDeploy agent needs 3.2."
}

# Logs of a container without limits of its own stay bounded. live-restore: a restart of the daemon (a package update, say)
# must not stop the service.
start_docker() {
    step "docker"
    write "$root/etc/docker/daemon.json" <<END
{
  "log-driver": "json-file",
  "log-opts": { "max-size": "50m", "max-file": "5" },
  "live-restore": true
}
END
    systemctl enable --quiet docker
    # It may run with an earlier configuration.
    if [ "$changed" = yes ]; then systemctl restart docker; else systemctl start docker; fi
    docker version --format 'Docker {{.Server.Version}}'
}

install_compose() {
    local download=$scratch/docker-compose
    step "compose"
    if has_checksum "$plugin"; then return; fi
    attempt aws s3api get-object --bucket "$GAPLESS_ARTIFACT_BUCKET" --key "$GAPLESS_COMPOSE_KEY" "$download" >/dev/null
    has_checksum "$download" || fail "s3://$GAPLESS_ARTIFACT_BUCKET/$GAPLESS_COMPOSE_KEY has not the sha256 $GAPLESS_COMPOSE_SHA256."
    install -D -m 755 "$download" "$plugin"
}

has_checksum() {
    [ -f "$1" ] && echo "$GAPLESS_COMPOSE_SHA256  $1" | sha256sum --check --status
}

# Through the instance's role at each pull; a token of `docker login` would end after twelve hours. The agent's unit reads
# /etc/profile, which gives the hooks their region and log group.
log_in_to_registry() {
    local helpers=
    step "registry"
    if [[ $GAPLESS_REGISTRY == *.dkr.ecr* ]]; then helpers="\"$GAPLESS_REGISTRY\": \"ecr-login\""; fi
    if [ -n "${GAPLESS_DOCKER_HUB_SECRET:-}" ]; then
        install_hub_helper
        helpers="${helpers:+$helpers, }\"https://index.docker.io/v1/\": \"gapless\""
    fi
    write "$root/root/.docker/config.json" <<<"{ \"credHelpers\": { $helpers } }"
    write "$root/etc/profile.d/gapless.sh" <<END
export AWS_REGION=$GAPLESS_REGION AWS_DEFAULT_REGION=$GAPLESS_REGION
export GAPLESS_LOG_GROUP=${GAPLESS_LOG_GROUP:-}
END
}

# python3 is there for dnf, without which there is no AL2023.
install_hub_helper() {
    local helper=$root/usr/local/bin/docker-credential-gapless
    write "$helper" <<END
#!/bin/bash
# Docker's credential helper protocol: answers "get" with what Secrets Manager holds now, and keeps nothing.
set -euo pipefail
secret=$GAPLESS_DOCKER_HUB_SECRET
case \${1:-} in
    get) server=\$(cat) ;;
    list) echo "{}"; exit ;;
    *) echo "No credentials are kept here."; exit 1 ;;
esac
value=\$(aws secretsmanager get-secret-value --region "\$(cut -d: -f4 <<<"\$secret")" --secret-id "\$secret" \\
    --query SecretString --output text) || { echo "Cannot read \$secret."; exit 1; }
printf %s "\$value" | python3 -I -c 'import json, sys; secret = json.load(sys.stdin)
print(json.dumps({"ServerURL": sys.argv[1], "Username": secret["username"], "Secret": secret["password"]}))' "\$server" 2>/dev/null ||
    { echo "\$secret is not JSON with username and password."; exit 1; }
END
    chmod 755 "$helper"
}

# AWS publishes no checksum of the package; verified are TLS, the name of the region's bucket, and name and version inside.
# The package starts the agent when it is installed. Masked, it does not: it would run with AWS's configuration, and the restart
# for ours would fail the launch deployment that may be waiting already. --runtime: no reboot finds the mask.
install_agent() {
    local package=codedeploy-agent-$GAPLESS_AGENT_VERSION.noarch file=$scratch/codedeploy-agent.rpm
    step "agent"
    if [ "$(rpm -q codedeploy-agent)" != "$package" ]; then
        systemctl mask --runtime codedeploy-agent
        attempt curl --fail --silent --show-error --max-time 60 --output "$file" \
            "https://aws-codedeploy-$GAPLESS_REGION.s3.$GAPLESS_REGION.amazonaws.com/releases/$package.rpm"
        attempt dnf install -y -q "$file"
    fi
    [ "$(rpm -q codedeploy-agent)" = "$package" ] || fail "The CodeDeploy agent is $(rpm -q codedeploy-agent), not $package."
    configure_agent
    systemctl unmask --runtime codedeploy-agent
}

# :max_revisions: 3 also decides which images stay on disk: scripts/images.sh keeps those of the bundles that the agent keeps.
configure_agent() {
    local policy=
    # The network's endpoint for the agent takes only requests that IAM allows.
    [ "${GAPLESS_THROUGH_ENDPOINTS:-}" != yes ] || policy=$'\n:enable_auth_policy: true'
    write "$agent_config" <<END
---
:log_aws_wire: false
:log_dir: '/var/log/aws/codedeploy-agent/'
:pid_dir: '/opt/codedeploy-agent/state/.pid/'
:program_name: codedeploy-agent
:root_dir: '/opt/codedeploy-agent/deployment-root'
:verbose: false
:wait_after_error: 1
:wait_between_runs: 1
:max_revisions: 3
:disable_imds_v1: true$policy
END
}

# The disk's metric is for an alarm. An instance without it serves as well, so nothing here gives the instance up.
install_metrics() {
    step "metrics"
    rpm -q amazon-cloudwatch-agent >/dev/null 2>&1 || dnf install -y -q amazon-cloudwatch-agent ||
        echo "gapless: CloudWatch's agent cannot be installed: no disk metric"
}

# One metric for the whole fleet: aggregated over instances and devices, which have no metrics of their own to pay for.
send_metrics() {
    local config=$root/opt/aws/amazon-cloudwatch-agent/etc/gapless.json
    if [ -z "${GAPLESS_FLEET:-}" ]; then return; fi
    write "$config" <<END
{
  "agent": { "metrics_collection_interval": 60, "run_as_user": "cwagent" },
  "metrics": {
    "namespace": "Gapless",
    "aggregation_dimensions": [["Fleet"]],
    "metrics_collected": {
      "disk": {
        "resources": ["/"],
        "measurement": ["used_percent"],
        "drop_device": true,
        "append_dimensions": { "Fleet": "$GAPLESS_FLEET" },
        "drop_original_metrics": ["disk_used_percent"]
      }
    }
  }
}
END
    amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c "file:$config" >/dev/null ||
        echo "gapless: CloudWatch's agent does not start: no disk metric"
}

start_agent() {
    step "start the agent"
    systemctl enable --quiet codedeploy-agent
    systemctl start codedeploy-agent
    attempt systemctl is-active --quiet codedeploy-agent
}

# An instance made of the image must not answer for this one: no agent, and no trace of its deployments.
disable_agent() {
    step "leave the agent off"
    systemctl disable --quiet codedeploy-agent
    rm -rf "$root/opt/codedeploy-agent/deployment-root/"*
    echo "Ready to be made an image: run 'cloud-init clean --logs --machine-id' and stop the instance first."
}

finish() {
    local code=$1 bake=$2 failed=$current
    rm -rf "$scratch"
    if [ "$bake" = no ] && [ -n "${GAPLESS_LIFECYCLE_HOOK:-}" ]; then
        if [ "$code" = 0 ]; then report CONTINUE || code=$?; else (report ABANDON) || true; fi
    fi
    if [ "$code" = 0 ]; then echo "gapless: done"; else echo "gapless: boot failed at: $failed. $reason" >&2; fi
    exit "$code"
}

# ABANDON ends a failed instance now instead of after the hook's timeout.
report() {
    local instance group output state try
    step "report $1"
    instance=$(instance_id)
    group=${GAPLESS_ASG_NAME:-$(in_group "$instance" AutoScalingGroupName)}
    for ((try = 1; try <= 12; try++)); do
        output=$(aws autoscaling complete-lifecycle-action --region "$GAPLESS_REGION" --auto-scaling-group-name "$group" \
            --lifecycle-hook-name "$GAPLESS_LIFECYCLE_HOOK" --instance-id "$instance" --lifecycle-action-result "$1" 2>&1) && return
        [[ $output == *"No active Lifecycle Action"* ]] || break
        # Either reported before, by an earlier run of this script, or too early: a machine image can boot faster than Auto
        # Scaling gets to Pending:Wait.
        state=$(in_group "$instance" LifecycleState) || state=
        case $state in "" | None | Pending*) sleep 5 ;; *) return ;; esac
    done
    reason="Cannot report $1 to the launch hook: $output${state:+ (the instance is $state)}"
    return 1
}

# What Auto Scaling says of an instance.
in_group() {
    aws autoscaling describe-auto-scaling-instances --region "$GAPLESS_REGION" --instance-ids "$1" \
        --query "AutoScalingInstances[0].$2" --output text
}

instance_id() {
    local metadata=http://169.254.169.254/latest token
    token=$(curl --fail --silent --max-time 5 --retry 5 --request PUT --header 'X-aws-ec2-metadata-token-ttl-seconds: 60' $metadata/api/token)
    curl --fail --silent --max-time 5 --retry 5 --header "X-aws-ec2-metadata-token: $token" $metadata/meta-data/instance-id
}

step() {
    current=$1
    echo "gapless: $1"
}

fail() {
    reason=$*
    exit 1
}

# Networks and package mirrors fail for moments: five tries, 5 s more apart each time.
attempt() {
    local try
    for try in 1 2 3 4 5; do
        if "$@"; then return; fi
        [ "$try" = 5 ] || sleep $((try * 5))
    done
    fail "Gave up after $try tries: $*"
}

# write FILE < CONTENT; leaves in $changed whether that made a difference.
write() {
    local content
    content=$(cat)
    changed=no
    if [ "$content" = "$(cat "$1" 2>/dev/null)" ]; then return; fi
    changed=yes
    mkdir -p "$(dirname "$1")"
    echo "$content" >"$1"
}

main "$@"
