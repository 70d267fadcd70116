#!/bin/sh
# Replaces edgecore.yaml on this node and restarts edgecore. Puts the old file back if edgecore does not become
# healthy. Does nothing if the node already has the wanted settings.
#
#   sh update.sh     as root; edgecore.yaml, defaults and settings of the node's group are beside the script
#
# Each step can be repeated: after an interruption, run the script again. Exit codes: 0 edgecore runs with the
# wanted file; 1 it does not, and the old file is back. Settings, from the file `settings` or the environment:
#   HEALTH_TIMEOUT    seconds until edgecore must be healthy (300)
#   RESTART_COMMAND   command that restarts edgecore (systemctl restart edgecore)
#   NODE_KEYS         more keys of edgecore.yaml that the node keeps
#   FILES             more files: "NAME=PATH ..." copies NAME beside this script to PATH
#   HOLD              if set, only compare
set -eu
umask 077

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
if [ -r "$here/settings" ]; then . "$here/settings"; fi

CONFIG=${CONFIG:-/etc/kubeedge/config/edgecore.yaml}
STATE=${STATE:-/etc/kubeedge/update}
PROC=${PROC:-/proc}
HEALTH_TIMEOUT=${HEALTH_TIMEOUT:-300}
STEADY=${STEADY:-15}
RESTART_COMMAND=${RESTART_COMMAND:-systemctl restart edgecore}
FILES=${FILES:-}
ATTEMPT=${ATTEMPT:-}
HOLD=${HOLD:-}
# The cgroup driver is that of the node's container runtime.
KEPT="modules.edged.hostnameOverride modules.edged.nodeIP modules.edgeHub.token modules.edged.cgroupDriver
  modules.edged.tailoredKubeletConfig.cgroupDriver ${NODE_KEYS:-}"
# edgecore writes its own release. It writes the paths of the endpoint's certificate even if it ignores them;
# where it uses them, the wanted file sets them too.
IGNORED="edgecoreVersion modules.metaManager.metaServer.tlsCaFile modules.metaManager.metaServer.tlsCertFile
  modules.metaManager.metaServer.tlsPrivateKeyFile"

work=$STATE/work
wanted=$here/edgecore.yaml
# Only the files that are beside the script.
present=""
for pair in $FILES; do
  if [ -e "$here/${pair%%=*}" ]; then present="$present $pair"; fi
done
FILES=$present
# Exists while a change is pending: the phase, the checksum in the name of the old file, the reason, the attempt.
trial=$STATE/trial
steps=""
settings=""

# --- YAML ------------------------------------------------------------------------------------

