#!/bin/sh
# Stands in for systemctl on a machine without systemd, for one kind of unit: a program that is started again
# 10 s after it ended, as keadm's unit of edgecore says. A unit's output goes to /var/log/kubeedge/UNIT.log.
set -eu

verb=${1:?verb}
shift
[ "${1:-}" = --now ] && shift
name=${1:-}
name=${name%.service}
unit=/etc/systemd/system/$name.service
state=/run/units/$name
mkdir -p /run/units /var/log/kubeedge

running() { [ -e "$state" ] && kill -0 "$(cat "$state")" 2>/dev/null; }

begin() {
    running && return
    [ -e "$unit" ] || { echo "Unit $name.service not found." >&2; exit 5; }
    # shellcheck disable=SC2016 # The inner shell expands these.
    setsid sh -c '
        trap "kill \$child 2>/dev/null; wait \$child; exit 0" TERM
        while :; do
            $1 & child=$!
            wait $child || true
            echo "systemctl: $1 ended" >&2
            sleep 10 & child=$!
            wait $child
        done' unit "$(sed -n 's/^ExecStart=//p' "$unit")" >>"/var/log/kubeedge/$name.log" 2>&1 </dev/null 9>&- &
    echo $! >"$state"
}

end() {
    running || return 0
    pid=$(cat "$state")
    kill "$pid"
    while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
    rm -f "$state"
}

case $verb in
start) begin ;;
stop) end ;;
restart) end; begin ;;
enable | disable | daemon-reload | list-unit-files) ;;
is-active | status) if running; then echo active; else echo inactive; exit 3; fi ;;
*) echo "systemctl: $verb is not known here" >&2; exit 1 ;;
esac
