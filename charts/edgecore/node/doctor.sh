#!/bin/sh
# Finds out why the endpoint of this node, or EdgeMesh on it, does not work. Changes nothing.
#
#   sh doctor.sh                 as root; prints the most likely cause first, and the fix of each cause
#   sh doctor.sh --codes         prints the causes as codes with fields, for programs
#   sh doctor.sh --token FILE    asks with this token instead of the token of edgemesh-agent
#   sh -s -- ARGUMENTS <doctor.sh
#
# Needs curl, or wget for a part of the checks. Exit codes: 0 nothing found; 1 a cause found; 2 wrong arguments.
# Environment:
#   WANTED      edgecore.yaml that the node should have (beside this script); `defaults` beside it has the defaults
#   NODE_KEYS   more keys of edgecore.yaml that the node keeps (the file `settings` beside WANTED sets it)
#   CONFIG, PROC, LOG, PKI    other places of edgecore.yaml, /proc, the log and the endpoint's certificate
#   LATE, MORE_PATH           for tests
# shellcheck disable=SC2034,SC2154 # The functions from other files use and set some of these variables.
set -u
umask 077
LC_ALL=C
PATH=$PATH:${MORE_PATH-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
export LC_ALL PATH

CONFIG=${CONFIG:-/etc/kubeedge/config/edgecore.yaml}
PROC=${PROC:-/proc}
LOG=${LOG:-/var/log/kubeedge/edgecore.log}
# Where edged keeps the volumes of pods: from KubeEdge 1.12 on, and before.
VOLUMES=${VOLUMES:-/var/lib/kubelet /var/lib/edged}
PKI=${PKI:-/etc/kubeedge/pki/metaserver}
NODE_KEYS=${NODE_KEYS:-}
WANTED=${WANTED:-}
# With sh -s the name of the script is that of the shell.
case ${0##*/} in
*doctor*) if [ -z "$WANTED" ] && [ -r "$(dirname "$0")/edgecore.yaml" ]; then WANTED=$(dirname "$0")/edgecore.yaml; fi ;;
esac
if [ ! -r "$WANTED" ]; then WANTED=""; fi
TAB=$(printf '\t')
# Seconds that the clocks may differ, and after which an answer is late: edgecore waits 10 s for the cloud.
OFFSET=60
LATE=${LATE:-9}
SERVICE=kubernetes.default.svc.cluster.local

findings=""
passed=""
skipped=""
codes=""
own_token=""
while [ $# -gt 0 ]; do
  case $1 in
  --codes) codes=yes ;;
  --token)
    if [ $# -lt 2 ] || [ ! -r "$2" ]; then
      echo "--token: no such file" >&2
      exit 2
    fi
    own_token=$2
    shift
    ;;
  *) echo "usage: sh doctor.sh [--codes] [--token FILE]" >&2; exit 2 ;;
  esac
  shift
done

work=$(mktemp -d 2>/dev/null) || work=$(mktemp -d /run/doctor.XXXXXX) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
# `effective` reads the defaults here.
here=$work
if [ -n "$WANTED" ]; then
  folder=$(dirname "$WANTED")
  if [ -r "$folder/defaults" ]; then cp "$folder/defaults" "$work/defaults"; fi
  if [ -r "$folder/settings" ]; then NODE_KEYS=$(sed -n "s/^NODE_KEYS='\{0,1\}\([^']*\)'\{0,1\}$/\1/p" "$folder/settings"); fi
fi

# --- from other files: generator/catalogue/shell.py puts these here ----------------------------------

#: update.sh KEPT IGNORED WALK flatten effective setting edgecore connected containers_with_token token_mount stale
#: causes.yaml

# --- results ----------------------------------------------------------------------------------

