"""A status as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from textwrap import indent
from typing import Any

from generator.diff.formats import writer
from generator.errors import Paint, count, unpainted
from generator.install.findings import expiry, findings
from generator.install.node_names import names
from generator.install.rollout import Rollouts, progress
from generator.install.status import ReleaseStatus, Status


def as_text(status: Status, paint: Paint = unpainted) -> str:
    """Write a status for people."""
    return "".join(f"{line}\n" for line in _lines(status, paint))


def _lines(status: Status, paint: Paint) -> Iterator[str]:
    for one in status.releases:
        yield f"{one.name}: {_release(one)}"
    named = [str(profile or "none") for profile in status.profiles]
    yield f"profile: {' and '.join(named) or 'nothing is installed'}"
    if status.tls:
        on = {chart for chart, is_on in status.tls.items() if is_on}
        yield f"TLS of the endpoint: {'on' if len(on) == len(status.tls) else 'in part' if on else 'off'}"
    yield f"edge nodes: {len(status.nodes)}"
    yield from _rollouts(status.rollouts)
    for end in status.certificates:
        yield f"secret {end.secret}: {end.key}: {expiry(end, status.now).what}"
    for one in status.releases:
        yield from _state(one)
    for one in status.releases:
        yield from _tests(one)
    yield ""
    if status.requests.unchecked:
        yield f"not checked: {status.requests.unchecked}"
    found = findings(status)
    yield from (one.text(paint) for one in found)
    yield _conclusion(status, len(found))


def _rollouts(found: Rollouts) -> Iterator[str]:
    yield from map(progress, found.groups)
    if found.groups and found.ungrouped:
        yield f"edge nodes of no group: {names(found.ungrouped)}"


def _tests(one: ReleaseStatus) -> Iterator[str]:
    """Yield the results of the `helm test` pods of a release."""
    for verdict in one.verdicts:
        yield ""
        yield f"{one.name}: helm test, pod {verdict.pod}, ended {verdict.ended}"
        yield indent(verdict.message, "  ")


def _state(one: ReleaseStatus) -> Iterator[str]:
    """Yield the pods of a release that are not ready, and its drift."""
    if one.unready:
        yield ""
        yield f"{one.name}: {count(len(one.unready), 'pod')} not ready"
        yield from (f"  {pod}" for pod in one.unready)
    if one.drift is not None and one.drift.differences:
        yield ""
        yield f"{one.name}: drift"
        yield indent(writer("text")(one.drift), "  ").rstrip("\n")


def _conclusion(status: Status, found: int) -> str:
    if not status.installed:
        return f"nothing was checked: no release is installed in the namespace {status.namespace}"
    return f"{count(found, 'finding')} found" if found else "no findings"


def _release(one: ReleaseStatus) -> str:
    live = one.live
    if live is None:
        return "not installed"
    when = live.updated.split(".")[0].replace("T", " ")
    return f"{live.status}, revision {live.revision}, chart {live.version}, {live.app_version}, {when}"


def as_json(status: Status) -> str:
    """Write a status for programs."""
    return json.dumps(_data(status), indent=2) + "\n"


def _data(status: Status) -> dict[str, Any]:
    return {
        "namespace": status.namespace,
        "profiles": status.profiles,
        "tls": status.tls,
        "edgeNodes": status.nodes,
        "rollouts": [
            {
                "group": one.group,
                "daemonset": one.daemonset,
                "maxUnavailable": one.wave,
                "nodes": one.nodes,
                "updated": one.updated,
                "held": one.held,
                "pending": one.pending,
                "failed": one.failed,
                "offline": one.offline,
            }
            for one in status.rollouts.groups
        ],
        "nodesOfNoGroup": status.rollouts.ungrouped,
        "nodesOfSeveralGroups": status.rollouts.shared,
        "releases": [_release_data(one) for one in status.releases],
        "certificates": [
            {
                "secret": end.secret,
                "key": end.key,
                "subject": end.subject,
                "ends": end.ends.isoformat(),
                "days": end.days(status.now),
                "due": end.due(status.now, status.days),
            }
            for end in status.certificates
        ],
        "missingSecrets": [f"{one.namespace}/{one.name}" for one in status.missing],
        "unchecked": [status.requests.unchecked] if status.requests.unchecked else [],
        "findings": [{"ruleId": one.code, "message": str(one)} for one in findings(status)],
    }


def _release_data(one: ReleaseStatus) -> dict[str, Any]:
    live = one.live
    found: dict[str, Any] = {"name": one.name, "installed": live is not None}
    if live is not None:
        found |= {
            "status": live.status,
            "revision": live.revision,
            "chartVersion": live.version,
            "appVersion": live.app_version,
            "updated": live.updated,
            "profile": one.profile,
            "unready": one.unready,
            "tests": [asdict(verdict) for verdict in one.verdicts],
            "drift": json.loads(writer("json")(one.drift)) if one.drift else None,
        }
    return found
