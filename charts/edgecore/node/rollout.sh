#!/bin/sh
# Runs in the DaemonSet's pod: lets the host run update.sh with the edgecore.yaml of the ConfigMap, and waits for
# its result.
#
#   rollout.sh once     update the node; exit with 1 if the node does not run with the wanted file
#   rollout.sh watch    stay, and update the node again when a certificate file changes
#
# The host runs update.sh as a systemd unit, which goes on if this pod is stopped, and after a power failure.
# Environment: CHECKSUM of the wanted file and SCRIPTS_CHECKSUM of the scripts, GENERATION of the DaemonSet, POD_UID,
# POD_NAME, POD_NAMESPACE, NODE_NAME, HEALTH_TIMEOUT, RESTART_COMMAND, NODE_KEYS, FILES, INTERVAL.
set -eu
umask 077

WANTED=${WANTED:-/wanted}
SCRIPTS=${SCRIPTS:-/scripts}
CERTIFICATES=${CERTIFICATES:-/certificates}
# The host's /etc/kubeedge in this container.
NODE=${NODE:-/node}
HOST=${HOST:-nsenter -t 1 -m --}
MESSAGE=${MESSAGE:-/dev/termination-log}
CONFIG_SECONDS=${CONFIG_SECONDS:-180}
RETRY=${RETRY:-5}
FILES=${FILES:-}
UNIT=edgecore-update
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH

state=$NODE/update
stage=$state/stage

host() {
  # shellcheck disable=SC2086 # Several words.
  $HOST "$@"
}

fail() {
  printf '%s\n' "$*" | tee "$MESSAGE" >&2
  exit 1
}

checksum() { sha256sum "$1" 2>/dev/null | cut -d ' ' -f 1; }

quoted() { printf "%s='%s'\n" "$1" "$(printf '%s' "$2" | sed "s/'/'\\\\''/g")"; }

# Copies edgecore.yaml and the scripts of this pod to $1. The node may get a ConfigMap later than the pod. A pod that
# restarts after a ConfigMap has changed again uses the copies on the node.
fetch() {
  waited=0
  until arrived "$WANTED" "$SCRIPTS"; do
    if arrived "$stage" "$stage"; then
      cp "$stage/edgecore.yaml" "$stage/update.sh" "$stage/defaults" "$1"
      return
    fi
    if [ "$waited" -ge "$CONFIG_SECONDS" ]; then
      fail "the ConfigMaps on this node are not those of this pod after $CONFIG_SECONDS s; nothing has changed" \
        "(if somebody edited a ConfigMap, run helm upgrade)"
    fi
    sleep "$RETRY"
    waited=$((waited + RETRY))
  done
  cp "$WANTED/edgecore.yaml" "$SCRIPTS/update.sh" "$SCRIPTS/defaults" "$1"
}

# Says whether a folder has the edgecore.yaml of this pod, and another one its scripts.
arrived() {
  [ "$(checksum "$1/edgecore.yaml")" = "$CHECKSUM" ] || return 1
  [ "$(cat "$2/update.sh" "$2/defaults" 2>/dev/null | sha256sum | cut -d ' ' -f 1)" = "$SCRIPTS_CHECKSUM" ]
}

# Puts everything that update.sh needs into a folder on the host.
put() {
  new=$state/stage.new
  rm -rf "$new"
  mkdir -p "$new"
  fetch "$new"
  # The kubelet replaces the target of this link when the Secret changes, so all files are of one version.
  from=$(readlink -f "$CERTIFICATES/..data" || true)
  for pair in $FILES; do cp "$from/${pair%%=*}" "$new"; done
  attempt=$POD_UID-$CHECKSUM
  if [ -n "$FILES" ]; then
    attempt=$attempt-$(for pair in $FILES; do cat "$new/${pair%%=*}"; done | sha256sum | cut -c 1-12)
  fi
  {
    for name in POD_UID POD_NAME POD_NAMESPACE NODE_NAME HEALTH_TIMEOUT RESTART_COMMAND NODE_KEYS FILES; do
      eval "quoted $name \"\${$name:-}\""
    done
    quoted ATTEMPT "$attempt"
    # Kubernetes makes the first pods of a DaemonSet all at the same time, and replaces them in waves.
    if [ "${GENERATION:-}" = 1 ] && { [ "$1" = once ] || grep -q '^held ' "$state/result" 2>/dev/null; }; then
      quoted HOLD yes
    fi
  } >"$new/settings"
}

