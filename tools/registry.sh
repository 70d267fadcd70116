#!/bin/sh
# Put a small OCI registry into .tools/bin; the tests of docs/publish.md push charts to it. The first run builds
# it from the Go module proxy, at the version in tools/registry/go.mod.
set -eu
cd "$(dirname "$0")/.."
. tools/go.sh

# Build the registry into the folder $1.
build() {
    (cd tools/registry && CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=readonly \
        "$(go_command)" build -buildvcs=false -ldflags '-s -w' -o "$1/registry" .)
}

path=$cache/registry-$(cat tools/registry/main.go tools/registry/go.mod | cksum | tr -d ' ')
built "$path" build
link "$path" registry