# Keeps a cause: code, variant, and names and values of fields.
found() {
  line=$1$TAB$2
  shift 2
  while [ $# -gt 1 ]; do
    value=$(printf '%s' "$2" | clean)
    [ -z "$value" ] || line=$line$TAB$1=$value
    shift 2
  done
  findings=$findings$line'
'
}

# Makes a short text of one line, without a token.
clean() {
  tr '\n\t' '  ' | tr -c '\40-\176' '?' | sed 's/eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_.-]*/***/g; s/  */ /g; s/^ //; s/ $//' | cut -c 1-200
}

# Hides long words, such as keys, in a text of a program.
hide() { sed 's/[A-Za-z0-9+_=-]\{40,\}/***/g; s/\([Bb]earer \)[^ ]*/\1***/g'; }

good() { passed=$passed$*'
'; }

skip() { skipped=$skipped$*'
'; }

# Prints the causes, most likely first.
ranked() {
  printf '%s' "$findings" | while IFS= read -r line; do
    split "$line"
    printf '%s\t%s\n' "$place" "$line"
  done | sort -n | uniq | cut -f 2-
}

# Sets `code`, `variant`, the fields and the sentences of a kept cause.
split() {
  code=${1%%"$TAB"*}
  rest=${1#*"$TAB"}$TAB
  variant=${rest%%"$TAB"*}
  rest=${rest#*"$TAB"}
  while [ -n "$rest" ]; do
    part=${rest%%"$TAB"*}
    eval "f_${part%%=*}=\${part#*=}"
    rest=${rest#*"$TAB"}
  done
  sentence "$code" "$variant"
}

# Says whether a cause of an answer was found.
explained() {
  printf '%s' "$findings" | {
    while IFS= read -r line; do
      split "$line"
      case "$severity $answers " in "error "*" $1 "* | "error $1 "*) exit 0 ;; esac
    done
    exit 1
  }
}

report() {
  if [ -n "$codes" ]; then
    echo "doctor 1"
    # The kubelet keeps 4096 bytes of a termination message.
    ranked | awk '{ size += length($0) + 1 } size <= 3880 { print }'
    echo "done"
  else
    text
  fi
  [ -z "$findings" ]
}

# The report for people.
text() {
  number=0
  ranked | while IFS= read -r line; do
    number=$((number + 1))
    if [ "$number" = 1 ]; then echo "Most likely cause:"; fi
    if [ "$number" = 2 ]; then printf '\nAlso found:\n'; fi
    (
      split "$line"
      echo "× $what [$code]"
      if [ -n "$fix" ]; then echo "  fix: $fix"; fi
    )
  done
  [ -n "$findings" ] || echo "No cause found."
  if [ -n "$passed$skipped" ]; then echo; fi
  printf '%s' "$passed" | sed 's/^/✓ /'
  printf '%s' "$skipped" | sed 's/^/- not checked: /'
}

# --- texts, numbers and dates -----------------------------------------------------------------

# Prints a program of this node, perhaps one of busybox.
program() {
  command -v "$1" >/dev/null 2>&1 && echo "$1" && return
  busybox --list 2>/dev/null | grep -qx "$1" && echo "busybox $1"
}

on_off() { if [ "$1" = true ]; then echo on; else echo off; fi; }

# Prints the seconds since 1970 of a date of HTTP or of a certificate, "" if there is none.
epoch() {
  printf '%s\n' "$1" | tr ',-' '  ' | awk '
    {
      for (i = 1; i <= NF; i++) {
        if (at = index("JanFebMarAprMayJunJulAugSepOctNovDec", $i) && length($i) == 3)
          month = (index("JanFebMarAprMayJunJulAugSepOctNovDec", $i) + 2) / 3
        else if ($i ~ /^[0-9][0-9]?:[0-9][0-9]:[0-9][0-9]/) split($i, clock, ":")
        else if ($i ~ /^[0-9][0-9][0-9][0-9]$/) year = $i
        else if ($i ~ /^[0-9][0-9]?$/) day = $i
      }
      if (!month || !year || !day) exit
      # Days from 1970 on, in years that start in March.
      y = month > 2 ? year : year - 1
      m = month > 2 ? month - 3 : month + 9
      days = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * m + 2) / 5) + day - 719469
      printf "%.0f\n", days * 86400 + clock[1] * 3600 + clock[2] * 60 + clock[3]
    }'
}

time_of() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || echo "$1 s after 1970"; }

# Prints the newest line of edgecore's log that fits a pattern of awk, "" if there is none.
log_line() { awk -v pattern="$1" '$0 ~ pattern { line = $0 } END { print line }' "$work/log" | log_text; }

# Prints a line of the log without date and place, and without secrets.
log_text() { sed 's/^[IWEF][0-9]\{4\} [^]]*\] //' | hide | clean; }

# Writes the last lines of edgecore's log to $work/log.
read_log() {
  : >"$work/log"
  if command -v journalctl >/dev/null 2>&1; then
    journalctl --unit edgecore --lines 1500 --no-pager --output cat >"$work/log" 2>/dev/null </dev/null
  fi
  # A journal without the unit has one line that says so.
  if [ "$(wc -l <"$work/log")" -le 1 ] && [ -r "$LOG" ]; then tail -n 1500 "$LOG" >"$work/log"; fi
}

# --- edgecore ---------------------------------------------------------------------------------

unit() { systemctl show edgecore --property "$1" 2>/dev/null </dev/null | sed -n "s/^$1=//p"; }

# Seconds since the start of a process.
age() {
  start=$(sed 's/.*) //' "$PROC/$1/stat" 2>/dev/null | cut -d ' ' -f 20)
  now=$(cut -d . -f 1 "$PROC/uptime" 2>/dev/null)
  [ -n "$start" ] && [ -n "$now" ] && echo $((now - start / 100))
}

check_process() {
  pid=$(edgecore) || pid=""
  state=""
  restarts=""
  if command -v systemctl >/dev/null 2>&1; then
    state=$(unit ActiveState)
    restarts=$(unit NRestarts)
    if [ -n "$(unit Result)" ] && [ "$(unit Result)" != success ]; then state="$state, $(unit Result)"; fi
  fi
  crash=$(log_line '^panic: |^F[0-9][0-9][0-9][0-9] |fatal error: |^Error: |^panic\\(|SIGSEGV')
  if [ -z "$pid" ]; then
    [ -n "$crash" ] || crash=$(log_line '^E[0-9][0-9][0-9][0-9] |rror')
    found edgecore-stopped "" state "${state:-no process}" log "$crash"
    return
  fi
  seconds=$(age "$pid")
  if [ "${restarts:-0}" -ge 3 ] && [ -n "$seconds" ] && [ "$seconds" -lt 300 ]; then
    found edgecore-stopped restarts number "$restarts" seconds "$seconds" log "$crash"
  else
    good "edgecore runs (process $pid)"
  fi
}

# Prints the minor number of the KubeEdge release, "" if it is unknown.
release() {
  version=$(setting edgecoreVersion)
  if [ -z "$version" ]; then
    binary=$(command -v edgecore || echo /usr/local/bin/edgecore)
    version=$("$binary" --version 2>/dev/null </dev/null)
  fi
  printf '%s\n' "$version" | sed -n 's/.*v\{0,1\}1\.\([0-9][0-9]*\)\..*/\1/p' | head -n 1
}

check_settings() {
  if [ -z "$WANTED" ]; then
    skip "edgecore.yaml, because no rendered edgecore.yaml is beside this script"
    return
  fi
  for each in "has=$CONFIG" "wants=$WANTED"; do
    effective "${each#*=}" "$IGNORED $KEPT" >"$work/${each%%=*}"
  done
  keys=$(awk -v defaults="$(ls "$work/defaults" 2>/dev/null)" '
    { at = index($0, "="); key = substr($0, 1, at - 1); value = substr($0, at + 1); sub(/\[.*/, "", key) }
    NR == FNR { wanted[key] = wanted[key] "\n" value; next }
    { own[key] = own[key] "\n" value }
    END {
      for (key in wanted) if (wanted[key] != own[key]) print key
      # Without the defaults, keys that the wanted file does not have are unknown.
      if (defaults != "") for (key in own) if (!(key in wanted)) print key
    }' "$work/wants" "$work/has" | sort | awk '{ printf "%s%s", (NR > 1 ? ", " : ""), $0 }')
  if [ -n "$keys" ]; then
    found node-settings-differ "" file "$CONFIG" keys "$keys"
  else
    good "edgecore.yaml has the settings of the rendered file"
  fi
}

check_connection() {
  [ -n "$pid" ] || return 0
  notes=""
  if connected; then
    if [ -n "$notes" ]; then skip "${notes#; }"; else good "edgecore is connected to cloudcore at $server"; fi
    return
  fi
  reason=$(log_line '^[EWF][0-9].*(websocket|quic|dial tcp|reconnect|connection failed|certificate|handshake)')
  found node-not-connected "" server "$server" log "$reason"
}

# Checks the clock of this node against the header Date of cloudcore. metaServer has the clock of the node.
check_clock() {
  from=$(setting modules.edgeHub.httpServer)
  case $from in https://*) ;; *) skip "the clock, because edgecore.yaml has no modules.edgeHub.httpServer"; return ;; esac
  headers "$from/ca.crt"
  there=$(epoch "$(sed -n 's/^ *[Dd]ate: *//p' "$work/headers" | tail -n 1)")
  here_=$(date +%s)
  if [ -z "$there" ]; then
    skip "the clock, because $from does not answer"
    return
  fi
  seconds=$((here_ - there))
  if [ "$seconds" -gt "$OFFSET" ]; then
    found clock-offset ahead seconds "$seconds" direction ahead
  elif [ "$seconds" -lt "-$OFFSET" ]; then
    found clock-offset behind seconds "${seconds#-}" direction behind
  else
    good "the clock differs from that of cloudcore by less than $OFFSET s"
  fi
}

# --- requests ---------------------------------------------------------------------------------

# Prints the kind of HTTP client of this node.
client() {
  if command -v curl >/dev/null 2>&1; then
    echo curl
  elif command -v wget >/dev/null 2>&1 && wget --version 2>/dev/null | grep -q GNU; then
    echo wget
  elif [ -n "$(program wget)" ]; then
    echo busybox
  fi
}

# Writes the headers of an answer to $work/headers; the certificate is not verified.
headers() {
  : >"$work/headers"
  case $http in
  curl) curl --silent --insecure --max-time 10 --noproxy '*' --dump-header "$work/headers" --output /dev/null "$1" </dev/null ;;
  wget) by_wget -S --tries=1 --no-proxy --no-check-certificate -O /dev/null "$1" 2>"$work/headers" </dev/null ;;
  *) by_wget -S --no-check-certificate -O /dev/null "$1" 2>"$work/headers" </dev/null ;;
  esac
}

by_wget() {
  # shellcheck disable=SC2086 # Two words, if it is that of busybox.
  limited $wget "$@"
}

# Without -T: the wget of Debian's busybox crashes on it.
limited() { if [ -n "$(program timeout)" ]; then $(program timeout) 15 "$@"; else "$@"; fi; }

# Sends a request and sets `exit` (as of curl), `status`, `seconds` and `error`. The body is in $work/body.
#   request URL TOKEN CA CERTIFICATE KEY    a CA of - means that the certificate is not verified
request() {
  : >"$work/body"
  : >"$work/error"
  header="Accept: application/json"
  # The token is not an argument: everybody on the node can read those.
  bearer=""
  if [ -n "$2" ]; then bearer="Authorization: Bearer $2"; fi
  case $http in
  curl) request_by_curl "$@" ;;
  *) request_by_wget "$@" ;;
  esac
  error=$(head -n 1 "$work/error" | hide | clean)
}

