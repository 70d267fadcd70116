"""Detects in the output of helm and kubectl that the API server is away or denies a request.

These programs have no exit codes for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_AWAY = re.compile(
    r"connection refused|connection reset|connection lost|unreachable|i/o timeout|TLS handshake timeout"
    r"|\bEOF\b|no route to host|etcdserver|is currently unable to handle|apiserver not ready"
    r"|Service Unavailable",
    re.IGNORECASE,
)
# What the API server says about its connection to the kubelet port of a node.
_REFUSED = re.compile(
    r"dial tcp \S+:(?P<port>\d+): (?:connect: connection refused|i/o timeout|connect: no route)"
)
_OTHER_NAME = re.compile(r"certificate is valid for [^;]*?, not (?P<address>[^\s\"]+)")
# cloudcore closes the connection without a reason if it has no tunnel to the node.
_NO_SESSION = re.compile(r"Internal error occurred:\s*\Z|can not find \S+ session")


def is_away(stderr: str) -> bool:
    """Return whether a command failed because the API server did not answer or stopped answering."""
    return _AWAY.search(stderr) is not None


def is_missing(stderr: str) -> bool:
    """Return whether the API server does not have the path or the object that kubectl requested."""
    return "(NotFound)" in stderr or "could not find the requested resource" in stderr


def is_denied(stderr: str) -> bool:
    """Return whether the API server denied a request of kubectl, because a role does not allow it."""
    return "(Forbidden)" in stderr


@dataclass(frozen=True)
class StreamFailure:
    """Why the API server cannot read a log from an edge node; empty fields do not apply.

    `refused` is the port of the node where the connection failed. `session` says that cloudcore has no tunnel
    to the node. `kubelet_ca` is the address that the stream certificate does not contain.
    """

    denied: bool = False
    refused: str = ""
    session: bool = False
    kubelet_ca: str = ""


def stream_failure(stderr: str) -> StreamFailure:
    """Return why a log request through the API server failed (seen with KubeEdge 1.23, METASERVER_TLS m)."""
    refused = _REFUSED.search(stderr)
    other = _OTHER_NAME.search(stderr)
    return StreamFailure(
        denied=is_denied(stderr),
        refused=refused["port"] if refused else "",
        session=_NO_SESSION.search(stderr) is not None,
        kubelet_ca=other["address"] if other else "",
    )
