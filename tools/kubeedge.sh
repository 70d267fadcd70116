#!/bin/sh
# Put cloudcore, edgecore and keadm of the releases in tools/kubeedge/ into .tools/bin, for the tests in
# tests/edge: cloudcore-1.23, edgecore-1.23, keadm-1.23 and so on; and edge-client, the client of these tests.
# They are built from the Go module proxy, once. edgecore stores its data in SQLite: this needs a C compiler.
#   kubeedge.sh [RELEASE...]
set -eu
cd "$(dirname "$0")/.."
. tools/go.sh

PROGRAMS='cloud/cmd/cloudcore edge/cmd/edgecore keadm/cmd/keadm'

# Print the version of KubeEdge that tools/kubeedge/$1 pins.
pinned() {
    sed -n 's/^require github.com\/kubeedge\/kubeedge //p' "tools/kubeedge/$1/go.mod"
}

# Build package $2 of release $1 into the folder $3. Without the stamp KubeEdge reports v0.0.0.
build() {
    version=$(pinned "$1")
    go=$(go_command)
    module=$3/module
    mkdir "$module"
    cp "tools/kubeedge/$1/go.mod" "tools/kubeedge/$1/go.sum" "$module"
    case $1 in 1.20) older_beehive "$module" ;; esac
    (cd "$module" && CGO_ENABLED=1 GOTOOLCHAIN=local CGO_CFLAGS='-O1 -g0' \
        "$go" build -buildvcs=false -o "$3/program" \
        -ldflags "-s -w -X github.com/kubeedge/kubeedge/pkg/version.gitVersion=$version" \
        "github.com/kubeedge/kubeedge/$2")
    rm -r "$module"
}

# KubeEdge 1.20 was released with a beehive of its own tree, which no module carries. The oldest published
# beehive asks each module for a restart policy, which those of 1.20 do not have: make it optional.
older_beehive() {
    beehive=$(sed -n 's/^.*=> github.com\/kubeedge\/beehive //p' "$1/go.mod")
    found=$(cd "$1" && GOTOOLCHAIN=local "$go" mod download -json "github.com/kubeedge/beehive@$beehive" |
        sed -n 's/^.*"Dir": "\(.*\)".*$/\1/p')
    cp -r "$found" "$1/beehive"
    chmod -R u+w "$1/beehive"
    core=$1/beehive/pkg/core
    sed -i '/^\tRestartPolicy() /d' "$core/module.go"
    sed -i 's/policy := m.module.RestartPolicy()/policy := restartPolicy(m.module)/' "$core/core.go"
    cat >>"$core/core.go" <<'GO'

func restartPolicy(module Module) *ModuleRestartPolicy {
	if restarts, ok := module.(interface{ RestartPolicy() *ModuleRestartPolicy }); ok {
		return restarts.RestartPolicy()
	}
	return nil
}

// EnableModuleRestart does nothing: no module of 1.20 restarts.
func EnableModuleRestart() {}
GO
    sed -i "s#=> github.com/kubeedge/beehive .*#=> ./beehive#" "$1/go.mod"
}

for release in ${*:-$(ls tools/kubeedge)}; do
    for package in $PROGRAMS; do
        name=${package##*/}
        # Built again if its modules or this script change.
        path=$cache/$name-$(pinned "$release")-$(cat tools/kubeedge.sh "tools/kubeedge/$release"/* | sha256sum | cut -c 1-8)
        built "$path" build "$release" "$package"
        link "$path" "$name-$release"
    done
done

# The stand-in for edgemesh-agent. Its name in the cache contains its source.
build_client() {
    go=$(go_command)
    (cd tests/edge/client && CGO_ENABLED=0 GOTOOLCHAIN=local \
        "$go" build -buildvcs=false -ldflags '-s -w' -o "$1/program" .)
}

path=$cache/edge-client-$(cat tests/edge/client/* | sha256sum | cut -c 1-12)
built "$path" build_client
link "$path" edge-client