request_by_curl() {
  target=$1 trust=$3 pair=$4 pair_key=$5
  set -- --silent --show-error --max-time 15 --http1.1 --noproxy '*' --output "$work/body"
  case $trust in
  "") ;;
  -) set -- "$@" --insecure ;;
  *) set -- "$@" --cacert "$trust" ;;
  esac
  if [ -n "$pair" ]; then set -- "$@" --cert "$pair" --key "$pair_key"; fi
  written=$({ printf 'header = "%s"\n' "$header"; [ -z "$bearer" ] || printf 'header = "%s"\n' "$bearer"; } |
    curl --config - "$@" --write-out '%{http_code} %{time_total}' "$target" 2>"$work/error")
  exit=$?
  status=${written%% *}
  seconds=${written#* }
  seconds=${seconds%%[.,]*}
  status=${status:-000}
  seconds=${seconds:-0}
}

request_by_wget() {
  target=$1 trust=$3 pair=$4 pair_key=$5
  set -- -S -O "$work/body"
  if [ "$http" = wget ]; then
    set -- "$@" --tries=1 --no-proxy --content-on-error
    case $trust in
    "") ;;
    -) set -- "$@" --no-check-certificate ;;
    *) set -- "$@" --ca-certificate="$trust" ;;
    esac
    if [ -n "$pair" ]; then set -- "$@" --certificate="$pair" --private-key="$pair_key"; fi
    printf 'header = %s\n' "$header" ${bearer:+"$bearer"} >"$work/wgetrc"
  else
    # Without the token, which would be an argument. This wget does not verify certificates.
    set -- "$@" --no-check-certificate --header "$header"
  fi
  WGETRC=$work/wgetrc
  export WGETRC
  began=$(date +%s)
  by_wget "$@" "$target" >"$work/error" 2>&1 </dev/null
  exit=$?
  : >"$work/wgetrc"
  seconds=$(($(date +%s) - began))
  status=$(sed -n 's/.*HTTP\/[0-9.]* \([0-9][0-9][0-9]\).*/\1/p' "$work/error" | tail -n 1)
  status=${status:-000}
  if [ "$status" != 000 ]; then
    exit=0
  elif grep -qi 'refused' "$work/error"; then
    exit=7
  elif [ "$exit" = 124 ] || [ "$exit" = 143 ] || grep -qi 'timed out' "$work/error"; then
    exit=28
  elif grep -qi 'bad address\|resolve\|unreachable\|no route' "$work/error"; then
    exit=6
  else
    case $target in https:*) exit=35 ;; *) exit=56 ;; esac
  fi
  grep -i 'error\|refused\|timed out\|certificate\|ssl\|tls\|issuer' "$work/error" | head -n 3 | tr '\n' ' ' >"$work/line"
  mv "$work/line" "$work/error"
}

