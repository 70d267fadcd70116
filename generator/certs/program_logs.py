"""What edgecore and edgemesh-agent log about certificates that they reject, word for word.

Seen from KubeEdge 1.12 to 1.23 and EdgeMesh 1.17. Both are Go programs and log the errors of Go's
crypto/tls and crypto/x509.
"""

from __future__ import annotations

UNKNOWN = "x509: certificate signed by unknown authority"
EXPIRED = "x509: certificate has expired or is not yet valid"
USAGE = "x509: certificate specifies an incompatible key usage"
CRITICAL = "x509: unhandled critical extension"
LONG_CHAIN = "x509: too many intermediates for path length constraint"
NO_IP = "x509: cannot validate certificate for {host} because it doesn't contain any IP SANs"
LEGACY = "x509: certificate relies on legacy Common Name field, use SANs instead"
NO_NAMES = "x509: certificate is not valid for any names, but wanted to match {host}"
OTHER_NAMES = "x509: certificate is valid for {names}, not {host}"

# edgecore logs this before the error, for the certificate of a client.
VERIFY = "tls: failed to verify certificate: "

MISMATCH = "tls: private key does not match public key"
BAD_KEY = "tls: failed to parse private key"
BAD_CERTIFICATE = "tls: failed to find any PEM data in certificate input"
WAITING = "[metaserver]waiting for cert created"
NO_CA = "panic: fail to load ca content"
NIL = "panic: runtime error: invalid memory address or nil pointer dereference"

# cloudcore exits with these.
CLOUDCORE_CA = "Read tls stream ca file error"
CLOUDCORE_PAIR = "Start stream server error"

# edgemesh-agent exits with these.
UNREADABLE = "invalid configuration: [unable to read {what} {path}]"
NO_CLIENT_KEY = "client-key-data or client-key must be specified"
NO_ROOTS = "unable to load root certificates"
