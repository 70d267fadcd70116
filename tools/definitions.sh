#!/bin/sh
# Generate the schemas of KubeEdge's custom resources from the Go types of each available release
# (tests/second_opinion/releases.txt), and write them to the file $1: `make definitions`.
set -eu
cd "$(dirname "$0")/.."
out=${1:-generator/upstream/data/schemas.json}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The same flags that upstream uses for its CRDs, but without the descriptions, which are upstream's text.
options=crd:maxDescLen=0,allowDangerousTypes=true,generateEmbeddedObjectMeta=true

. tools/go.sh
PATH=$(dirname "$(command -v "$(go_command)")"):$PATH
generator=$PWD/.tools/bin/controller-gen
grep -v '^#' tests/second_opinion/releases.txt | while read -r minor module _; do
    case $minor,$module in
    *,-) continue ;;
    1.8,*) continue ;; # its types have a field that is no JSON, and its own definitions are older than schemas
    1.10,*) base=$module/cloud/pkg/apis ;;
    *,*/api) base=$module/apis ;;
    *) base=$module/pkg/apis ;;
    esac
    paths=
    for group in apps devices operations policy reliablesyncs rules; do
        paths="$paths paths=$base/$group/..."
    done
    # shellcheck disable=SC2086
    (cd tests/second_opinion/go && GOWORK=off GOTOOLCHAIN=local GOFLAGS="-mod=readonly -modfile=pins/$minor.mod" \
        "$generator" $options $paths "output:crd:dir=$scratch/$minor")
done
.venv/bin/python -m tests.second_opinion.gather "$scratch" "$out"