# Prints keys and values in the metadata of the list in $work/body (depth 2), one per line. After escapes are
# removed, every second field between quotes is a string.
metadata() {
  sed 's/\\./ /g' "$work/body" | awk -F'"' '{ for (i = 1; i <= NF; i++)
    if (i % 2) { open = $i; shut = $i; depth += gsub(/[{[]/, "", open) - gsub(/[]}]/, "", shut) }
    else if (depth == 2) print $i }'
}

# A list from the cloud has a resourceVersion and no selfLink. A list from the node's database has neither, or both.
from_cloud() {
  metadata >"$work/metadata"
  grep -A 1 -x resourceVersion "$work/metadata" | grep -q '^[0-9]' && ! grep -q -x selfLink "$work/metadata"
}

# --- the endpoint -----------------------------------------------------------------------------

# Prints the addresses with a listener on a port.
listeners() {
  cat "$PROC/${pid:-self}/net/tcp" "$PROC/${pid:-self}/net/tcp6" 2>/dev/null | awk -v port="$1" '
    function number(hex,   i, n) {
      for (i = 1; i <= length(hex); i++) n = n * 16 + index("0123456789ABCDEF", substr(hex, i, 1)) - 1
      return n
    }
    # State 0A is a listener. The bytes of an IPv4 address are in reverse order.
    $4 == "0A" && split($2, part, ":") == 2 && number(part[2]) == port {
      a = part[1]
      if (length(a) == 8)
        print number(substr(a, 7)) "." number(substr(a, 5, 2)) "." number(substr(a, 3, 2)) "." number(substr(a, 1, 2))
      else if (a ~ /^0+$/) print "[::]"
      else if (a == "00000000000000000000000001000000") print "[::1]"
      else if (a ~ /^0000000000000000FFFF0000/)
        print number(substr(a, 31)) "." number(substr(a, 29, 2)) "." number(substr(a, 27, 2)) "." number(substr(a, 25, 2))
      else print "[" a "]"
    }' | sort -u
}

# Says whether one of the listeners $2 has the address $1.
listens() {
  for each in $2; do
    case $each in "$1" | 0.0.0.0 | "[::]") return 0 ;; esac
    if [ "$1" = localhost ]; then return 0; fi
  done
  return 1
}

