#!/bin/sh
# Build the Helm releases for the tests from the Go module proxy, and link them in .tools/bin.
# The user's cache keeps them, so only the first checkout has to build (2 to 6 minutes).
set -eu
cd "$(dirname "$0")/.."
. tools/go.sh

# Name, release, and the minor of the Kubernetes release that its client-go belongs to: oldest
# supported Helm 3, newest Helm 3, Helm 4 (which reads the last from its own build information).
RELEASES='
3.10 3.10.1 25
3.22 3.22.0 37
4.3  4.3.1  -
'
# Build release $1 into the folder $3, with the version stamps that the official binaries carry: a bare
# `go install` of Helm 3 assumes that the cluster runs Kubernetes 1.20.
build() {
    module=helm.sh/helm/v${1%%.*}
    stamps="-s -w -X $module/internal/version.version=v$1"
    if [ "$2" != - ]; then
        stamps="$stamps -X $module/pkg/chartutil.k8sVersionMinor=$2 -X $module/pkg/lint/rules.k8sVersionMinor=$2"
    fi
    go=$(go_command)
    CGO_ENABLED=0 GOTOOLCHAIN=local GOBIN=$3 "$go" install -ldflags "$stamps" "$module/cmd/helm@v$1"
}

echo "$RELEASES" | while read -r name release kubernetes; do
    [ -n "$name" ] || continue
    built "$cache/helm-$release" build "$release" "$kubernetes"
    link "$cache/helm-$release" "helm-$name"
done
