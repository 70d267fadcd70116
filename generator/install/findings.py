"""What in an installation is not as it should be, each with its code and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from generator.certs.expiry import Expiry
from generator.errors import Problem, count, plain
from generator.install import requests
from generator.install.access import renew_command
from generator.install.nodes import names
from generator.install.status import ReleaseStatus, Status

_RESTART = "kubectl --namespace kubeedge rollout restart deployment/cloudcore"
# What is lost with each Secret that cloudcore makes for itself, and the way back.
_OWN = {
    "tokensecret": ("no edge node can join without it", f"cloudcore makes it when it starts: {_RESTART}"),
    "cloudcoresecret": (
        "it is cloudcore's certificate, and edge nodes cannot connect without it",
        f"cloudcore makes it when it starts: {_RESTART}",
    ),
    "casecret": (
        "it is the CA of cloudcore and of every edge node",
        "restore it before cloudcore restarts: it then makes another CA, and every node must join again",
    ),
}
_DELETE = "kubectl delete csr {}"
_REQUESTS = {
    requests.PENDING: (
        "is not approved",
        "cloudcore approves it with featureGates.requireAuthorization on and its role from the chart",
    ),
    requests.NOT_ISSUED: (
        "is approved and not issued",
        "kube-controller-manager needs --cluster-signing-cert-file and --cluster-signing-key-file",
    ),
    requests.REJECTED: ("was denied or failed", _DELETE),
    requests.BLOCKS: ("is of the node before it joined anew, and the node cannot ask again", _DELETE),
}


def findings(status: Status) -> list[Problem]:
    """Return what is not as it should be; nothing where nothing is installed.

    Access objects and certificate requests outlive their installation.
    """
    if not status.installed:
        return []
    return [
        *(finding for one in status.releases for finding in _of_release(one)),
        *_of_site(status),
        *_of_secrets(status),
        *_of_access(status),
        *_of_requests(status),
    ]


def _of_release(one: ReleaseStatus) -> Iterator[Problem]:
    if one.live is None:
        return
    where = f"release {one.name}"
    if not one.live.deployed:
        what = f"revision {one.live.revision} is {one.live.status}"
        yield plain(where, "", what, code="release-not-deployed")
    if one.drift is not None and one.drift.differences:
        yield plain(where, "", f"{count(len(one.drift.differences), 'object')} drifted", code="drift")
    for title, what in one.shortages:
        yield plain(where, title, what, code="pods-missing")


def _of_site(status: Status) -> Iterator[Problem]:
    if len(status.profiles) > 1:
        named = ", ".join(f"{one.name} {one.profile or 'none'}" for one in status.releases if one.live)
        yield plain("", "", f"the releases are of different profiles: {named}", code="profiles-differ")
    if len(set(status.tls.values())) > 1:
        named = ", ".join(f"{chart} {'on' if on else 'off'}" for chart, on in sorted(status.tls.items()))
        what = f"TLS of the endpoint is on in one part and off in another: {named}"
        yield plain("", "", what, code="tls-in-part")


def _of_secrets(status: Status) -> Iterator[Problem]:
    for need in status.missing:
        where = f"secret {need.namespace}/{need.name}"
        yield plain(where, "", f"is not there; needed by {need.reader}", code="secret-missing")
    for need in status.incomplete:
        where, lost = f"secret {need.namespace}/{need.name}", ", ".join(sorted(need.keys))
        yield plain(where, "", f"has no key {lost}; needed by {need.reader}", code="secret-key-missing")
    for namespace, name in status.own_missing:
        why, fix = _OWN[name]
        where = f"secret {namespace}/{name}"
        yield plain(where, "", f"is not there; {why}", fix, code="cloudcore-secret-missing")
    for end in status.certificates:
        if end.due(status.now, status.days):
            yield plain(f"secret {end.secret}", end.key, ends(end, status.now), code="certificate-ends")


def _of_access(status: Status) -> Iterator[Problem]:
    """Yield the access objects that matter: with TLS off in cloudcore, nobody reads what is left of them."""
    if not status.tls.get("cloudcore", True):
        return
    for one in status.undelivered:
        what = (
            f"not acknowledged by {names(one.missing)}: the node answers the tokens of this account with 401"
        )
        wait = "cloudcore sends it within seconds of the connection; see its log"
        renew = f"once the node is Ready: {renew_command(one.namespace, one.name)}"
        fix = wait if status.heals else renew
        yield plain(one.title, "", what, fix, code="access-not-acknowledged")


def _of_requests(status: Status) -> Iterator[Problem]:
    if not status.tls.get("cloudcore", True):
        return
    for one in status.requests.blocked:
        what, fix = _REQUESTS[one.code]
        what = f"{what}: nothing listens at the endpoint of {one.node}"
        yield plain(f"csr {one.request}", "", what, fix.format(one.request), code=one.code)


def ends(end: Expiry, now: datetime) -> str:
    """Say when a certificate ends."""
    days = end.days(now)
    left = f"in {days} days" if days >= 0 else "it is over"
    return f"{end.subject or 'certificate'} ends on {end.ends:%Y-%m-%d}, {left}"