# Walks block-style YAML. For every line it sets `path`, `indent` and `text`; `leaf` is 1 if `path` has the
# scalar `value`, which goes on in the next lines if these are indented more than `edge`. A list item adds [N] to
# the path.
# shellcheck disable=SC2016 # awk expands $0.
WALK='
function pop(limit) { while (top > 0 && at[top] >= limit) top-- }
function push(column, name) { pop(column); top++; at[top] = column; names[top] = names[top - 1] name }
function key_length(s,   end) {
  if (s ~ /^["\047]/) {
    end = index(substr(s, 2), substr(s, 1, 1))
    return substr(s, end + 2) ~ /^:( |$)/ ? end + 1 : 0
  }
  end = index(s ": ", ": ")
  return end <= length(s) ? end - 1 : (s ~ /:$/ ? length(s) - 1 : 0)
}
function plain(s) {
  if (match(s, /^"([^"\\]|\\.)*"/) || match(s, /^\047([^\047]|\047\047)*\047/)) return substr(s, 2, RLENGTH - 2)
  sub(/ +#.*$/, "", s)
  return s
}
function walk(   column, s, length_) {
  leaf = 0
  sub(/[ \t\r]+$/, "")
  match($0, /^ */)
  indent = RLENGTH
  text = s = substr($0, indent + 1)
  if (s == "" || s ~ /^#/ || s == "---") { path = ""; return }
  edge = column = indent
  while (s ~ /^-( |$)/) {
    # An item belongs to the key before it, which may have the same indentation.
    pop(column + 0.5)
    edge = column
    push(column + 0.5, "[" count[names[top]]++ "]")
    sub(/^- */, "", s)
    column = indent + length(text) - length(s)
  }
  path = names[top]
  length_ = key_length(s)
  if (length_) {
    edge = column
    push(column, (column ? "." : "") plain(substr(s, 1, length_)))
    path = names[top]
    delete count[path]
    s = substr(s, length_ + 2)
    sub(/^ +/, "", s)
  } else if (s != "" && s == text) { bad = 1; return }
  if (s != "" && s !~ /^#/) { leaf = 1; value = s }
}'

# Prints each scalar of a file as path=value, without empty values and the paths in `without`.
flatten() {
  awk -v without="$2" "$WALK"'
    BEGIN { number = split(without, list, " ") }
    function skip(p,   i) {
      for (i = 1; i <= number; i++) if (index(p ".", list[i] ".") == 1 || index(p, list[i] "[") == 1) return 1
      return 0
    }
    function put() {
      held = plain(held)
      if (last != "" && held != "" && held != "{}" && held != "null" && !skip(last)) print last "=" held
      last = ""
    }
    {
      bad = 0
      match($0, /^ */)
      if (last != "" && RLENGTH > last_edge && $0 !~ /^ *(#|$)/) { sub(/^ +/, ""); held = held " " $0; next }
      walk()
      if (path == "" && !bad) next
      put()
      if (bad) { print "!" NR; next }
      if (leaf) { last = path; held = value; last_edge = edge }
    }
    END { put() }' "$1"
}

# Prints the settings that edgecore has with a file: the defaults of the release under it, without `without`.
effective() {
  { if [ -r "$here/defaults" ]; then flatten "$here/defaults" "$2"; fi; echo; flatten "$1" "$2"; } |
    awk '
      function drop(list,   k) { for (k in found) if (index(k, list "[") == 1) delete found[k] }
      $0 == "" { own = 1; next }
      { at = index($0, "="); key = substr($0, 1, at - 1); list = key; sub(/\[.*/, "", list) }
      # A list of the file replaces the list of the defaults.
      own && list != key && !(list in replaced) { replaced[list] = 1; drop(list) }
      own && $0 ~ /=\[\]$/ { drop(key); delete found[key]; next }
      { found[key] = substr($0, at + 1) }
      END { for (k in found) if (found[k] != "[]") print k "=" found[k] }' | sort
}

# Prints one setting of the file on the node as `check` read it last, "" if it has none.
setting() {
  printf '%s\n' "$settings" | sed -n "s/^$(echo "$1" | sed 's/[].[*^$]/\\&/g')=//p"
}

# Prints the lines of a key in a file, without their common indentation.
lines_of() {
  awk -v key="$2" "$WALK"'
    inside && (/^ *(#|$)/) { next }
    inside { match($0, /^ */); if (RLENGTH > base || (RLENGTH == base && $0 ~ /^ *- /)) { print substr($0, base + 1); next } exit }
    { walk(); if (path == key && text !~ /^- /) { inside = 1; base = indent; print text } }' "$1"
}

# Prints the wanted file with the lines of one key replaced by those of standard input.
with_key() {
  parent=${2%.*}
  [ "$parent" != "$2" ] || parent=""
  awk -v key="$2" -v parent="$parent" -v added="$work/key" "$WALK"'
    function add(column,   line, blank) {
      while (length(blank) < column) blank = blank " "
      while ((getline line < added) > 0) print blank line
      close(added); done = 1
    }
    BEGIN { if (parent == "") add(0) }
    inside { match($0, /^ */); if (RLENGTH > base || (RLENGTH == base && $0 ~ /^ *- /)) next; inside = 0 }
    {
      walk()
      # With the indentation of the other keys below the parent.
      if (pending && text != "" && text !~ /^#/) { add(indent > above ? indent : above + 2); pending = 0 }
      if (path == key && text !~ /^- /) { inside = 1; base = indent; next }
      print
      if (path == parent && !leaf && !done && parent != "") { pending = 1; above = indent }
    }
    END { if (pending) add(above + 2); if (!done) exit 1 }' "$1"
}

# --- steps -----------------------------------------------------------------------------------

say() { printf '%s\n' "$*"; }

# Ends the run. The first line of the result is its state and the attempt.
finish() {
  state=$1
  shift
  { echo "$state $ATTEMPT"; say "$*$steps"; } >"$STATE/result.new"
  mv "$STATE/result.new" "$STATE/result"
  rm -rf "$trial" "$work" "$STATE/pid" "$STATE/pending"
  say "$state: $*$steps"
  if [ "$state" = failed ]; then exit 1; fi
  exit 0
}

checksum() { sha256sum "$1" | cut -c 1-12; }

# Writes a copy of $1 beside $2, with the mode and owner of $2.
beside() {
  mkdir -p "$(dirname "$2")" || return 1
  if [ -e "$2" ]; then
    cp -p "$2" "$2.new" && cat "$1" >"$2.new" || return 1
  else
    cp "$1" "$2.new" || return 1
  fi
}

# Replaces a file by another; either the old or the new file is there, whole.
put() {
  beside "$1" "$2"
  sync
  mv "$2.new" "$2"
  sync
}

# Writes the wanted file with the keys that the node keeps to $work/new.yaml; $1 is the file on the node.
build() {
  mkdir -p "$work"
  cp "$wanted" "$work/new.yaml"
  for key in $KEPT; do
    lines_of "$1" "$key" >"$work/key"
    case $(flatten "$work/key" "") in "" | *=\[\]) continue ;; esac
    with_key "$work/new.yaml" "$key" >"$work/next.yaml" ||
      reject "the new file has no place for $key, which the node keeps"
    mv "$work/next.yaml" "$work/new.yaml"
  done
  found=$(faults | tr '\n' ' ')
  [ -z "$found" ] || reject "the new edgecore.yaml is not valid: $found"
}

# Ends the run because of the new file. After an interruption, an earlier new file may be on the node.
reject() {
  if [ -e "$trial" ]; then
    phase restore "$*"
    restore
  fi
  finish failed "nothing has changed: $*"
}

# Prints what is wrong with the new file, "" if nothing is.
faults() {
  flat=$(flatten "$work/new.yaml" "")
  case "$flat" in *!*) echo "$flat" | sed -n 's/^!\([0-9]*\)$/line \1 is not block-style YAML/p' | head -n 1 ;; esac
  echo "$flat" | grep -qx kind=EdgeCore || echo "kind is not EdgeCore"
  if grep -q ': *null$' "$work/new.yaml"; then echo "a value is null, which crashes edgecore"; fi
  case $(echo "$flat" | sed -n 's/^modules.metaManager.metaServer.server=//p') in
  *://*) echo "modules.metaManager.metaServer.server is a URL, and must be IP:port" ;;
  esac
  case $(echo "$flat" | sed -n 's/^modules.edgeHub.\(websocket\|quic\).server=//p') in
  "") echo "modules.edgeHub has no address of cloudcore" ;;
  esac
}

# Says whether all other files are on the node.
files_agree() {
  for pair in $FILES; do
    cmp -s "$here/${pair%%=*}" "${pair#*=}" || return 1
  done
}

# Keeps what is on the node now. $1 is the checksum of edgecore.yaml.
back_up() {
  cp -p "$CONFIG" "$CONFIG.$1.new"
  mv "$CONFIG.$1.new" "$CONFIG.$1"
  touch "$CONFIG.$1"
  rm -rf "$STATE/old"
  mkdir -p "$STATE/old"
  for pair in $FILES; do
    if [ -e "${pair#*=}" ]; then cp -p "${pair#*=}" "$STATE/old/${pair%%=*}"; fi
  done
  sync
}

# The last three old files stay.
prune() {
  # shellcheck disable=SC2012 # The names hold only letters, digits, - and .
  ls -t "$CONFIG".* 2>/dev/null | sed -n '/\.[0-9a-f]\{12\}$/p' | sed '1,3d' |
    while read -r file; do rm -f "$file"; done
}

phase() {
  { echo "$1"; echo "$old"; echo "${2:-}"; echo "$ATTEMPT"; } >"$trial.new"
  sync
  mv "$trial.new" "$trial"
}

restart() {
  containers=$(containers_with_token)
  sh -c "$RESTART_COMMAND" || say "the command failed with exit code $?: $RESTART_COMMAND"
}

# Replaces all files. Renames the first one only when all of them are written.
replace_all() {
  beside "$work/new.yaml" "$CONFIG" || return 1
  for pair in $FILES; do beside "$here/${pair%%=*}" "${pair#*=}" || return 1; done
  sync
  mv "$CONFIG.new" "$CONFIG" || return 1
  for pair in $FILES; do mv "${pair#*=}.new" "${pair#*=}" || return 1; done
  sync
}

apply() {
  build "$CONFIG.$old"
  if ! replace_all; then
    for pair in "=$CONFIG" $FILES; do rm -f "${pair#*=}.new" || true; done
    if cmp -s "$CONFIG" "$CONFIG.$old"; then finish failed "nothing has changed: the new files cannot be written"; fi
    phase restore "the new files cannot be written"
    restore
  fi
  say "the new file is in place; restarting edgecore"
  restart
  if healthy; then
    restart_pods
    prune
    finish updated "edgecore is healthy with the new file after $took s; the old file is $CONFIG.$old"
  fi
  phase restore "edgecore is not healthy after $HEALTH_TIMEOUT s with the new file: $why"
  restore
}

restore() {
  reason=$(sed -n 3p "$trial")
  say "$reason; putting the old file back"
  put "$CONFIG.$old" "$CONFIG"
  for pair in $FILES; do
    if [ -e "$STATE/old/${pair%%=*}" ]; then put "$STATE/old/${pair%%=*}" "${pair#*=}"; fi
  done
  restart
  after="edgecore is healthy with it"
  if healthy; then restart_pods; else after="edgecore is not healthy with it either: $why"; fi
  event "$reason; the old file is back; $after"
  finish failed "$reason; the old file is back; $after"
}

# --- health ----------------------------------------------------------------------------------

uptime() { cut -d . -f 1 "$PROC/uptime"; }

# Waits until edgecore was healthy for $STEADY seconds. Sets `took`, or `why`.
healthy() {
  begin=$(uptime)
  since=""
  process=""
  notes=""
  while :; do
    now=$(uptime)
    if check; then
      [ -n "$since" ] || since=$now
      if [ $((now - since)) -ge "$STEADY" ]; then
        took=$((now - begin))
        steps=$notes
        return 0
      fi
    else
      since=""
    fi
    # An edgecore that became healthy in time gets its $STEADY seconds; one that crashes again and again ends here.
    limit=$HEALTH_TIMEOUT
    [ -z "$since" ] || limit=$((HEALTH_TIMEOUT + STEADY))
    if [ $((now - begin)) -ge "$limit" ]; then return 1; fi
    sleep 2
  done
}

# Says whether edgecore is healthy now, or within a minute.
is_healthy() {
  since=""
  process=""
  tries=1
  until check; do
    if [ "$tries" -ge 30 ]; then return 1; fi
    tries=$((tries + 1))
    sleep 2
  done
}

check() {
  notes=""
  # Each time anew: edgecore rewrites its file when it starts.
  settings=$(effective "$CONFIG" "")
  pid=$(edgecore) || { why="edgecore does not run"; return 1; }
  if [ "$pid" != "$process" ]; then
    [ -z "$process" ] || since=""
    process=$pid
    why="edgecore starts again and again"
  fi
  connected && answers && ready
}

edgecore() {
  for folder in "$PROC"/[0-9]*; do
    if [ "$(cat "$folder/comm" 2>/dev/null)" = edgecore ]; then
      case $(sed -n 's/^State:[[:space:]]*//p' "$folder/status" 2>/dev/null) in Z*) continue ;; esac
      echo "${folder##*/}"
      return 0
    fi
  done
  return 1
}

# Says whether edgecore has a connection to the port of cloudcore.
connected() {
  if [ "$(setting modules.edgeHub.quic.enable)" = true ]; then
    notes="$notes; the connection to cloudcore was not checked, because it uses quic"
    return 0
  fi
  server=$(setting modules.edgeHub.websocket.server)
  port=$(printf '%04X' "${server##*:}")
  # shellcheck disable=SC2012 # These are links with fixed names.
  sockets=$(ls -l "$PROC/$pid/fd" 2>/dev/null | sed -n 's/.*socket:\[\([0-9]*\)\]$/\1/p')
  cat "$PROC/$pid/net/tcp" "$PROC/$pid/net/tcp6" 2>/dev/null |
    awk -v port=":$port" -v sockets="$sockets" '
      BEGIN { number = split(sockets, list); for (i = 1; i <= number; i++) own[list[i]] = 1 }
      # State 01 is an open connection.
      $4 == "01" && substr($3, length($3) - 4) == port && ($10 in own) { found = 1 }
      END { exit !found }' && return 0
  why="edgecore is not connected to cloudcore at $server"
  return 1
}

# Says whether the endpoint answers as its settings say.
answers() {
  [ "$(setting modules.metaManager.metaServer.enable)" = true ] || return 0
  server=$(setting modules.metaManager.metaServer.server)
  server=${server:-127.0.0.1:10550}
  case $server in 0.0.0.0:*) server=127.0.0.1:${server##*:} ;; "[::]":*) server="[::1]:${server##*:}" ;; esac
  url=http://$server
  if [ "$(setting featureGates.requireAuthorization)" = true ]; then url=https://$server; fi
  code=$(request "$url/api/v1/services?limit=1")
  case $url:$code in
  *:unknown) notes="$notes; the endpoint was not asked, because the node has neither curl nor wget" ;;
  # A client without a token is rejected.
  http:*:200 | https:*:200 | https:*:401 | https:*:403 | https:*:500) ;;
  *:000) why="the endpoint does not answer at $url"; return 1 ;;
  *) why="the endpoint answers with HTTP $code at $url"; return 1 ;;
  esac
}

# Says whether the Node is Ready, if the endpoint lets this script read it.
ready() {
  [ "$(setting modules.metaManager.metaServer.enable)" = true ] || return 0
  node=$(setting modules.edged.hostnameOverride)
  code=$(request "$url/api/v1/nodes/${node:-$(hostname)}" "$work/node")
  # Only cloudcore's answer has no selfLink; others come from the node's database and may be old.
  if [ "$code" != 200 ] || grep -q selfLink "$work/node"; then
    notes="$notes; the condition Ready of the Node was not checked (HTTP $code)"
    return 0
  fi
  condition=$(tr -d '\n' <"$work/node" | sed 's/": */":/g; s/, *"/,"/g' | tr '}' '\n' | grep '"type":"Ready"' || true)
  case $condition in
  *'"status":"True"'*) return 0 ;;
  "") notes="$notes; the Node has no condition Ready" && return 0 ;;
  esac
  why="the Node is not Ready: $(echo "$condition" | sed -n 's/.*"message":"\([^"]*\)".*/\1/p')"
  return 1
}

# Prints the HTTP status of a request, 000 without an answer; writes the answer to $2. $3 is data to send.
request() {
  answer=${2:-/dev/null}
  mkdir -p "$work"
  : >"$work/answer"
  header="Accept: application/json"
  bearer=$(token)
  if [ -n "$bearer" ] && [ "$answer" != /dev/null ]; then header="Authorization: Bearer $bearer"; fi
  if command -v curl >/dev/null 2>&1; then
    # The token is not an argument: everybody on the node can read those.
    printf 'header = "%s"\n' "$header" |
      curl --config - --silent --insecure --max-time 15 --output "$work/answer" --write-out '%{http_code}' \
        ${3:+--header "Content-Type: application/json" --data "$3"} "$1" || true
  elif command -v wget >/dev/null 2>&1; then
    # Without the token, which would be an argument. Without -T: the wget of Debian's busybox crashes on it.
    status=$(timeout 15 wget -S --no-check-certificate -O "$work/answer" --header "Accept: application/json" \
      ${3:+--header "Content-Type: application/json" --post-data "$3"} "$1" 2>&1 |
      sed -n 's/.*HTTP\/[0-9.]* \([0-9][0-9][0-9]\).*/\1/p' | tail -n 1)
    printf '%s' "${status:-000}"
  else
    printf unknown
  fi
  if [ "$answer" != /dev/null ]; then mv "$work/answer" "$answer"; fi
}

# Prints the token of the DaemonSet's pod as edgecore mounted it last. A restart of edgecore replaces it.
token() {
  [ -n "${POD_UID:-}" ] || return 0
  folder=$(setting modules.edged.rootDirectory)
  cat "${folder:-/var/lib/kubelet}/pods/$POD_UID/volumes/kubernetes.io~projected/token/token" 2>/dev/null || true
}

# Writes an Event about the pod, so that `kubectl describe` shows the reason.
event() {
  [ -n "${POD_UID:-}" ] && [ -n "${url:-}" ] || return 0
  text=$(printf '%s' "$1" | tr -d '"\\\n')
  time=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  code=$(request "$url/api/v1/namespaces/$POD_NAMESPACE/events" "$work/event" '{"apiVersion":"v1","kind":"Event",
    "metadata":{"name":"'"$POD_NAME.$(date +%s)"'","namespace":"'"$POD_NAMESPACE"'"},"type":"Warning",
    "reason":"EdgecoreRollback","message":"'"$text"'","count":1,"firstTimestamp":"'"$time"'",
    "lastTimestamp":"'"$time"'","source":{"component":"edgecore-rollout","host":"'"$NODE_NAME"'"},
    "involvedObject":{"apiVersion":"v1","kind":"Pod","name":"'"$POD_NAME"'","uid":"'"$POD_UID"'",
    "namespace":"'"$POD_NAMESPACE"'"}}')
  case $code in 20*) ;; *) say "no Event was written (HTTP $code)" ;; esac
}

