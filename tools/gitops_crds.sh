#!/bin/sh
# Put the CRDs of Argo CD, Flux and External Secrets into the file .tools/bin/gitops-crds, for tests/gitops and
# tests/cluster. The first run downloads Go modules that contain them from the Go module proxy; nothing is built.
set -eu
cd "$(dirname "$0")/.."
. tools/go.sh

ARGOCD=github.com/argoproj/argo-cd/v3@v3.5.7
# The operator contains the manifests of each Flux release; no module of Flux has the CRD of HelmRelease.
FLUX_OPERATOR=github.com/controlplaneio-fluxcd/flux-operator@v0.57.0
FLUX=v2.9.3
EXTERNAL_SECRETS=github.com/external-secrets/external-secrets@v1.3.2

# Print the folder of the Go module $1.
folder_of() {
    GOTOOLCHAIN=local GOWORK=off "$(go_command)" mod download -json "$1" | sed -n 's/^.*"Dir": "\(.*\)".*$/\1/p'
}

# Write one YAML file into the folder $1. It is executable, because `built` looks for that.
collect() {
    crds=$1/gitops-crds.yaml
    argocd=$(folder_of $ARGOCD)/manifests/crds
    flux=$(folder_of $FLUX_OPERATOR)/config/data/flux/$FLUX
    external=$(folder_of $EXTERNAL_SECRETS)/config/crds/bases
    for part in "$argocd/application-crd.yaml" "$argocd/applicationset-crd.yaml" \
        "$flux/helm-controller.yaml" "$flux/kustomize-controller.yaml" "$flux/source-controller.yaml" \
        "$external/external-secrets.io_externalsecrets.yaml"; do
        echo ---
        cat "$part"
    done >"$crds"
    chmod +x "$crds"
}

path=$cache/gitops-crds-$(cksum <tools/gitops_crds.sh | tr -d ' ')
built "$path" collect
link "$path" gitops-crds