check_endpoint() {
  enabled=$(setting modules.metaManager.metaServer.enable)
  gate=$(setting featureGates.requireAuthorization)
  endpoint=$(setting modules.metaManager.metaServer.server)
  endpoint=${endpoint:-127.0.0.1:10550}
  if [ "$enabled" != true ]; then
    found metaserver-off "" file "$CONFIG"
    return
  fi
  if ! printf '%s\n' "$endpoint" | grep -Eqx '([0-9]+\.[0-9.]+|localhost|\[[0-9a-fA-F:.]+\]):[0-9]+'; then
    found metaserver-address "" server "$endpoint"
    return
  fi
  [ -n "$pid" ] || return 0
  open=$(listeners "${endpoint##*:}")
  if [ -z "$open" ]; then
    check_certificate_request
    return
  fi
  good "edgecore listens at $(echo "$open" | sed "s/\$/:${endpoint##*:}/" | tr '\n' ' ' | sed 's/ $//; s/ /, /g')"
  dummy=$(setting modules.metaManager.metaServer.dummyServer)
  if [ "$gate" = true ] && [ "${minor:-0}" -ge 17 ] && [ -n "$dummy" ] &&
    ! listens "${dummy%:*}" "$(listeners "${dummy##*:}")"; then
    found endpoint-listens-elsewhere dummy address "$dummy" listeners "$(echo "$open" | tr '\n' ' ')"
  fi
}

# Why nothing listens although metaServer is on: under requireAuthorization the endpoint needs a certificate.
check_certificate_request() {
  [ "$gate" = true ] || return 0
  if [ -n "$minor" ] && [ "$minor" -lt 17 ]; then
    missing=""
    for name in tlsCaFile tlsCertFile tlsPrivateKeyFile; do
      file=$(setting "modules.metaManager.metaServer.$name")
      if [ -n "$file" ] && [ ! -e "$file" ]; then missing="$missing, $file"; fi
    done
    if [ -n "$missing" ]; then found endpoint-files-missing "" files "${missing#, }"; fi
    return
  fi
  if [ -n "$(log_line 'csr for this node already exists|retrieved csr is not compatible')" ]; then
    found certificate-request-blocks-node node node "$node" request "metaserver-csr-$node"
    return
  fi
  reason=$(log_line 'waiting to be issued|requesting a signed certificate|wait for (cert|CA) ready|waiting for (cert|CA)|certificate signing request')
  if [ -n "$reason" ] || [ ! -e "$PKI/metaserver-current.pem" ] || [ -n "$minor" ]; then
    found endpoint-certificate-pending "" url "https://$endpoint" node "$node" log "$reason"
  fi
}

# --- the client -------------------------------------------------------------------------------

# Prints the process of edgemesh-agent.
agent_process() {
  for folder in "$PROC"/[0-9]*; do
    if [ "$(cat "$folder/comm" 2>/dev/null)" = edgemesh-agent ]; then
      case $(sed -n 's/^State:[[:space:]]*//p' "$folder/status" 2>/dev/null) in Z*) continue ;; esac
      echo "${folder##*/}"
      return 0
    fi
  done
  return 1
}

# Prints the path of its config. After a restart of edgecore, the folder in the container is empty: edgecore has made
# the volume of the ConfigMap anew.
agent_config() {
  file=$PROC/$process/root/etc/edgemesh/config/edgemesh-agent.yaml
  if [ ! -r "$file" ]; then
    volume=$(sed -n 's/^.* [^ ]*\(\/pods\/[^ ]*\/volumes\/[^ /]*\/[^ /]*\)[^ ]* \/etc\/edgemesh\/config .*/\1/p' "$PROC/$process/mountinfo" 2>/dev/null | head -n 1)
    for folder in $VOLUMES; do
      if [ -n "$volume" ] && [ -r "$folder$volume/edgemesh-agent.yaml" ]; then file=$folder$volume/edgemesh-agent.yaml; fi
    done
  fi
  echo "$file"
}

# Prints a setting of edgemesh-agent.
of_agent() { printf '%s\n' "$agent_settings" | sed -n "s/^kubeAPIConfig\.metaServer\.$1=//p"; }

# Prints a path as this script sees it. In many images /var/run is a link to /run, which is that of the node here.
inside() {
  case $1 in
  "") ;;
  /var/run/secrets/kubernetes.io/serviceaccount/*) echo "$(token_folder "$process")/${1##*/}" ;;
  *) echo "$PROC/$process/root$1" ;;
  esac
}

token_folder() {
  echo "$PROC/$1/root$(sed -n 's/^[0-9]* [0-9]* [0-9:]* [^ ]* \([^ ]*kubernetes\.io\/serviceaccount\) .*/\1/p' "$PROC/$1/mountinfo" 2>/dev/null | head -n 1)"
}

# Prints a file of edgemesh-agent; the default if the key is missing, "" if it is empty.
agent_file() {
  line=$(sed -n "s/^ *$1: *//p" "$agent_config" | head -n 1)
  case $line in
  '""' | "''") ;;
  "" | null | "~") echo "/etc/edgemesh/metaserver/$2" ;;
  *) of_agent "security.$1" ;;
  esac
}