# --- pods ------------------------------------------------------------------------------------

# After a restart edgecore mounts the tokens of running pods anew, and rejects the tokens that their containers
# still see (seen on 1.20 and 1.23). Ends these containers; edgecore starts them again with their new token.
# `containers` are those that ran before the restart.
restart_pods() {
  [ "$(setting featureGates.requireAuthorization)" = true ] || return 0
  ended=""
  round=0
  while [ -n "$containers" ] && [ "$round" -lt 20 ]; do
    left=""
    for pid in $containers; do
      [ -n "$(token_mount "$pid")" ] || continue
      left="$left $pid"
      if stale "$pid"; then
        # A container that ignores TERM for 30 s is killed.
        signal=TERM
        [ "$round" -lt 10 ] || signal=KILL
        kill -s "$signal" "$pid" 2>/dev/null || true
        case " $ended " in *" $pid "*) ;; *) ended="$ended $pid" ;; esac
      fi
    done
    containers=$left
    [ -z "$containers" ] || sleep 3
    round=$((round + 1))
  done
  # shellcheck disable=SC2086
  set -- $ended
  if [ $# -gt 0 ]; then steps="$steps; restarted $# containers, because their token was no longer valid"; fi
}

# Prints the first process of each container that has a token.
containers_with_token() {
  for folder in "$PROC"/[0-9]*; do
    parent=$(sed -n 's/^PPid:[[:space:]]*//p' "$folder/status" 2>/dev/null || true)
    case $(cat "$PROC/$parent/comm" 2>/dev/null) in containerd-shim* | conmon* | docker-containe*) ;; *) continue ;; esac
    if [ -n "$(token_mount "${folder##*/}")" ]; then echo "${folder##*/}"; fi
  done
}

# Prints the device of the mount with the token of a process, "" if it has none or has ended.
token_mount() {
  sed -n 's/^[0-9]* [0-9]* \([0-9:]*\) .*kubernetes\.io\/serviceaccount .*/\1/p' "$PROC/$1/mountinfo" 2>/dev/null |
    head -n 1
}

# Says whether the node no longer has the mount with the token of a process.
stale() {
  ! grep -q "^[0-9]* [0-9]* $(token_mount "$1") .*/volumes/kubernetes\.io~" "$PROC/1/mountinfo"
}

# --- the run ---------------------------------------------------------------------------------

[ -e "$CONFIG" ] || { echo "$CONFIG is missing: join this node first" >&2; exit 1; }
mkdir -p "$STATE"
# After a restart of the machine this script may have the number of the process that was interrupted.
if [ -e "$STATE/pid" ] && [ "$(cat "$STATE/pid")" != $$ ] && grep -q update.sh "$PROC/$(cat "$STATE/pid")/cmdline" 2>/dev/null; then
  echo "update.sh already runs on this node (process $(cat "$STATE/pid"))" >&2
  exit 1
fi
echo $$ >"$STATE/pid"
rm -rf "$STATE/result" "$work"

if [ -e "$trial" ]; then
  old=$(sed -n 2p "$trial")
  say "going on after an interruption"
  # A newer attempt replaces one that failed.
  if [ "$(sed -n 1p "$trial")" = restore ] && [ "$(sed -n 4p "$trial")" = "$ATTEMPT" ]; then restore; fi
  phase apply
  apply
fi
build "$CONFIG"
if [ -n "$HOLD" ]; then
  # Files that are missing change nothing for an edgecore that runs without them.
  for pair in $FILES; do
    target=${pair#*=}
    if [ ! -e "$target" ] && ! { beside "$here/${pair%%=*}" "$target" && mv "$target.new" "$target"; }; then
      finish failed "nothing has changed: $target cannot be written"
    fi
  done
fi
if [ "$(effective "$CONFIG" "$IGNORED")" = "$(effective "$work/new.yaml" "$IGNORED")" ] && files_agree; then
  if is_healthy; then finish unchanged "edgecore already has these settings$notes"; fi
  finish failed "nothing has changed: edgecore already has these settings, but is not healthy: $why"
fi
if [ -n "$HOLD" ]; then finish held "nothing has changed: the settings of edgecore differ from the wanted ones"; fi
old=$(checksum "$CONFIG")
back_up "$old"
phase apply
apply
