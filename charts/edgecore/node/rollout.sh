#!/bin/sh
# Runs in the DaemonSet's pod: lets the host run update.sh with the edgecore.yaml of the ConfigMap, and waits for
# its result.
#
#   rollout.sh once     update the node; exit with 1 if the node does not run with the wanted file
#   rollout.sh watch    stay, and update the node again when a certificate file changes
#
# The host runs update.sh as a systemd unit, which goes on if this pod is stopped, and after a power failure.
# Environment: CHECKSUM of the wanted file, POD_UID, POD_NAME, POD_NAMESPACE, NODE_NAME, HEALTH_TIMEOUT,
# RESTART_COMMAND, NODE_KEYS, FILES, INTERVAL.
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

# Copies edgecore.yaml with the right checksum to $1. The node may get the ConfigMap later than the pod. A pod that
# restarts after the ConfigMap has changed again uses the copy on the node.
fetch() {
  waited=0
  until [ "$(checksum "$WANTED/edgecore.yaml")" = "$CHECKSUM" ]; do
    if [ "$(checksum "$stage/edgecore.yaml")" = "$CHECKSUM" ]; then
      cp "$stage/edgecore.yaml" "$1/edgecore.yaml"
      return
    fi
    if [ "$waited" -ge "$CONFIG_SECONDS" ]; then
      fail "the ConfigMap on this node is not the one of this pod after $CONFIG_SECONDS s; nothing has changed" \
        "(if somebody edited the ConfigMap, run helm upgrade)"
    fi
    sleep "$RETRY"
    waited=$((waited + RETRY))
  done
  cp "$WANTED/edgecore.yaml" "$1/edgecore.yaml"
}

# Puts everything that update.sh needs into a folder on the host.
put() {
  new=$state/stage.new
  rm -rf "$new"
  mkdir -p "$new"
  fetch "$new"
  cp "$SCRIPTS/update.sh" "$SCRIPTS/defaults.yaml" "$new"
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
  rm -rf "$stage"
  mv "$state/stage.new" "$stage"
  touch "$state/pending"
  sync
  if [ -z "$systemd" ]; then
    host setsid sh /etc/kubeedge/update/stage/update.sh || true
    return
  fi
  unit | host sh -c "cat >/etc/systemd/system/$UNIT.service"
  host systemctl daemon-reload
  host systemctl enable "$UNIT" 2>/dev/null
  host systemctl start --no-block "$UNIT"
  # update.sh waits at most twice for the timeout: with the new file, and with the old one.
  left=$(((2 * HEALTH_TIMEOUT + 600) / RETRY))
  while [ -z "$(outcome)" ] && [ -e "$state/pending" ] && [ "$left" -gt 0 ]; do
    sleep "$RETRY"
    left=$((left - 1))
  done
}

update() {
  mkdir -p "$state"
  put
  # A change that failed is not tried again before the pod is replaced.
  if [ "$(outcome)" != failed ]; then run; fi
  message=$(sed 1d "$state/result" 2>/dev/null || true)
  case $(outcome) in
  "") fail "update.sh ended without a result; see on the node: journalctl --unit $UNIT" ;;
  failed) fail "$message" ;;
  esac
  printf '%s\n' "$message"
}

# Says whether a certificate file differs from the one that update.sh got last.
renewed() {
  from=$(readlink -f "$CERTIFICATES/..data" || true)
  for pair in $FILES; do cmp -s "$from/${pair%%=*}" "$stage/${pair%%=*}" || return 0; done
  return 1
}

case ${1:-} in
once) update ;;
watch)
  trap 'exit 0' TERM INT
  while :; do
    if renewed; then
      # All nodes see a new Secret in the same minute; the name of the node spreads their restarts.
      sleep $((0x$(printf '%s' "$NODE_NAME" | sha256sum | cut -c 1-6) % ${INTERVAL:-60})) &
      wait $!
      update
    fi
    sleep "${INTERVAL:-60}" &
    wait $!
  done
  ;;
*) fail "usage: rollout.sh once|watch" ;;
esac
