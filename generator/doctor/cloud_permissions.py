"""Checks of cloudcore's permissions: for its release, for applications, and denied requests in its log."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from generator.catalogue.message import say
from generator.doctor.accounts import edge_accounts
from generator.doctor.cluster import Json, name_of
from generator.doctor.permissions import (
    Account,
    aggregates,
    denied,
    granted,
    readable,
    role_objects,
    role_text,
    user_of,
)
from generator.doctor.programs import Programs
from generator.doctor.report import Check, names
from generator.errors import ClusterError
from generator.io.kubectl import Kubectl
from generator.kube.rbac import Permission, permission_lines
from generator.load import load_site
from generator.render.site import render_site

_CATEGORY = "cloud"
_OWN = ("kubeedge", "cloudcore")
_LOG_LINES = 2000
# The API server's words for a denied request, in the log of the program that sent it.
_DENIED = re.compile(
    r'User \\?"(?P<user>[^"\\]+)\\?" cannot (?P<verb>\w+) resource \\?"(?P<resource>[^"\\]+)\\?"'
    r' in API group \\?"(?P<group>[^"\\]*)\\?"'
)
_READS = ("list", "watch")
_DEVICES = "devicestatuses"
# Group, resource, verb, releases, and requireAuthorization (None: on or off). With the roles of upstream's
# chart, cloudcore fails without a get permission from 1.21 on, and in nothing else (METASERVER_TLS g).
_NOT_NEEDED: tuple[tuple[str, str, str, dict[str, str], bool | None], ...] = (
    ("storage.k8s.io", "volumeattachments", "*", {}, None),
    ("devices.kubeedge.io", "devices/finalizers", "*", {}, None),
    ("", "configmaps", "delete", {}, None),
    ("certificates.k8s.io", "certificatesigningrequests", "*", {}, False),
    # The check of applications and the log show whether an application lists them.
    ("discovery.k8s.io", "endpointslices", "*", {}, None),
    ("", "serviceaccounts", "get", {"to": "1.20"}, None),
    ("policy.kubeedge.io", "serviceaccountaccesses", "get", {"to": "1.20"}, None),
    ("rbac.authorization.k8s.io", "*", "get", {"to": "1.20"}, None),
)


def checks(programs: Programs) -> Iterator[Check]:
    """Yield the checks of cloudcore's permissions."""
    own, lacking = _permissions(programs)
    applications, unreadable = _applications(programs)
    yield own
    yield _log(programs, known=lacking | unreadable)
    yield applications


def _permissions(programs: Programs) -> tuple[Check, set[Permission]]:
    """Return the check, and the permissions that cloudcore lacks in the whole cluster."""
    check = Check(_CATEGORY, "cloudcore has the permissions of its release")
    if programs.cloudcore[0].release is None and programs.site is None:
        check.skipped = "the release of cloudcore is unknown"
        return check, set()
    account = programs.cloudcore[0].account
    wanted = {
        namespace: {one for one in several if _is_needed(programs, one)}
        for namespace, several in granted(_wanted_roles(programs), _OWN).items()
    }
    lacking = denied(programs.cluster, account, wanted)
    found = [one for several in lacking.values() for one in several]
    if not programs.cluster.has("subjectaccessreviews"):
        check.skipped = "this account may not create subjectaccessreviews"
    if found:
        _add(check, account, found)
        check.manifest = role_text(
            account, "cloudcore-missing", lacking, aggregate=aggregates(programs.cluster)
        )
    return check, lacking.get("", set())


def _add(check: Check, account: Account, found: list[Permission]) -> None:
    """Add the missing permissions; without those for devices, nothing else fails."""
    for code, several in (
        ("cloudcore-permission-missing", [one for one in found if one[1] != _DEVICES]),
        ("device-permission-missing", [one for one in found if one[1] == _DEVICES]),
    ):
        if several:
            lines = names(permission_lines(several))
            check.add("", say(code, account=user_of(account), permissions=lines))


def _is_needed(programs: Programs, permission: Permission) -> bool:
    """Return whether the endpoint, the join of nodes or the tunnel needs a permission of charts/cloudcore.

    The others are missing in upstream's chart, and nothing that is checked here fails without them.
    """
    return not any(
        permission[0] == group
        and resource in ("*", permission[1])
        and verb in ("*", permission[3])
        and programs.kubeedge.within(span)
        and (gate is None or programs.cloud is None or programs.cloud.gate is gate)
        for group, resource, verb, span, gate in _NOT_NEEDED
    )


