#!/bin/sh
# Run `ct lint` on the charts $@: helm lint with the defaults and with each file in ci/, yamllint, and yamale on
# Chart.yaml. The first run builds ct, at the version in tools/chart-testing/go.mod.
set -eu
cd "$(dirname "$0")/.."
. tools/go.sh

# Build ct into the folder $1.
build() {
    (cd tools/chart-testing && CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=mod \
        "$(go_command)" build -buildvcs=false -ldflags '-s -w' -o "$1/ct" github.com/helm/chart-testing/v3/ct)
}

release=$(awk '$2 == "github.com/helm/chart-testing/v3" {print $3}' tools/chart-testing/go.mod)
built "$cache/ct-$release" build
link "$cache/ct-$release" ct

# ct runs `helm`, `yamllint` and `yamale` from PATH.
programs=$(mktemp -d)
trap 'rm -rf "$programs"' EXIT
ln -s "$PWD/.tools/bin/helm-4.3" "$programs/helm"
for chart; do
    printf 'chart-testing: %s\n' "$chart"
    PATH=$programs:$PWD/.venv/bin:$PATH .tools/bin/ct lint --config tools/chart-testing/ct.yaml --charts "$chart" \
        >"$programs/log" 2>&1 || {
        cat "$programs/log"
        exit 1
    }
done