# Sets how the client of the endpoint sends its requests: `url`, `token`, `ca`, `cert`, `key`, and `process`.
find_client() {
  name="" token="" ca="" cert="" key="" ca_path="" cert_path="" agent_settings="" gate_of_agent=""
  scheme=http
  [ "$gate" != true ] || scheme=https
  case $endpoint in 0.0.0.0:*) endpoint=127.0.0.1:${endpoint##*:} ;; "[::]":*) endpoint="[::1]:${endpoint##*:}" ;; esac
  url=$scheme://$endpoint
  # Without the agent, the CA of the endpoint is unknown up to 1.16.
  if [ "$gate" = true ]; then ca=-; fi
  process=$(agent_process) || process=""
  agent=$process
  if [ -n "$process" ]; then
    name=edgemesh-agent
    agent_config=$(agent_config)
    if [ -r "$agent_config" ]; then as_agent; else skip "the settings of edgemesh-agent, because $agent_config cannot be read"; fi
  else
    process=$(containers_with_token | head -n 1)
    if [ "$gate" = true ]; then skip "the certificate of the endpoint, because edgemesh-agent does not run on this node"; fi
  fi
  read_token
}

as_agent() {
  agent_settings=$(flatten "$agent_config" "")
  gate_of_agent=$(of_agent security.requireAuthorization)
  url=$(of_agent server)
  url=${url:-http://127.0.0.1:10550}
  ca=""
  if [ "$gate_of_agent" = true ]; then
    # The agent does the same (edgemesh v1.17 pkg/util/util.go:155).
    url=$(echo "$url" | sed 's#http://#https://#g')
    if [ "$(of_agent security.insecureSkipTLSVerify)" = true ]; then
      ca=-
    else
      ca_path=$(agent_file tlsCaFile rootCA.crt)
      cert_path=$(agent_file tlsCertFile server.crt)
      ca=$(inside "$ca_path")
      cert=$(inside "$cert_path")
      key=$(inside "$(agent_file tlsPrivateKeyFile server.key)")
    fi
  fi
  case $url in *://*) ;; *) url=http://$url ;; esac
}

read_token() {
  if [ -n "$own_token" ]; then
    token=$(tr -d '\r\n' <"$own_token")
    name="the client of $own_token"
  elif [ "$gate" = true ] || [ "$gate_of_agent" = true ]; then
    if [ -n "$process" ]; then token=$(tr -d '\r\n' <"$(token_folder "$process")/token" 2>/dev/null); fi
    [ -n "$name" ] || name="process $process"
  fi
  # Without requireAuthorization the agent sends no token. The wget of busybox would show it to everybody.
  if [ -n "$agent" ] && [ "$gate_of_agent" != true ] && [ -z "$own_token" ] || [ "$http" = busybox ]; then token=""; fi
  case $token in *[!A-Za-z0-9._~+/=-]*) token="" ;; esac
}

check_client() {
  if [ -n "$agent_settings" ] && [ "$(on_off "$gate")" != "$(on_off "$gate_of_agent")" ]; then
    found gate-on-node-differs "" edge "$(on_off "$gate")" agent "$(on_off "$gate_of_agent")"
  fi
  if [ -z "$http" ]; then
    skip "the endpoint, because the node has neither curl nor wget"
    return
  fi
  request "$url/api/v1/services" "$token" "$ca" "$cert" "$key"
  case $exit in 35 | 5[1-9] | 60 | 77 | 8[0-9]) check_tls ;; esac
  reason=$error
  if [ "$exit:$status" = 0:200 ] && from_cloud; then
    good "$url lists the Services of the cluster${name:+ to $name}"
    return
  fi
  if [ "$exit" = 0 ] && [ "$seconds" -ge "$LATE" ]; then exit=late; fi
  case $status in
  401) check_token ;;
  403) check_permission ;;
  esac
  if [ "$exit" = 7 ]; then check_address; fi
  answer "$exit:$status"
  explained "$code" || [ -n "$expected" ] || answered
}

# Keeps the answer itself as a cause.
answered() {
  case $code in
  answer-uses-http) found answer-uses-http "" url "$url" ;;
  answer-tls-error) found answer-tls-error "" url "$url" error "${reason:-curl: exit code $exit}" ;;
  answer-none) found answer-none "" url "$url" error "${reason:-curl: exit code $exit}" ;;
  *) found "$code" "" url "$url" status "$status" error "$reason" ;;
  esac
}

