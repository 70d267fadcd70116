#!/bin/sh
# Put the parts of a Kubernetes control plane into .tools/bin, for the tests in tests/cluster.
# The script looks in $KUBEBUILDER_ASSETS, then on PATH (Debian's etcd-server has etcd). Otherwise it builds
# the modules of tools/control-plane/go.mod from the Go module proxy, once (5 minutes on 2 cores).
set -eu
cd "$(dirname "$0")/.."
. tools/go.sh

PARTS='
etcd                    go.etcd.io/etcd/server/v3
kube-apiserver          k8s.io/kubernetes/cmd/kube-apiserver
kube-controller-manager k8s.io/kubernetes/cmd/kube-controller-manager
kube-scheduler          k8s.io/kubernetes/cmd/kube-scheduler
kubectl                 k8s.io/kubernetes/cmd/kubectl
'

# Print the path of part $1 if this machine already has it.
present() {
    if [ -x "${KUBEBUILDER_ASSETS:-/nonexistent}/$1" ]; then
        echo "$KUBEBUILDER_ASSETS/$1"
    else
        command -v "$1" || true
    fi
}

# Print the release of module $1 in go.mod.
pinned() {
    awk -v module="$1" '$1 == module && $2 != "=>" {print $2}' tools/control-plane/go.mod
}

# Build package $1 into the folder $2. Without the version stamps Kubernetes reports v0.0.0.
build() {
    go=$(go_command)
    stamp=k8s.io/component-base/version
    stamps="-s -w -X $stamp.gitVersion=$kubernetes -X $stamp.gitMajor=1 -X $stamp.gitMinor=$minor"
    (cd tools/control-plane && CGO_ENABLED=0 GOTOOLCHAIN=local \
        "$go" build -buildvcs=false -ldflags "$stamps" -o "$2/program" "$1")
}

kubernetes=$(pinned k8s.io/kubernetes)
minor=${kubernetes#v1.}
minor=${minor%%.*}

echo "$PARTS" | while read -r name package; do
    [ -n "$name" ] || continue
    path=$(present "$name")
    if [ -z "$path" ]; then
        path=$cache/$name-$(pinned "${package%%/cmd/*}")
        built "$path" build "$package"
    fi
    link "$path" "$name"
done