def _wanted_roles(programs: Programs) -> list[dict[str, Any]]:
    """Return the roles of charts/cloudcore for this release, with the types of the site's edgeAPIs."""
    site = programs.site
    if site is None:
        release = f"kubeedgeVersion={programs.kubeedge.tag}"
        gate = programs.cloud is not None and programs.cloud.gate
        profile = "one-way" if gate else "plain"
        site = render_site(load_site([], profile=profile, charts=("cloudcore",), set=[release]))
    return [one.data for one in site.documents if one.chart == "cloudcore" and "Role" in one.data["kind"]]


def _log(programs: Programs, known: set[Permission]) -> Check:
    """Return the check of the log, without the permissions that another check has reported."""
    check = Check(_CATEGORY, "the API server denies cloudcore nothing")
    account = programs.cloudcore[0].account
    if not programs.cluster.has("pods"):
        check.skipped = "this account may not read pods"
    found: dict[str, set[Permission]] = defaultdict(set)
    for pod in programs.cloud_pods:
        try:
            log = _read_log(programs.cluster.kubectl, pod)
        except ClusterError as error:
            check.skipped = f"the log of cloudcore cannot be read: {error.stderr.strip() or error.what}"
            continue
        found[name_of(pod)] |= set(_denied_requests(log, user_of(account)))
    manifest: set[Permission] = set()
    for name, several in found.items():
        lacking = denied(programs.cluster, account, {"": several}).get("", set()) - known
        if lacking:
            variant = "watch" if any(one[3] in _READS for one in lacking) else ""
            lines = names(permission_lines(lacking))
            fields = {"pod": name, "permissions": lines, "namespace": programs.namespace}
            check.add("", say("cloudcore-denied", variant, **fields))
            manifest |= {
                (*one[:3], verb)
                for one in lacking
                for verb in ((one[3],) if one[3] not in _READS else _READS)
            }
    if manifest:
        aggregate = aggregates(programs.cluster)
        check.manifest = role_text(account, "cloudcore-denied", {"": manifest}, aggregate=aggregate)
    elif any(found.values()) and not programs.cluster.has("subjectaccessreviews"):
        check.skipped = "this account may not create subjectaccessreviews"
    return check


def _denied_requests(log: str, user: str) -> Iterator[Permission]:
    for match in _DENIED.finditer(log):
        if match["user"] == user:
            yield match["group"], match["resource"], "", match["verb"]


def _read_log(kubectl: Kubectl, pod: Json) -> str:
    metadata = pod["metadata"]
    return kubectl.run("logs", "--namespace", metadata["namespace"], metadata["name"], f"--tail={_LOG_LINES}")


def _applications(programs: Programs) -> tuple[Check, set[Permission]]:
    """Return the check, and the permissions that cloudcore lacks in the whole cluster."""
    check = Check(_CATEGORY, "cloudcore may read what applications on edge nodes may read")
    cluster = programs.cluster
    if not cluster.has(
        "clusterroles", "clusterrolebindings", "roles", "rolebindings", "subjectaccessreviews"
    ):
        check.skipped = "this account may not read roles and bindings"
        return check, set()
    objects = role_objects(cluster)
    wanted: dict[tuple[str, str], list[Account]] = defaultdict(list)
    for account in edge_accounts(programs):
        for resource in dict.fromkeys(readable(granted(objects, account))):
            wanted[resource].append(account)
    asked: set[Permission] = {(group, name, "", verb) for group, name in wanted for verb in _READS}
    own = programs.cloudcore[0].account
    lacking = denied(cluster, own, {"": asked}).get("", set())
    for account in dict.fromkeys(one for several in wanted.values() for one in several):
        types = {p[:2] for p in lacking if account in wanted[p[0] or "", p[1]]}
        if types:
            lines = ["/".join(filter(None, one)) for one in sorted(types, key=str)]
            fields = {"account": "/".join(account), "types": names(lines)}
            check.add("", say("application-permission-missing", **fields))
    if lacking:
        aggregate = aggregates(cluster)
        check.manifest = role_text(own, "cloudcore-applications", {"": lacking}, aggregate=aggregate)
    return check, lacking
