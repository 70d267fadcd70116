#!/bin/sh
# Stands in for systemctl on a machine without systemd, for two kinds of units: a program that is started again
# 10 s after it ended, as keadm's unit of edgecore says, and a program that runs once (Type=oneshot).
# A unit's output goes to /var/log/kubeedge/UNIT.log.
set -eu

verb=${1:?verb}
shift
name=""
for word in "$@"; do
    case $word in -*) ;; *) name=${word%.service} ;; esac
done
unit=/etc/systemd/system/$name.service
wanted=/etc/systemd/system/multi-user.target.wants
state=/run/units/$name
mkdir -p /run/units /var/log/kubeedge

running() { [ -e "$state" ] && kill -0 "$(cat "$state")" 2>/dev/null; }

setting() { sed -n "s/^$1=//p" "$unit"; }

begin() {
    running && return
    [ -e "$unit" ] || { echo "Unit $name.service not found." >&2; exit 5; }
    condition=$(setting ConditionPathExists)
    if [ -n "$condition" ] && [ ! -e "$condition" ]; then return; fi
    # A unit has its own control group, also if a container starts it.
    for group in /sys/fs/cgroup/*/cgroup.procs; do echo $$ >"$group" 2>/dev/null || true; done
    # shellcheck disable=SC2016 # The inner shell expands these.
    setsid sh -c '
        if [ "$2" = oneshot ]; then exec $1; fi
        trap "kill \$child 2>/dev/null; wait \$child; exit 0" TERM
        while :; do
            $1 & child=$!
            wait $child || true
            echo "systemctl: $1 ended" >&2
            sleep 10 & child=$!
            wait $child
        done' unit "$(setting ExecStart)" "$(setting Type)" >>"/var/log/kubeedge/$name.log" 2>&1 </dev/null 9>&- &
    echo $! >"$state"
}

end() {
    running || return 0
    pid=$(cat "$state")
    if [ "$(setting Type)" = oneshot ]; then kill -- "-$pid"; else kill "$pid"; fi
    while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
    rm -f "$state"
}

case $verb in
start) begin ;;
stop) end ;;
restart) end; begin ;;
enable) mkdir -p "$wanted" && ln -sf "$unit" "$wanted/$name.service" ;;
disable | daemon-reload | list-unit-files) ;;
is-active | status) if running; then echo active; else echo inactive; exit 3; fi ;;
*) echo "systemctl: $verb is not known here" >&2; exit 1 ;;
esac