# Prints the state of this attempt, "" without a result.
outcome() { sed -n "1s/^\([a-z]*\) $attempt\$/\1/p" "$state/result" 2>/dev/null || true; }

unit() {
  cat <<UNIT
[Unit]
Description=Update of edgecore.yaml
ConditionPathExists=/etc/kubeedge/update/pending
[Service]
Type=oneshot
KillMode=process
ExecStart=/bin/sh /etc/kubeedge/update/stage/update.sh
[Install]
WantedBy=multi-user.target
UNIT
}

run() {
  systemd=""
  if host sh -c 'command -v systemctl && [ -d /run/systemd/system ]' >/dev/null 2>&1; then systemd=yes; fi
  if [ -n "$systemd" ]; then
    # An update to an earlier file goes on with the new one: each of its steps can be repeated.
    host systemctl stop "$UNIT" 2>/dev/null || true
  fi
  # File by file, so that a script is there if the power fails.
  mkdir -p "$stage"
  for file in "$state"/stage.new/*; do mv -f "$file" "$stage/"; done
  rm -rf "$state/stage.new"
  touch "$state/pending"
  sync
  if [ -z "$systemd" ]; then
    # Out of the control group of this pod: what the restart command starts must outlive the pod.
    # shellcheck disable=SC2016 # The shell of the host expands these.
    host sh -c 'for group in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/*/cgroup.procs; do
        if [ -w "$group" ]; then echo $$ >"$group" 2>/dev/null || true; fi
      done
      exec setsid sh /etc/kubeedge/update/stage/update.sh' || true
    return
  fi
  unit | host sh -c "cat >/etc/systemd/system/$UNIT.service"
  host systemctl daemon-reload
  host systemctl enable "$UNIT" 2>/dev/null
  host systemctl start --no-block "$UNIT"
  # update.sh waits at most twice for the timeout: with the new file, and with the old one.
  left=$(((2 * HEALTH_TIMEOUT + 600) / RETRY))
  ended=0
  while [ -z "$(outcome)" ] && [ -e "$state/pending" ] && [ "$left" -gt 0 ] && [ "$ended" -lt 3 ]; do
    sleep "$RETRY"
    left=$((left - 1))
    # A unit of this type is "activating" while it runs.
    case $(host systemctl is-active "$UNIT" 2>/dev/null) in active | activating) ended=0 ;; *) ended=$((ended + 1)) ;; esac
  done
}

update() {
  mkdir -p "$state"
  put "$1"
  # A change that failed is not tried again before the pod is replaced.
  if [ "$(outcome)" != failed ]; then run; fi
  message=$(sed 1d "$state/result" 2>/dev/null || true)
  case $(outcome) in
  "") fail "update.sh ended without a result; see on the node: journalctl --unit $UNIT" ;;
  failed) fail "$message" ;;
  held) message="held: $message" ;;
  esac
  printf '%s\n' "$message" | tee "$MESSAGE"
}

# Says whether a certificate file differs from the one that update.sh got last.
renewed() {
  from=$(readlink -f "$CERTIFICATES/..data" || true)
  for pair in $FILES; do cmp -s "$from/${pair%%=*}" "$stage/${pair%%=*}" || return 0; done
  return 1
}

case ${1:-} in
once) update once ;;
watch)
  trap 'exit 0' TERM INT
  # A certificate that failed is not tried again. The container stays failed, so that everybody sees it.
  if grep -q '^failed ' "$state/result" 2>/dev/null && ! renewed; then fail "$(sed 1d "$state/result")"; fi
  while :; do
    if renewed; then
      # All nodes see a new Secret in the same minute; the name of the node spreads their restarts.
      sleep $((0x$(printf '%s' "$NODE_NAME" | sha256sum | cut -c 1-6) % ${INTERVAL:-60})) &
      wait $!
      update watch
    fi
    sleep "${INTERVAL:-60}" &
    wait $!
  done
  ;;
*) fail "usage: rollout.sh once|watch" ;;
esac
