#!/bin/sh
# Push the charts that `make package` wrote to an OCI registry:
#   ci/publish-charts.sh FOLDER TAG REGISTRY      ci/publish-charts.sh dist/charts v0.1.0 registry.example.com/kubeedge
# TAG is the git tag, v and the version of every chart. A version that the registry has already is never replaced.
# $REGISTRY_USER and $REGISTRY_PASSWORD log in; without a user there is no login. $HELM_FLAGS are more flags of
# `helm push` and `helm pull`, such as --ca-file.
# Exit codes: 0 done; 1 an archive is missing, or the registry has the version with other content; 2 wrong usage;
# 3 helm failed.
set -u

if [ $# -ne 3 ]; then
    echo "usage: $0 FOLDER TAG REGISTRY" >&2
    exit 2
fi
folder=$1 version=${2#v} registry=$3
charts='cloudcore edgecore edgemesh'

missing=0
for chart in $charts; do
    if [ ! -f "$folder/$chart-$version.tgz" ]; then
        echo "$folder/$chart-$version.tgz: does not exist (the tag $2 must be v and the version in Chart.yaml)" >&2
        missing=1
    fi
done
[ $missing = 0 ] || exit 1

work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [ -n "${REGISTRY_USER:-}" ]; then
    printf %s "${REGISTRY_PASSWORD:-}" |
        helm registry login "${registry%%/*}" --username "$REGISTRY_USER" --password-stdin || exit 3
fi

# helm push writes the time of the file into the manifest: the same time gives the same manifest. 2020-02-02 is
# the time in the archives.
TZ=UTC0 touch -t 202002020000 "$folder"/*.tgz || exit 3

code=0
for chart in $charts; do
    archive=$folder/$chart-$version.tgz
    # shellcheck disable=SC2086
    if helm pull "oci://$registry/$chart" --version "$version" --destination "$work" ${HELM_FLAGS:-} \
        >"$work/log" 2>&1; then
        if cmp -s "$archive" "$work/$chart-$version.tgz"; then
            echo "$registry/$chart:$version: is published already"
        else
            echo "$registry/$chart:$version: exists already with other content (publish a new version)" >&2
            code=1
        fi
        continue
    fi
    # The version is new, or the registry does not answer: then the push fails too.
    # shellcheck disable=SC2086
    helm push "$archive" "oci://$registry" ${HELM_FLAGS:-} || exit 3
done
exit $code
