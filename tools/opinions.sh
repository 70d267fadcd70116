#!/bin/sh
# Put KubeEdge's own loaders of config files, one for each release, into .tools/bin as opinion-1.23 and so
# on, for the tests in tests/second_opinion, and controller-gen, for `make definitions`. The first run builds
# them from the Go module proxy, at the versions in go/pins/ (2 to 3 minutes on 2 cores).
set -eu
cd "$(dirname "$0")/.."
. tools/go.sh

CONTROLLER_GEN=v0.23.0

source=tests/second_opinion/go
state=$(find $source -type f ! -path '*/pins/*' | LC_ALL=C sort | xargs cat | cksum | tr -d ' ')

# Build the loader of minor $1 with the build tag $2 of its types into the folder $3.
build_loader() {
    go=$(go_command)
    (cd $source && CGO_ENABLED=0 GOTOOLCHAIN=local GOWORK=off GOFLAGS=-mod=readonly \
        "$go" build -buildvcs=false -ldflags '-s -w' -modfile "pins/$1.mod" -tags "$2" -o "$3/opinion" .)
}

# Build controller-gen into the folder $1.
build_controller_gen() {
    go=$(go_command)
    CGO_ENABLED=0 GOTOOLCHAIN=local GOBIN=$1 "$go" install -ldflags '-s -w' \
        "sigs.k8s.io/controller-tools/cmd/controller-gen@$CONTROLLER_GEN"
}

grep -v '^#' tests/second_opinion/releases.txt | while read -r minor module _ _ types; do
    [ "$module" != - ] || continue
    path=$cache/opinion-$minor-$state-$(cksum <$source/pins/"$minor".sum | tr -d ' ')
    built "$path" build_loader "$minor" "$types"
    link "$path" "opinion-$minor"
done

path=$cache/controller-gen-$CONTROLLER_GEN
built "$path" build_controller_gen
link "$path" controller-gen
