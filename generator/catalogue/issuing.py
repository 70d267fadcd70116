"""The codes of planning, making and renewing certificates: reasons, wrong options, and the next steps."""

from __future__ import annotations

from generator.catalogue.entries import error, note, table, warning

ENTRIES = table(
    # --- plan
    note(
        "server-pair",
        means="edgecore needs a server certificate in a file",
        what="edgecore {release} serves the endpoint with it; the certificate must name the host of the URL",
        why="Up to 1.16 edgecore reads the endpoint's certificate from a file on each node.",
        releases="KubeEdge 1.12 to 1.16",
    ),
    note(
        "client-pair",
        means="clients of the endpoint need a client certificate",
        what={
            "": "presented to edgecore by {clients}",
            "cluster": "presented to edgecore by {clients}; edgecore accepts only the cluster's CA",
        },
        why="With the profile mtls edgecore checks the certificate of each client.",
    ),
    note(
        "stream-pair",
        means="cloudcore needs a certificate for its stream server",
        what="cloudcore serves kubectl logs and exec with it, and exits without it",
        why="The site sets cloudCore.streamCertificate.",
    ),
    note(
        "endpoint-certificate-from-cluster",
        means="edgecore gets the endpoint's certificate from the cluster",
        what="endpoint: edgecore requests its certificate from the cluster (signer "
        "kubernetes.io/kubelet-serving) for {hosts}; cloudcore approves the request, kube-controller-manager "
        "signs it; edgecore ignores files on the node",
        why="From 1.17 on edgecore requests its certificate through the CSR API.",
        releases="KubeEdge 1.17 and newer",
    ),
    note(
        "endpoint-without-certificate",
        means="the endpoint uses no TLS",
        what="endpoint: off or plain HTTP, without a certificate",
        why="TLS needs the feature gate requireAuthorization, and KubeEdge 1.12 or newer.",
    ),
    note(
        "cloudhub-certificate",
        means="cloudcore signs its own certificate for edgecore",
        what=(
            "cloudHub: cloudcore signs its own certificate at its first start, for {hosts}",
            "cloudHub: cloudcore signs its own certificate at its first start, for the address of its host",
        ),
        why="cloudcore stores the certificate in the Secret cloudcoresecret and does not renew its names.",
    ),
    note(
        "stream-secret-to-set",
        means="the site does not name the Secret of the stream certificate yet",
        what="the site names no certificate for cloudStream; this is for the Secret {secret}",
        fix="apply the Secret, and add it to the site: --set "
        "cloudCore.streamCertificate.existingSecret={secret}",
        why="`--for streams` also works before cloudCore.streamCertificate is set.",
    ),
    # --- options
    error(
        "signer-csr-not-possible",
        means="--signer csr cannot sign the certificates of this release",
        what="with --signer csr the cluster signs client certificates only; the server certificate needs "
        "another CA, and edgecore up to 1.16 trusts one CA only",
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
        what="from 1.17 on edgecore trusts only the cluster's CA; give this CA to the Issuer: kubectl -n "
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
)
