#!/bin/sh
# Put dyff, with which `make bench` compares `generator diff`, into .tools/bin. The first run builds it, at the
# version in tools/dyff/go.mod.
set -eu
cd "$(dirname "$0")/.."
. tools/go.sh

# Build dyff into the folder $1.
build() {
    (cd tools/dyff && CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=mod \
        "$(go_command)" build -buildvcs=false -ldflags '-s -w' -o "$1/dyff" github.com/homeport/dyff/cmd/dyff)
}

release=$(awk '$2 == "github.com/homeport/dyff" {print $3}' tools/dyff/go.mod)
built "$cache/dyff-$release" build
link "$cache/dyff-$release" dyff