# The client has another address than the endpoint.
check_address() {
  [ -n "$pid" ] && [ "$enabled" = true ] || return 0
  address=${url#*://}
  address=${address%%/*}
  open=$(listeners "${endpoint##*:}" | sed "s/\$/:${endpoint##*:}/")
  if [ -n "$open" ] && ! listens "${address%:*}" "$(listeners "${address##*:}")"; then
    found endpoint-listens-elsewhere "" url "$url" listeners "$(echo "$open" | tr '\n' ' ')"
  fi
}

# Why TLS fails; sets `exit` to http if the endpoint uses http. Keeps the exit code and the error of the client's
# own request.
check_tls() {
  # A file of the client cannot be read.
  [ "$exit" != 77 ] || return 0
  first_exit=$exit first_error=$error
  address=${url#*://}
  request "http://$address/version" "" "" "" ""
  case $status in 000 | 400) plain=no ;; *) plain=yes ;; esac
  if [ "$plain" = yes ]; then
    exit=http status=000 error=$first_error
    return
  fi
  request "https://$address/version" "" - "" ""
  if [ "$status" = 000 ]; then bare=fails; else bare=answers; fi
  if [ "$bare" = answers ]; then
    if [ -n "$cert" ]; then
      request "https://$address/version" "" - "$cert" "$key"
      if [ "$status" = 000 ]; then found client-certificate-rejected "" file "$cert_path"; fi
    fi
    request "https://$address/version" "" "$ca" "" ""
    if [ "$status" = 000 ]; then check_server_certificate; fi
  fi
  exit=$first_exit status=000 error=$first_error
}

# Sets `begin`, `end` and `issuer` of the endpoint's certificate.
read_certificate() {
  begin="" end="" issuer=""
  : >"$work/certificate"
  if [ "$http" = curl ]; then
    curl --silent --verbose --insecure --max-time 10 --http1.1 --noproxy '*' --output /dev/null "https://$address/version" 2>"$work/certificate" </dev/null
  fi
  if ! grep -q 'expire date:' "$work/certificate" && command -v openssl >/dev/null 2>&1; then
    limited openssl s_client -connect "$address" </dev/null 2>/dev/null |
      openssl x509 -noout -dates -issuer 2>/dev/null |
      sed 's/^notBefore=/start date: /; s/^notAfter=/expire date: /; s/^issuer= */issuer: /' >"$work/certificate"
  fi
  begin=$(sed -n 's/.*start date: *//p' "$work/certificate" | head -n 1)
  end=$(sed -n 's/.*expire date: *//p' "$work/certificate" | head -n 1)
  issuer=$(sed -n 's/.*issuer: *//p' "$work/certificate" | head -n 1)
}

# Why the client does not accept the certificate of the endpoint. `error` is that of a request without token.
check_server_certificate() {
  read_certificate
  now=$(date +%s)
  from=$(epoch "$begin")
  last=$(epoch "$end")
  if [ -n "$last" ] && { [ "$last" -lt "$now" ] || [ "${from:-0}" -gt "$now" ]; }; then
    found endpoint-certificate-expired "" url "$url" begin "$begin" end "$end"
    return
  fi
  case $error in
  *expired* | *"not yet valid"*) found endpoint-certificate-expired "" url "$url" begin "${begin:-?}" end "${end:-?}" ;;
  *"subject name"* | *"common name"* | *"alternative name"* | *"doesn't match"* | *"does not match"* | *"not valid for"* | *"IP address"*)
    found endpoint-certificate-names "" host "${address%:*}"
    ;;
  *) found endpoint-ca-unknown "" ca "${ca_path:-the CAs of the node}" issuer "${issuer:-another CA}" ;;
  esac
}

# --- tokens -----------------------------------------------------------------------------------

