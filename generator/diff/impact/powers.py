"""What pods can do on their node, and the ports that they open there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from generator import paths
from generator.catalogue.message import Message, say
from generator.diff.impact.classes import Impact, impact
from generator.diff.impact.workloads import touches
from generator.kube.compare import Change
from generator.kube.objects import Object
from generator.kube.pods import TEMPLATES, as_list, as_map, containers, pod_of

# Settings that every pod may change (kubernetes v1.34 pkg/kubelet/sysctl/safe_sysctls.go).
_SAFE_SYSCTLS = {
    "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
}  # fmt: skip
_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
_PRIVILEGED = "privileged"
# What a pod can do, as a message without the name of the workload, by field, container and value.
Powers = dict[tuple[str, str, str], Message]
_HOST = ("hostNetwork", "hostPID", "hostIPC")
# Fields that limit a container, each with its limiting value. When the limit is removed, the message has the
# variant no-FIELD.
_LIMITS = (("allowPrivilegeEscalation", False), ("runAsNonRoot", True), ("readOnlyRootFilesystem", True))


def powers(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield what the pods of a workload can do on their node that they could not do before."""
    was, now = _pod(before) if before else {}, _pod(after)
    for (field, _, _), message in {**_gained(_powers(was), _powers(now)), **_writes(was, now)}.items():
        related = [change for change in changes if touches(change, field) or "annotations" in change.path]
        yield impact(message.with_fields(workload=after.name), after, related)
    for (field, _, _), message in _lost(was, now).items():
        related = [change for change in changes if field in change.path or "securityContext" in change.path]
        yield impact(message.with_fields(workload=after.name), after, related)
    yield from _listening(was, now, after, changes)


def _pod(found: Object) -> dict[str, Any]:
    """Return the spec of pods, with the AppArmor profiles that older releases read from annotations."""
    pod = pod_of(found)
    at = (*TEMPLATES.get(found.kind, ()), "metadata", "annotations")
    named = as_map(paths.at(found.data, at))
    profiles = {name.removeprefix(_APPARMOR): p for name, p in named.items() if name.startswith(_APPARMOR)}
    return {**pod, _APPARMOR: profiles} if profiles else pod


def _gained(had: Powers, now: Powers) -> Powers:
    return {power: message for power, message in now.items() if power not in had}


def _powers(pod: dict[str, Any]) -> Powers:
    """Return what the pods of a spec can do."""
    found: Powers = {(field, "", ""): say(_PRIVILEGED, field) for field in _HOST if pod.get(field) is True}
    for path in _host_paths(pod).values():
        found["hostPath", "", path] = say(_PRIVILEGED, "host-path", path=path)
    for sysctl in map(as_map, as_list(as_map(pod.get("securityContext")).get("sysctls"))):
        name = str(sysctl.get("name"))
        if name not in _SAFE_SYSCTLS:
            found["sysctls", "", name] = say(_PRIVILEGED, "sysctl", sysctl=name)
    for container in containers(pod):
        found |= _of_container(pod, container)
    return found


def _of_container(pod: dict[str, Any], container: dict[str, Any]) -> Powers:
    name, context = str(container.get("name")), _context(pod, container)
    say_it = partial(say, _PRIVILEGED, container=name)
    found: Powers = {
        (field, name, ""): say_it(field)
        for field, profile in _profiles(pod, container).items()
        if profile == "Unconfined"
    }
    if context.get("privileged") is True:
        found["privileged", name, ""] = say_it("privileged")
    if context.get("allowPrivilegeEscalation") is True:
        found["allowPrivilegeEscalation", name, ""] = say_it("escalation")
    if type(user := context.get("runAsUser")) is int and user == 0:
        found["runAsUser", name, ""] = say_it("root")
    for capability in [str(one) or '""' for one in as_list(as_map(context.get("capabilities")).get("add"))]:
        found["capabilities", name, capability] = say_it("capability", capability=capability)
    return found


