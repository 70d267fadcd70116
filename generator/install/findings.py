"""The findings of `generator status`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from generator.catalogue.message import Message, say
from generator.certs.expiry import Expiry
from generator.errors import Problem, count
from generator.install.access import renew_command
from generator.install.node_names import names
from generator.install.prerequisites import OWN_CERTIFICATES
from generator.install.rollout import Rollouts, restart_command
from generator.install.status import ReleaseStatus, Status

_MOST_NODES = 20


def findings(status: Status) -> list[Problem]:
    """Return every finding, none if no release is installed.

    Access objects and certificate requests stay after an uninstall, so they alone are not findings.
    """
    if not status.installed:
        return []
    return [
        *(finding for one in status.releases for finding in _of_release(one)),
        *_of_site(status),
        *of_rollouts(status.rollouts, status.namespace),
        *_of_secrets(status),
        *_of_access(status),
        *_of_requests(status),
    ]


def _of_release(one: ReleaseStatus) -> Iterator[Problem]:
    if one.live is None:
        return
    where = f"release {one.name}"
    if not one.live.deployed:
        message = say("release-not-deployed", revision=one.live.revision, state=one.live.status)
        yield Problem(where, "", message)
    if one.drift is not None and one.drift.differences:
        yield Problem(where, "", say("drift", objects=count(len(one.drift.differences), "object")))
    for title, message in one.shortages:
        yield Problem(where, title, message)


def _of_site(status: Status) -> Iterator[Problem]:
    if len(status.profiles) > 1:
        named = [f"{one.name} {one.profile or 'none'}" for one in status.releases if one.live]
        yield Problem("", "", say("profiles-differ", profiles=named))
    if len(set(status.tls.values())) > 1:
        named = [f"{chart} {'on' if on else 'off'}" for chart, on in sorted(status.tls.items())]
        yield Problem("", "", say("tls-in-part", states=named))


def of_rollouts(found: Rollouts, namespace: str) -> Iterator[Problem]:
    """Yield the findings of the rollouts of edgecore.yaml."""
    for group in found.groups:
        where = f"daemonset {group.daemonset}"
        failed = list(group.failed.items())
        for node, reason in failed[:_MOST_NODES]:
            yield Problem(where, f"node {node}", say("rollout-failed", reason=reason))
        if len(failed) > _MOST_NODES:
            more = names([node for node, _ in failed[_MOST_NODES:]])
            yield Problem(where, "", say("rollout-failed", "more", nodes=more))
        if group.held:
            number = count(len(group.held), "node")
            command = " ".join(("kubectl", *restart_command(namespace, group.daemonset)))
            yield Problem(where, "", say("rollout-held", number=number, command=command))
        if group.blocked:
            yield Problem(where, "", say("rollout-blocked", number=count(len(group.pending), "node")))
    if found.groups and found.ungrouped:
        yield Problem("", "", say("node-without-group", nodes=names(found.ungrouped)))
    for node, groups in list(found.shared.items())[:_MOST_NODES]:
        yield Problem(f"node {node}", "", say("node-in-two-groups", groups=groups))


def _of_secrets(status: Status) -> Iterator[Problem]:
    for one in status.missing:
        yield Problem(f"secret {one.namespace}/{one.name}", "", say("secret-missing", reader=one.reader))
    for one in status.incomplete:
        message = say("secret-key-missing", keys=sorted(one.keys), reader=one.reader)
        yield Problem(f"secret {one.namespace}/{one.name}", "", message)
    for namespace, name in status.own_missing:
        yield Problem(f"secret {namespace}/{name}", "", say("cloudcore-secret-missing", name))
    for end in status.certificates:
        if end.due(status.now, status.days):
            yield Problem(f"secret {end.secret}", end.key, expiry(end, status.now))


def _of_access(status: Status) -> Iterator[Problem]:
    """Yield the access objects that a node has not acknowledged; with TLS off in cloudcore, none is used."""
    if not status.tls.get("cloudcore", True):
        return
    for one in status.undelivered:
        command = "" if status.heals else renew_command(one.namespace, one.name)
        message = say("access-not-acknowledged", nodes=names(one.missing), command=command)
        yield Problem(one.title, "", message)


def _of_requests(status: Status) -> Iterator[Problem]:
    if not status.tls.get("cloudcore", True):
        return
    for one in status.requests.blocked:
        yield Problem(f"csr {one.request}", "", say(one.code, node=one.node, request=one.request))


def expiry(end: Expiry, now: datetime) -> Message:
    """Return the message about when a certificate expires or has expired."""
    subject, days, date = end.subject or "certificate", end.days(now), f"{end.ends:%Y-%m-%d}"
    own = end.secret.rpartition("/")[2]
    if own in OWN_CERTIFICATES:
        variant = f"{own}-expired" if days < 0 else own
    else:
        variant = "expired" if days < 0 else "ca" if end.is_ca else ""
    return say("certificate-ends", variant, subject=subject, date=date, days=days)
