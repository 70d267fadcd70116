"""The codes of certificates: what a program rejects, and what a site lacks."""

from __future__ import annotations

from generator.catalogue.entries import error, note, table, warning

_ISSUE = "make it: generator certs issue"
_REISSUE = "issue it again: generator certs issue --force"
_CLOCK = "check the clock of this machine"

ENTRIES = table(
    # --- what a certificate is for
    error(
        "ca-unknown",
        means="the other side does not trust the CA that signed the certificate",
        what={
            "": "issued by {issuer}, which {trusted} does not contain, or which did not sign it",
            "first-block": "issued by {issuer}, which {trusted} does not contain, or which did not sign it; "
            "edgecore does not send the blocks after the first",
            "cluster": "issued by {issuer}, which {trusted} does not contain, or which did not sign it; from "
            "1.17 on it must be the cluster's CA",
            "csr": "the cluster's own bundle does not contain {issuer}, which signed it",
        },
        fix={
            "": "sign it with the CA that the other side trusts",
            "csr": "check whether --cluster-signing-cert-file names the cluster's CA",
        },
        why="The TLS handshake fails. Two CAs may have the same name and different keys.",
    ),
    error(
        "certificate-expired",
        means="the certificate has expired",
        what="expired on {ended} UTC",
        fix=_REISSUE,
        why="Every program rejects an expired certificate.",
    ),
    error(
        "certificate-not-yet-valid",
        means="the validity of the certificate begins in the future",
        what="not valid before {begins} UTC",
        fix=_CLOCK,
        why="The clock of the machine that signed it, or of this one, is wrong.",
    ),
    error(
        "ca-expired",
        means="the CA has expired",
        what=("the CA {name} in {trusted} expired on {ended} UTC", "the CA expired on {ended} UTC"),
        fix={"": "issue a new CA and new certificates", "rotate": "move the folder away and issue all anew"},
        why="Programs reject every certificate of an expired CA. A rotation needs a CA that is still valid.",
    ),
    error(
        "ca-not-yet-valid",
        means="the validity of the CA begins in the future",
        what=(
            "the CA {name} in {trusted} is not valid before {begins} UTC",
            "the CA is not valid before {begins} UTC",
        ),
        fix=_CLOCK,
        why="The clock of the machine that made it, or of this one, is wrong.",
    ),
    error(
        "not-a-ca",
        means="the certificate cannot sign others",
        what="not a CA certificate",
        fix="give the certificate of a CA",
        why="Its basic constraints or its key usage do not allow it to sign certificates.",
    ),
    error(
        "wrong-use",
        means="the certificate, or its CA, is not for this use (server or client)",
        what={
            "": "it is for {uses}, not {use} auth",
            "ca": "its CA {name} is for {uses}, not {use} auth",
        },
        fix={"": "issue one for this use", "ca": "sign with a CA for this use"},
        why="The extended key usage of a certificate lists what it is for. Go checks that of the CA too.",
    ),
    error(
        "chain-too-long",
        means="the CA does not allow so many certificates below it",
        what="its issuer {issuer} is an intermediate CA, and the path length of a CA above it does "
        "not allow one",
        fix="sign with the CA itself",
        why="The path length of a CA limits the number of CAs below it.",
    ),
    error(
        "critical-extension",
        means="the certificate has a critical extension that Go does not know",
        what="it has the critical extension {extension}",
        fix="issue it without this extension",
        why="A program must reject a certificate with a critical extension that it does not know.",
    ),
    error(
        "host-not-in-certificate",
        means="the certificate does not name the host of the URL",
        what=("its names are {names}", "it has no subject alternative names"),
        fix="issue one with {host} among its names",
        why="A client needs the host of its URL among the subject alternative names.",
    ),
    error(
        "host-in-common-name-only",
        means="only the common name of the certificate is the host of the URL",
        what="it has no subject alternative names; the common name does not count",
        fix="issue one with {host} among its names",
        why="Go ignores the common name since Go 1.15.",
    ),
    # --- what a site needs
    error(
        "certificate-file-missing",
        means="the site needs a certificate or key file that was not given",
        what="the file is missing",
        fix=_ISSUE,
        why="The program waits for the file or exits without it.",
    ),
    error(
        "cluster-ca-not-trusted",
        means="agents do not trust the cluster's CA",
        what="the cluster's CA, {cluster}, signs the endpoint's certificate and is not in this file",
        fix="put the cluster's CA into rootCA.crt",
        why="From 1.17 on the cluster signs the certificate of the endpoint.",
        releases="KubeEdge 1.17 and newer",
    ),
    warning(
        "cluster-ca-not-given",
        means="the cluster's CA was not given, so certificates cannot be checked against it",
        what="not checked whether the cluster's CA signed these files; from 1.17 on edgecore accepts no "
        "other CA: {files}",
        fix="give it as cluster-ca=FILE: kubectl get configmap kube-root-ca.crt -n kube-system "
        "-o jsonpath='{.data.ca\\.crt}' > FILE",
        why="No file says that it is the cluster's CA.",
        releases="KubeEdge 1.17 and newer",
    ),
    note(
        "no-certificate-needed",
        means="the site needs no certificate files",
        what={
            "": "this site needs no certificate files",
            "verify": "nothing was verified: this site needs no certificate files",
        },
        why="The endpoint is off or plain HTTP, or the cluster makes its certificate.",
    ),
    note(
        "server-file-ignored",
        means="edgecore does not read a server certificate from a file",
        what="edgecore ignores it from 1.17 on",
        why="From 1.17 on edgecore requests its certificate from the cluster.",
        releases="KubeEdge 1.17 and newer",
    ),
    note(
        "blocks-ignored",
        means="edgecore reads only the first PEM block of the file",
        what="edgecore trusts the first of its {blocks} PEM blocks only",
        why="edgecore up to 1.16 reads the first PEM block of each file and no other.",
        releases="KubeEdge 1.12 to 1.16",
    ),
    note(
        "certificate-expires-soon",
        means="the certificate expires within 30 days",
        what="expires in {days} days",
        fix=_REISSUE,
        why="Programs read a certificate at their start, so plan for a restart.",
    ),
)
