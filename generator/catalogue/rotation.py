"""The codes of rotating a CA: states, errors, and the next steps."""

from __future__ import annotations

from generator.catalogue.entries import error, note, table

ENTRIES = table(
    # --- states
    note(
        "rotation-settled",
        means="no rotation is in progress",
        what="{bundle}: settled: one CA, which signed every certificate; next: run "
        "`generator certs rotate trust` (adds the new CA)",
        why="The bundle has one CA.",
    ),
    note(
        "rotation-trusted",
        means="both CAs are trusted, the old one signed every certificate",
        what="{bundle}: trusted: both CAs are trusted, the old one signed every certificate; next: run "
        "`generator certs rotate leaves` (renews the certificates)",
        why="The stage `trust` is done.",
    ),
    note(
        "rotation-mixed",
        means="both CAs are trusted, the new one signed some of the certificates",
        what="{bundle}: mixed: both CAs are trusted, the new one signed some certificates; next: run "
        "`generator certs rotate leaves` (renews the certificates)",
        why="The stage `leaves` was interrupted.",
    ),
    note(
        "rotation-renewed",
        means="both CAs are trusted, the new one signed every certificate",
        what="{bundle}: renewed: both CAs are trusted, the new one signed every certificate; next: run "
        "`generator certs rotate drop` (removes the old CA)",
        why="The stage `leaves` is done.",
    ),
    # --- errors
    error(
        "no-ca-in-folder",
        means="the folder has no CA of the site",
        what="has no CA of this site",
        fix="make one: generator certs issue",
        why="A rotation replaces the CA that `generator certs issue` made or was given.",
    ),
    error(
        "too-many-cas",
        means="the bundle has more than two CAs",
        what="has {number} CAs; a rotation has two",
        fix="keep the old and the new CA",
        why="The stage of a rotation is read from the old and the new CA of the bundle.",
    ),
    error(
        "leaf-of-other-ca",
        means="no CA of the bundle signed the certificate",
        what="no CA in {bundle} signed it",
        fix="issue it again: generator certs issue --force",
        why="A rotation renews the certificates of one CA.",
    ),
    error(
        "rotation-too-early",
        means="another stage of the rotation comes first",
        what="the rotation is {state}; the stage {first} comes first",
        fix="run: generator certs rotate {first}",
        why="Only neighbouring stages work together. A skipped stage breaks connections.",
    ),
    error(
        "new-ca-unusable",
        means="the new CA cannot sign now",
        what="not a CA that can sign now",
        fix="give the certificate of a CA that is valid now",
        why="It is not a CA, has expired, or is not valid yet.",
    ),
    error(
        "cluster-rotates-ca",
        means="Kubernetes rotates this CA, not generator",
        what={
            "": "from 1.17 on the CA is the cluster's, which Kubernetes rotates",
            "key": "from 1.17 on the cluster signs the client pair: "
            "generator certs issue --force --signer csr --apply",
        },
        fix={
            "": "give the cluster's new CA with --new-ca-cert",
            "key": "or give the private key of the cluster's new CA with --new-ca-key",
        },
        why="From 1.17 on edgecore trusts the cluster's CA only.",
        releases="KubeEdge 1.17 and newer",
    ),
    error(
        "ca-signs-leaves-only",
        means="the old CA cannot sign the new CA",
        what="may sign leaf certificates only and cannot sign the new CA; edgecore trusts one CA at a time",
        fix="use the profile one-way-verified during the rotation",
        why="During a rotation the old CA signs the new CA, so that edgecore accepts both. This CA cannot: "
        "its path length is 0.",
        releases="KubeEdge 1.12 to 1.16",
    ),
    # --- what was done, and the next steps
    note(
        "already-trusted",
        means="the bundle already has both CAs",
        what="{bundle} already trusts both CAs",
        why="The stage `trust` is done; repeating it changes nothing.",
    ),
    note(
        "already-renewed",
        means="the new CA already signed every certificate",
        what="every certificate of {bundle} is already renewed",
        why="The stage `leaves` is done; repeating it changes nothing.",
    ),
    note(
        "nothing-to-abandon",
        means="no rotation is in progress",
        what="{bundle}: no rotation is in progress",
        why="The bundle has one CA.",
    ),
    note(
        "apply-secrets",
        means="the Secrets that were written must be applied",
        what="apply the Secrets: kubectl apply -f secrets/ ({names})",
        why="Pods read certificates from the Secrets in the cluster.",
    ),
    note(
        "nodes-unchanged",
        means="edge nodes need no change in this stage",
        what={
            "": "edge nodes: no change; edgecore still uses the old CA",
            "cluster": "edge nodes: no change; the old CA must stay first in the ConfigMap kube-root-ca.crt",
        },
        why="edgecore trusts the first CA only, and this is still the old one: of rootCA.crt on the node up "
        "to 1.16, of the cluster's ConfigMap kube-root-ca.crt from 1.17 on.",
    ),
    note(
        "copy-to-nodes",
        means="edge nodes need the new files",
        what="edge nodes: copy rootCA.crt, server.crt and server.key to each node, then restart edgecore",
        why="edgecore reads certificates at its start only.",
    ),
    note(
        "nodes-renew-endpoint",
        means="edge nodes must change to the new CA of the cluster",
        what="edge nodes: once kube-controller-manager signs with the new CA, and the ConfigMap "
        "kube-root-ca.crt has it first, restart cloudcore; then delete the request metaserver-csr-NODE and "
        "/etc/kubeedge/pki/metaserver/metaserver-*.pem of each node, and restart edgecore there",
        why="edgecore gets the cluster's CAs from cloudcore when it starts, and accepts client certificates "
        "of the first one only. It keeps the endpoint's certificate of the old CA, which agents reject after "
        "`drop`, until it has to request a new one.",
        releases="KubeEdge 1.17 and newer",
    ),
    note(
        "restart-programs",
        means="programs must be restarted to read their new certificates",
        what="restart {programs}",
        why="Programs read certificates at their start only.",
    ),
    note(
        "next-stage",
        means="the next stage follows when this one is done everywhere",
        what="when this is done everywhere: generator certs rotate {stage}",
        why="Only neighbouring stages work together.",
    ),
)