def _profiles(pod: dict[str, Any], container: dict[str, Any]) -> dict[str, str]:
    """Map the fields of the profiles that limit a container to the types of the profiles."""
    context = _context(pod, container)
    armour = as_map(context.get("appArmorProfile")).get("type")
    noted = str(as_map(pod.get(_APPARMOR)).get(str(container.get("name")), "")).partition("/")[0]
    annotated = {"unconfined": "Unconfined", "localhost": "Localhost", "runtime": "RuntimeDefault"}.get(noted)
    seccomp = as_map(context.get("seccompProfile")).get("type")
    return {"seccompProfile": str(seccomp or ""), "appArmorProfile": str(armour or annotated or "")}


def _context(pod: dict[str, Any], container: dict[str, Any]) -> dict[str, Any]:
    """Return the security context of a container: its own fields, else those of its pod."""
    return {**as_map(pod.get("securityContext")), **as_map(container.get("securityContext"))}


def _host_paths(pod: dict[str, Any]) -> dict[str, str]:
    """Map the names of volumes to the folders of the node that they mount."""
    volumes = map(as_map, as_list(pod.get("volumes")))
    paths = {str(one.get("name")): as_map(one.get("hostPath")).get("path") for one in volumes}
    return {name: str(path) for name, path in paths.items() if path}


def _writes(was: dict[str, Any], now: dict[str, Any]) -> Powers:
    """Return the folders that containers could only read before and can now write; without new folders."""
    seen = set(_host_paths(was).values())
    gained = _gained(_writable(was), _writable(now))
    return {power: message for power, message in gained.items() if power[2] in seen}


def _writable(pod: dict[str, Any]) -> Powers:
    folders = _host_paths(pod)
    found: Powers = {}
    for container in containers(pod):
        name = str(container.get("name"))
        for mount in map(as_map, as_list(container.get("volumeMounts"))):
            path = folders.get(str(mount.get("name")))
            if path and mount.get("readOnly") is not True:
                message = say(_PRIVILEGED, "host-path-write", container=name, path=path)
                found["volumeMounts", name, path] = message
    return found


def _lost(was: dict[str, Any], now: dict[str, Any]) -> Powers:
    """Return the limits that were removed from containers."""
    names = {str(container.get("name")) for container in containers(now)}
    kept = {**_limits(now), **_powers(now)}
    return {one: message for one, message in _limits(was).items() if one not in kept and one[1] in names}


def _limits(pod: dict[str, Any]) -> Powers:
    """Return the limits of the containers of a spec, each with the message for its removal."""
    found: Powers = {}
    for container in containers(pod):
        name, context = str(container.get("name")), _context(pod, container)
        fields = [field for field, value in _LIMITS if context.get(field) is value]
        for field, profile in _profiles(pod, container).items():
            # Without a profile in the spec, AppArmor uses the profile of the runtime, seccomp uses none.
            strict = ("Localhost", "RuntimeDefault") if field == "seccompProfile" else ("Localhost",)
            fields += [field] if profile in strict else []
        if "ALL" in as_list(as_map(context.get("capabilities")).get("drop")):
            fields.append("drop")
        for field in fields:
            found[field, name, ""] = say(_PRIVILEGED, f"no-{field}", container=name)
    return found


def _listening(
    was: dict[str, Any], now: dict[str, Any], after: Object, changes: Sequence[Change]
) -> Iterator[Impact]:
    had, opens = _listens(was), _listens(now)
    related = [c for c in changes if touches(c, "hostNetwork") or touches(c, "ports")]
    for code, ports in (("exposed", opens - had), ("closed", had - opens)):
        if ports:
            yield impact(say(code, "node-ports", workload=after.name, ports=sorted(ports)), after, related)


def _listens(pod: dict[str, Any]) -> set[str]:
    """Return the ports that the pods of a spec open on their node."""
    found = set()
    for container in as_list(pod.get("containers")):
        for port in map(as_map, as_list(as_map(container).get("ports"))):
            number = port.get("hostPort") or (
                port.get("containerPort") if pod.get("hostNetwork") is True else None
            )
            if number:
                found.add(f"{number}/{port.get('protocol', 'TCP')}")
    return found