# Prints the payload of a token.
payload() {
  middle=${token#*.}
  middle=$(printf '%s' "${middle%%.*}" | tr '_-' '/+')
  while [ $((${#middle} % 4)) != 0 ]; do middle=$middle=; done
  if [ -n "$(program base64)" ]; then
    printf '%s\n' "$middle" | $(program base64) -d 2>/dev/null
  else
    printf '%s\n' "$middle" | awk '
      {
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (i = 1; i <= length($0); i++) {
          at = index(letters, substr($0, i, 1)) - 1
          if (at < 0) break
          bits = bits * 64 + at
          number += 6
          if (number >= 8) {
            number -= 8
            power = 2 ^ number
            printf "%c", int(bits / power)
            bits %= power
          }
        }
      }'
  fi
}

# Prints a text of the token, by a pattern of sed before it.
claim() { printf '%s' "$claims" | sed -n "s/.*$1\"\([^\"]*\)\".*/\1/p"; }

without_token() {
  good "$url rejects requests without a token"
  if [ "$http" != busybox ]; then skip "a token, because no container with a token runs on this node"; fi
  expected=yes
}

check_token() {
  if [ -z "$token" ]; then
    without_token
    return
  fi
  claims=$(payload | tr -d ' \n')
  subject=$(claim '"sub":')
  account=$(echo "$subject" | sed -n 's/^system:serviceaccount:\([^:]*\):\(.*\)/\1\/\2/p')
  account=${account:-${subject:-the client}}
  expiry=$(printf '%s' "$claims" | sed -n 's/.*"exp":\([0-9]*\).*/\1/p')
  issuer=$(claim '"iss":')
  accepted=$(setting_list modules.metaManager.metaServer.serviceAccountIssuers)
  accepted=${accepted:-https://kubernetes.default.svc.cluster.local}
  if [ -n "$expiry" ] && [ "$expiry" -lt "$(date +%s)" ]; then
    found token-expired "" account "$account" time "$(time_of "$expiry")"
  fi
  if [ -n "$issuer" ]; then
    case ",$accepted," in
    *",$issuer,"*) ;;
    *) found issuer-differs "" issuer "$issuer" accepted "$accepted" nodes "$node" ;;
    esac
  fi
  check_binding
  check_stale "$process"
  # With the line of this request.
  read_log
  if [ -n "$(log_line "serviceaccount $account not found")" ]; then
    found account-unknown-on-node "" account "$account"
  fi
}

# Prints the items of a list in edgecore.yaml, with commas.
setting_list() { printf '%s\n' "$settings" | sed -n "s/^$1\[[0-9]*\]=//p" | tr '\n' ',' | sed 's/,$//'; }

# A node accepts the tokens that it requested for its own pods.
check_binding() {
  [ -z "$(setting_list modules.metaManager.metaServer.serviceAccountKeyFiles)" ] || return 0
  [ -n "$claims" ] || return 0
  other=$(claim '"node":{"name":')
  case $claims in
  *'"pod":{'*) ;;
  *) found token-of-another-node unbound account "$account"; return ;;
  esac
  if [ -n "$other" ] && [ "$other" != "$node" ]; then
    found token-of-another-node "" account "$account" other "$other"
  fi
}

# After a restart edgecore rejects the tokens that running containers still see.
check_stale() {
  [ -n "$1" ] && [ -z "$own_token" ] && [ -n "$(token_mount "$1")" ] || return 0
  if stale "$1"; then
    found token-stale "" process "$1" program "$(cat "$PROC/$1/comm" 2>/dev/null)" node "$node"
  fi
}

# Other containers on this node with such a token.
check_containers() {
  [ "$gate" = true ] && [ "${minor:-17}" -ge 14 ] && [ -z "$own_token" ] || return 0
  number=0
  for each in $(containers_with_token); do
    before=$findings
    check_stale "$each"
    [ "$before" = "$findings" ] || number=$((number + 1))
    if [ "$number" -ge 3 ]; then break; fi
  done
}

check_permission() {
  message=$(tr -d '\n' <"$work/body" | sed 's/\\"/'"'"'/g' | sed -n 's/.*"message": *"\([^"]*\)".*/\1/p')
  user=$(echo "$message" | sed -n "s/.*User '\([^']*\)'.*/\1/p")
  resource=$(echo "$message" | sed -n "s/.*resource '\([^']*\)'.*/\1/p")
  if [ -z "$token" ]; then
    without_token
    return
  fi
  # Another program may have no permission to list Services.
  if [ -z "$agent$own_token" ]; then
    good "$url knows the account of $name"
    expected=yes
    return
  fi
  case $user in
  system:serviceaccount:*)
    account=$(echo "$user" | sed -n 's/^system:serviceaccount:\([^:]*\):\(.*\)/\1\/\2/p')
    found account-without-permissions "" account "$account" user "$user" resource "${resource:-services}"
    ;;
  esac
}

# --- DNS --------------------------------------------------------------------------------------

check_dns() {
  [ -n "$agent" ] || return 0
  if [ "$(printf '%s\n' "$agent_settings" | sed -n 's/^modules.edgeDNS.enable=//p')" = false ]; then
    skip "DNS, because edgeDNS is off in edgemesh-agent"
    return
  fi
  dns=$(setting_list modules.edged.tailoredKubeletConfig.clusterDNS)
  [ -n "$dns" ] || dns=$(setting modules.edged.clusterDNS)
  [ -n "$dns" ] || dns=$(setting_list modules.edged.clusterDNS)
  if [ -z "$dns" ]; then
    found dns-silent missing name "$SERVICE"
    return
  fi
  if [ -n "$agent_settings" ]; then
    bridge=$(printf '%s\n' "$agent_settings" | sed -n 's/^commonConfig.bridgeDeviceIP=//p')
    bridge=${bridge:-169.254.96.16}
    case ",$dns," in
    *",$bridge,"*) ;;
    *) found dns-address-differs "" dns "$dns" bridge "$bridge" nodes "$node" ;;
    esac
  fi
  asked=${dns%%,*}
  resolve "$asked"
  case $? in
  0) good "$asked resolves $SERVICE" ;;
  1) found dns-silent "" dns "$asked" name "$SERVICE" ;;
  *) skip "DNS, because the node has neither dig nor nslookup" ;;
  esac
}

# Says whether a DNS server knows the Service of the API server; 2 if the node has no program for it.
resolve() {
  if command -v dig >/dev/null 2>&1; then
    dig +short +time=3 +tries=2 "@$1" "$SERVICE" A 2>/dev/null </dev/null | grep -q '^[0-9.]*$'
  elif [ -n "$(program nslookup)" ]; then
    # shellcheck disable=SC2046 # Two words, if it is that of busybox.
    limited $(program nslookup) "$SERVICE" "$1" 2>/dev/null </dev/null |
      awk '/^Name:/ { name = 1 } name && /^Address/ { found = 1 } END { exit !found }'
  elif command -v host >/dev/null 2>&1; then
    host -W 3 -t A "$SERVICE" "$1" 2>/dev/null </dev/null | grep -q 'has address'
  else
    return 2
  fi
}

# --- the run ----------------------------------------------------------------------------------

if [ "$(id -u)" != 0 ]; then skip "what only root can read"; fi
http=$(client)
wget=$(program wget)
if [ "$http" = busybox ]; then skip "tokens and certificates, because the node has neither curl nor GNU wget"; fi
if [ ! -r "$CONFIG" ]; then
  found node-not-joined "" file "$CONFIG"
  report
  exit
fi
settings=$(effective "$CONFIG" "")
node=$(setting modules.edged.hostnameOverride)
node=${node:-$(hostname | tr '[:upper:]' '[:lower:]')}
minor=$(release)
expected=""
read_log
if [ ! -s "$work/log" ]; then skip "the log of edgecore, which is neither in the journal nor in $LOG"; fi
check_process
check_settings
check_connection
check_endpoint
find_client
if [ "$enabled" = true ]; then check_client; fi
check_containers
check_dns
[ -z "$http" ] || check_clock
report
