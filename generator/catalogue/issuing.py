"""The codes of making, renewing and rotating certificates: wrong options, states, and the next steps."""

from __future__ import annotations

from generator.catalogue.entries import error, note, table, warning

ENTRIES = table(
    # --- options
    error(
        "signer-csr-not-possible",
        means="--signer csr cannot sign the certificates of this release",
        what="csr signs no server certificate for files on a node, and edgecore trusts one CA only",
        fix="use own-ca or cluster-ca",
        why="The CSR API has no signer for a server certificate with the addresses of an edge node.",
        releases="KubeEdge 1.12 to 1.16",
    ),
    error(
        "signer-not-trusted",
        means="edgecore does not trust a CA of your own",
        what="edgecore trusts the cluster's CA only and would log: {log}",
        fix="use csr or cluster-ca",
        why="From 1.17 on edgecore checks client certificates against the cluster's CA.",
        releases="KubeEdge 1.17 and newer",
    ),
    error(
        "ca-without-key",
        means="only one of --ca-cert and --ca-key was given",
        what="--ca-cert and --ca-key go together",
        fix="give both, or none",
        why="Signing needs the certificate of the CA and its private key.",
    ),
    error(
        "node-needs-no-certificate",
        means="the site needs no certificate files on its nodes",
        what="this site needs no certificate files on its nodes",
        fix="remove --node",
        why="Only edgecore from 1.12 to 1.16 with TLS reads the endpoint's certificate from a file.",
    ),
    error(
        "renewal-threshold",
        means="--at is neither a share of the lifetime nor a time",
        what="must be a share such as 66%, or a time before the end such as 30d or 720h",
        why="The option says when a certificate is due for renewal.",
    ),
    error(
        "ca-file-missing",
        means="the certificate or the key of the CA is missing",
        what="this CA cannot sign without {missing}",
        fix="restore this file, or use --ca-cert and --ca-key",
        why="Signing needs the certificate of the CA and its private key. A new CA would break all "
        "certificates in use.",
    ),
    # --- issue
    note(
        "pair-kept",
        means="the folder already has the certificate and its key",
        what={
            "": "{pair}.crt and {pair}.key are kept",
            "names": "{pair}.crt and {pair}.key are kept, but the certificate lacks the names {names}",
        },
        fix="--force makes them again",
        why="`generator certs issue` replaces a key with --force only.",
    ),
    note(
        "secrets-not-made",
        means="--signer none makes nothing",
        what="nothing to make: --signer none expects Secrets that already exist",
        why="Use another signer to make certificates.",
    ),
    note(
        "csr-not-signed-yet",
        means="the cluster still has to sign the client certificate",
        what="the cluster has not signed the client certificate yet",
        fix="run this again with --apply --approve; or: kubectl apply -f {manifest}; "
        "kubectl certificate approve {name}; then run this again with --apply",
        why="The key waits in pending/ until its certificate can be fetched.",
    ),
    error(
        "csr-of-other-key",
        means="the cluster signed a certificate for another key",
        what="signed for another key than {key}",
        fix="delete the request and run this again",
        why="A request of the same name with another key exists in the cluster.",
    ),
    note(
        "apply-issuer",
        means="cert-manager needs the Issuer that was written",
        what="apply the Issuer in the cluster where cert-manager runs: kubectl apply -f issuer.yaml",
        why="cert-manager signs with an Issuer.",
    ),
    note(
        "add-values",
        means="the site needs the values that were written",
        what="add values.yaml to the site: generator render -f SITE -f values.yaml",
        why="The values make the charts create Certificates, which cert-manager signs.",
    ),
    note(
        "issuer-needs-cluster-ca",
        means="the Issuer needs the certificate and the key of the cluster's CA",
        what="edgecore trusts the cluster's CA only from 1.17 on; give this CA to the Issuer: kubectl -n "
        "{namespace} create secret tls kubernetes-ca --cert=/etc/kubernetes/pki/ca.crt "
        "--key=/etc/kubernetes/pki/ca.key",
        fix="--signer csr needs no copy of this key",
        why="cert-manager signs with the key in this Secret.",
        releases="KubeEdge 1.17 and newer",
    ),
    # --- needs-renewal
    warning(
        "renewal-due",
        means="the certificate should be renewed now",
        what="renew now: {percent}% of its lifetime has passed, {days} days are left",
        fix="generator certs issue --force",
        why="The certificate is past the share of its lifetime that --at gives, or has expired.",
    ),
    note(
        "renewal-not-due",
        means="the certificate need not be renewed yet",
        what="fine: {percent}% of its lifetime has passed, {days} days are left",
        why="The certificate is not yet past the share of its lifetime that --at gives.",
    ),
    # --- rotate: states
    note(
        "rotation-settled",
        means="no rotation is in progress",
        what="{bundle}: settled: one CA, which signed every certificate; next: trust",
        why="The bundle has one CA.",
    ),
    note(
        "rotation-trusted",
        means="both CAs are trusted, the old one signed every certificate",
        what="{bundle}: trusted: both CAs are trusted, the old one signed every certificate; next: leaves",
        why="The stage `trust` is done.",
    ),
    note(
        "rotation-mixed",
        means="both CAs are trusted, the new one signed some of the certificates",
        what="{bundle}: mixed: both CAs are trusted, the new one signed some certificates; next: leaves",
        why="The stage `leaves` was interrupted.",
    ),
    note(
        "rotation-renewed",
        means="both CAs are trusted, the new one signed every certificate",
        what="{bundle}: renewed: both CAs are trusted, the new one signed every certificate; next: drop",
        why="The stage `leaves` is done.",
    ),
    # --- rotate: what stands in the way
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
            "key": "or give the key of the cluster's new CA",
        },
        why="From 1.17 on edgecore trusts the cluster's CA only.",
        releases="KubeEdge 1.17 and newer",
    ),
    error(
        "ca-signs-leaves-only",
        means="the old CA cannot sign the new CA",
        what="may sign leaf certificates only and cannot sign the new CA; edgecore trusts one CA at a time",
        fix="use the profile one-way-verified during the rotation",
        why="The path length of the old CA is 0. Its signature on the new CA lets edgecore accept both.",
        releases="KubeEdge 1.12 to 1.16",
    ),
    # --- rotate: what was done, and the next steps
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
        what="edge nodes: no change; edgecore still uses the old CA",
        why="edgecore up to 1.16 trusts the first CA of rootCA.crt, and this is still the old one.",
    ),
    note(
        "copy-to-nodes",
        means="edge nodes need the new files",
        what="edge nodes: copy rootCA.crt, server.crt and server.key to each node, then restart edgecore",
        why="edgecore reads certificates at its start only.",
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
