"""The codes of upgrade steps: what `generator check --target-version` prints beside rules."""

from __future__ import annotations

from generator.catalogue.entries import note, table, warning

_CLUSTER_CA = (
    "replace rootCA.crt with the cluster's CA in the Secret that edgemesh-agent reads; with profile mtls "
    "also replace server.crt and server.key with a client certificate that this CA signed"
)

ENTRIES = table(
    warning(
        "upgrade-moves-key",
        means="the new release reads the key in another place",
        what="its new place is {to}, from {since} on",
        why="The new release silently ignores the key in its old place.",
    ),
    warning(
        "upgrade-drops-key",
        means="the new release does not read the key",
        what="{release} does not read it",
        why="The new release silently ignores the key. Remove it.",
    ),
    warning(
        "upgrade-changes-type",
        means="the new release takes a value of another type",
        what="{release} takes {wanted} here, and rejects the file otherwise",
        why="The program exits on a config file with a value of the wrong type.",
    ),
    warning(
        "upgrade-changes-default",
        means="the new release has another default, and the file does not set the key",
        what="its default changes from {old} to {new}; set it to keep the old one",
        why="The program uses its default for keys that the file does not set.",
    ),
    note(
        "upgrade-changes-api-version",
        means="the new release has another apiVersion",
        what="the new value is {to}",
        why="apiVersion shows for which layout the file was written. No program checks it.",
    ),
    note(
        "upgrade-changes-crd",
        means="the new release has a new or another CRD",
        what={"": "changed: {versions}", "new": "new: {versions}"},
        why="Helm does not upgrade CRDs in the folder crds/ of a chart. Apply them before the upgrade.",
    ),
    note(
        "node-checks-tokens",
        means="from 1.14 on, edgecore checks tokens and permissions itself",
        what="the node checks tokens and permissions itself; cloudcore does not check them any more",
        why="With requireAuthorization, edgecore checks the token and the RBAC rules that cloudcore sent to "
        "it. Up to 1.13 cloudcore checked both.",
        releases="KubeEdge 1.14 and newer",
    ),
    note(
        "endpoint-certificate-of-cluster",
        means="from 1.17 on, the cluster's CA signs the certificate of the endpoint",
        what="the cluster's CA signs the endpoint's certificate; cloudcore approves the signing request",
        why="edgecore creates a CertificateSigningRequest at its first start with requireAuthorization.",
        releases="KubeEdge 1.17 and newer",
    ),
    note(
        "discovery-without-token",
        means="from 1.23 on, discovery paths need no token",
        what="discovery paths such as /version are open without a token",
        why="edgecore answers these paths before it checks the token.",
        releases="KubeEdge 1.23 and newer",
    ),
    warning(
        "endpoint-ca-of-cluster",
        means="from 1.17 on, clients of the endpoint must trust the cluster's CA",
        what="the cluster's CA signs the endpoint's certificate; the endpoint accepts only client "
        "certificates of this CA",
        fix=f"after the nodes are upgraded, {_CLUSTER_CA}; then restart the pods of EdgeMesh",
        why="Up to 1.16 the files of edgecore.yaml are used, from 1.17 on edgecore gets its certificate from "
        "the cluster. EdgeMesh reads its files only at its start, so running pods keep the old CA.",
        releases="KubeEdge 1.17 and newer",
    ),
)
