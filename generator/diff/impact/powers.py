"""What pods may do to their node, and what they open on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from generator import paths
from generator.diff.impact.classes import Impact, impact
from generator.diff.impact.workloads import touches
from generator.kube.compare import Change
from generator.kube.objects import Object
from generator.kube.pods import TEMPLATES, as_list, as_map, containers, pod_of

# Settings that any pod may make (kubernetes v1.34 pkg/kubelet/sysctl/safe_sysctls.go).
_SAFE_SYSCTLS = {
    "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
}  # fmt: skip
_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
# What a pod may do, by field, container and value, and in words.
Powers = dict[tuple[str, str, str], str]
_HOST = {
    "hostNetwork": "its pods use the node's network",
    "hostPID": "its pods see the node's processes",
    "hostIPC": "its pods see the node's shared memory",
}


# What keeps a container from something, and what it may do without; where it is switched on, that is said.
_KEPT_FROM = (
    ("allowPrivilegeEscalation", False, "is not kept from more privileges"),
    ("runAsNonRoot", True, "may run as root"),
    ("readOnlyRootFilesystem", True, "may write its own file system"),
)


def powers(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield what the pods of a workload may do to their node that they might not before."""
    was, now = _pod(before) if before else {}, _pod(after)
    for (field, _, _), says in {**_gained(_powers(was), _powers(now)), **_writes(was, now)}.items():
        related = [change for change in changes if touches(change, field) or "annotations" in change.path]
        yield impact("privileged", after, f"{after.name}: {says}", related)
    for (field, _, _), says in _lost(was, now).items():
        related = [change for change in changes if field in change.path or "securityContext" in change.path]
        yield impact("privileged", after, f"{after.name}: {says}", related)
    yield from _listening(was, now, after, changes)


def _pod(found: Object) -> dict[str, Any]:
    """Return the spec of pods, with the AppArmor profiles that older releases take from annotations."""
    pod = pod_of(found)
    at = (*TEMPLATES.get(found.kind, ()), "metadata", "annotations")
    named = as_map(paths.at(found.data, at))
    profiles = {name.removeprefix(_APPARMOR): p for name, p in named.items() if name.startswith(_APPARMOR)}
    return {**pod, _APPARMOR: profiles} if profiles else pod


def _gained(had: Powers, now: Powers) -> Powers:
    return {power: says for power, says in now.items() if power not in had}


def _powers(pod: dict[str, Any]) -> Powers:
    """Map what the pods of a spec may do to words."""
    found: Powers = {(field, "", ""): says for field, says in _HOST.items() if pod.get(field) is True}
    for path in _host_paths(pod).values():
        found["hostPath", "", path] = f"its pods see {path} of the node"
    for sysctl in map(as_map, as_list(as_map(pod.get("securityContext")).get("sysctls"))):
        name = str(sysctl.get("name"))
        if name not in _SAFE_SYSCTLS:
            found["sysctls", "", name] = f"its pods set {name}, an unsafe setting of the kernel"
    for container in containers(pod):
        found |= _of_container(pod, container)
    return found


def _of_container(pod: dict[str, Any], container: dict[str, Any]) -> Powers:
    found: Powers = {}
    name, context = str(container.get("name")), _context(pod, container)
    for field, (what, profile) in _profiles(pod, container).items():
        if profile == "Unconfined":
            found[field, name, ""] = f"container {name} runs without {what}"
    if context.get("privileged") is True:
        found["privileged", name, ""] = f"container {name} is privileged"
    if context.get("allowPrivilegeEscalation") is True:
        found["allowPrivilegeEscalation", name, ""] = f"container {name} may gain privileges"
    if type(user := context.get("runAsUser")) is int and user == 0:
        found["runAsUser", name, ""] = f"container {name} runs as root"
    for capability in as_list(as_map(context.get("capabilities")).get("add")):
        found["capabilities", name, str(capability)] = f"container {name} has {capability}"
    return found


def _profiles(pod: dict[str, Any], container: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Map the fields of the profiles that confine a container to what they are and their types."""
    context = _context(pod, container)
    armour = as_map(context.get("appArmorProfile")).get("type")
    noted = str(as_map(pod.get(_APPARMOR)).get(str(container.get("name")), "")).partition("/")[0]
    annotated = {"unconfined": "Unconfined", "localhost": "Localhost", "runtime": "RuntimeDefault"}.get(noted)
    seccomp = as_map(context.get("seccompProfile")).get("type")
    return {
        "seccompProfile": ("seccomp: it may make any system call", str(seccomp or "")),
        "appArmorProfile": ("AppArmor", str(armour or annotated or "")),
    }


def _context(pod: dict[str, Any], container: dict[str, Any]) -> dict[str, Any]:
    """Return what holds for a container: its own context, else that of its pod."""
    return {**as_map(pod.get("securityContext")), **as_map(container.get("securityContext"))}


def _host_paths(pod: dict[str, Any]) -> dict[str, str]:
    """Map the names of volumes to the folders of the node that they are."""
    volumes = map(as_map, as_list(pod.get("volumes")))
    paths = {str(one.get("name")): as_map(one.get("hostPath")).get("path") for one in volumes}
    return {name: str(path) for name, path in paths.items() if path}


def _writes(was: dict[str, Any], now: dict[str, Any]) -> Powers:
    """Map what containers may write that they could only read; of a new folder it is said that it is seen."""
    seen = set(_host_paths(was).values())
    gained = _gained(_writable(was), _writable(now))
    return {power: says for power, says in gained.items() if power[2] in seen}


def _writable(pod: dict[str, Any]) -> Powers:
    folders, found = _host_paths(pod), {}
    for container in containers(pod):
        name = str(container.get("name"))
        for mount in map(as_map, as_list(container.get("volumeMounts"))):
            path = folders.get(str(mount.get("name")))
            if path and mount.get("readOnly") is not True:
                found["volumeMounts", name, path] = f"container {name} may write {path} of the node"
    return found


def _lost(was: dict[str, Any], now: dict[str, Any]) -> Powers:
    """Map what containers were kept from, and are no longer, to words."""
    there = {str(container.get("name")) for container in containers(now)}
    kept = {**_guards(now), **_powers(now)}
    return {guard: says for guard, says in _guards(was).items() if guard not in kept and guard[1] in there}


def _guards(pod: dict[str, Any]) -> Powers:
    found: Powers = {}
    for container in containers(pod):
        name, context = str(container.get("name")), _context(pod, container)
        for field, value, says in _KEPT_FROM:
            if context.get(field) is value:
                found[field, name, ""] = f"container {name} {says}"
        for field, (what, profile) in _profiles(pod, container).items():
            # Left out, AppArmor is the runtime's; seccomp is none.
            guards = ("Localhost", "RuntimeDefault") if field == "seccompProfile" else ("Localhost",)
            if profile in guards:
                found[field, name, ""] = f"container {name} is no longer confined by {what.partition(':')[0]}"
        if "ALL" in as_list(as_map(context.get("capabilities")).get("drop")):
            found["drop", name, ""] = f"container {name} keeps the capabilities that it had dropped"
    return found


def _listening(
    was: dict[str, Any], now: dict[str, Any], after: Object, changes: Sequence[Change]
) -> Iterator[Impact]:
    had, opens = _listens(was), _listens(now)
    related = [c for c in changes if touches(c, "hostNetwork") or touches(c, "ports")]
    for name, says, ports in (
        ("exposed", "listens", opens - had),
        ("closed", "no longer listens", had - opens),
    ):
        if ports:
            yield impact(name, after, f"{after.name} {says} on its node: {', '.join(sorted(ports))}", related)


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
