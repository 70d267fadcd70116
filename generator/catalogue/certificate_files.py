"""The codes of certificate and key files: their content, and what they can be used for."""

from __future__ import annotations

from generator.catalogue.entries import error, note, table

# The programs cannot decrypt a key, and read only the usual formats.
_PLAIN_KEY = (
    "write the key as PKCS #8 without a password: openssl pkcs8 -topk8 -nocrypt -in OLD.key -out NEW.key"
)
_REISSUE = "issue it again: generator certs issue --force"

ENTRIES = table(
    # --- the content of a file
    error(
        "no-certificate",
        means="the file has no certificate",
        what="has no certificate",
        fix={
            "": "",
            "program": "write it as PEM, from DER with: openssl x509 -inform der -in OLD.crt -out NEW.crt",
        },
        why="A certificate in PEM begins with -----BEGIN CERTIFICATE-----.",
    ),
    error(
        "certificate-unreadable",
        means="the file has a certificate that cannot be decoded",
        what="has a certificate that cannot be read",
        fix={"": "", "program": _REISSUE},
        why="The file was cut off or changed, or the certificate has a format that is not supported.",
    ),
    error(
        "no-private-key",
        means="the file has no private key",
        what="has no private key",
        fix={"": "", "program": _PLAIN_KEY},
        why="A private key in PEM begins with -----BEGIN PRIVATE KEY----- or a similar line.",
    ),
    error(
        "key-encrypted",
        means="the private key needs a password",
        what="the private key is encrypted",
        fix={"": "give its password with --ca-password-file", "program": _PLAIN_KEY},
        why="cloudcore, edgecore and EdgeMesh cannot read encrypted keys. generator needs the password of a "
        "CA's key to sign with it.",
    ),
    error(
        "key-not-encrypted",
        means="a password was given for a private key that has none",
        what="the private key is not encrypted",
        fix="remove --ca-password-file",
        why="The password belongs to another key, or the key was stored without one.",
    ),
    error(
        "wrong-password",
        means="the password does not decrypt the private key",
        what="wrong password for the private key",
        why="The file of --ca-password-file has the password of another key.",
    ),
    error(
        "key-unreadable",
        means="the private key cannot be decoded",
        what="the private key cannot be read",
        fix={"": "", "program": _PLAIN_KEY},
        why="The file was cut off or changed.",
    ),
    error(
        "key-type-unsupported",
        means="the private key is neither ECDSA, RSA nor Ed25519",
        what="the type of the private key is not supported",
        fix="use ECDSA or RSA",
        why="Programs written in Go cannot use other types of keys for TLS.",
    ),
    error(
        "key-of-other-certificate",
        means="the private key and the certificate do not belong together",
        what="the private key does not belong to {certificate}",
        fix={"": "", "program": "use a key and a certificate from the same run of `generator certs issue`"},
        why="A program that loads the two exits. The pair was mixed from two runs, or one file was replaced.",
    ),
    error(
        "not-pem",
        means="the file has no PEM block",
        what="has no PEM block",
        fix="write it as PEM",
        why="edgecore up to 1.16 crashes on such a file.",
        releases="KubeEdge 1.12 to 1.16",
    ),
    error(
        "first-block-not-certificate",
        means="the first PEM block of the file is not a certificate",
        what="the first PEM block is not a certificate",
        fix="put the certificate first",
        why="edgecore up to 1.16 reads the first PEM block of each file and no other.",
        releases="KubeEdge 1.12 to 1.16",
    ),
    error(
        "first-block-not-key",
        means="the first PEM block of the file is not a private key",
        what="the first PEM block is {label}; edgecore reads no other",
        fix="keep only the PRIVATE KEY block",
        why="edgecore up to 1.16 reads the first PEM block of each file and no other. `openssl ecparam "
        "-genkey` writes EC PARAMETERS first.",
        releases="KubeEdge 1.12 to 1.16",
    ),
    # --- files and arguments
    error(
        "role-twice",
        means="two different files have the same role",
        what="{role} was given twice with different content; also {other}",
        fix="give one of them",
        why="Each role (ca, server-cert, ...) stands for one file.",
    ),
    error(
        "role-unknown",
        means="the name of the file does not tell its role",
        what="the name of the file does not tell its role",
        fix="write ROLE={file}, with ROLE one of {roles}",
        why="Files with their usual names (rootCA.crt, server.key, ...) need no role.",
    ),
    error(
        "no-certificate-files",
        means="the folder has no certificate files",
        what="has none of {files}",
        why="Files in a folder are found by their usual names.",
    ),
    error(
        "secret-not-used",
        means="the site does not use a Secret of this name",
        what="the site does not use the Secret {name}",
        fix=("it uses {known}", "it uses none"),
        why="The keys of a Secret have a role only for a Secret that the site names.",
    ),
    error(
        "no-secret-object",
        means="the YAML file has no Secret",
        what="has no Secret",
        why="A YAML file is read as the manifest of one or more Secrets.",
    ),
    error(
        "not-base64",
        means="a value of a Secret is not base64",
        what="data.{name} is not base64",
        fix="use stringData for plain text",
        why="Kubernetes rejects such a Secret.",
    ),
    error(
        "server-without-tls",
        means="the server does not use TLS",
        what="the server does not use TLS",
        why="A server shows its certificate in the TLS handshake only.",
    ),
    error(
        "server-unreachable",
        means="no connection to the server",
        what="cannot be reached: {reason}",
        why="The text after the colon is the reason that the operating system gives.",
    ),
    # --- what `inspect` reports
    note(
        "use-as-ca",
        means="the certificate is a CA",
        what="use as rootCA.crt or streamCA.crt: a program that trusts this CA trusts every certificate that "
        "it signed",
        why="It can sign certificates.",
    ),
    note(
        "use-as-endpoint-server",
        means="edgecore can serve the endpoint with it",
        what="use as server.crt of edgecore 1.12 to 1.16 (newer ones make their own) at {hosts}",
        why="It is for servers and has IP addresses among its names.",
    ),
    note(
        "use-as-other-server",
        means="a server can use it, the endpoint cannot",
        what="use for a server at {hosts}; not for the endpoint, which clients reach by an IP address",
        why="It is for servers and has DNS names only.",
    ),
    note(
        "server-without-names",
        means="it is for servers, and clients cannot verify it",
        what="no client can verify a server with it: it has no subject alternative names",
        why="Go looks for the host of the URL among the subject alternative names only.",
    ),
    note(
        "use-as-client",
        means="edgemesh-agent can present it to edgecore",
        what="use as the certificate that edgemesh-agent presents with mtls, if edgecore trusts its CA",
        why="It is for clients.",
    ),
    note(
        "use-elsewhere",
        means="it is neither for servers nor for clients",
        what="not for the endpoint: it is for {uses}",
        why="Its extended key usage has neither server auth nor client auth.",
    ),
    note(
        "use-with-certificate",
        means="the file is a private key",
        what="use with its certificate; the key is not shown",
        why="A private key is secret.",
    ),
    note(
        "block-without-use",
        means="no program uses this PEM block",
        what="no use; edgecore up to 1.16 does not read the blocks after it",
        why="edgecore up to 1.16 reads the first PEM block of each file and no other.",
    ),
)
