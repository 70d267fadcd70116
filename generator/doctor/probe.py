"""Runs doctor.sh on edge nodes, each time in a short pod, and reads its findings from the pod's status.

The result is in the termination message, which arrives without the tunnel that kubectl logs needs.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator import go_yaml
from generator.catalogue import find
from generator.catalogue.message import Message, say
from generator.doctor.cluster import Json
from generator.doctor.programs import Programs
from generator.doctor.report import Check
from generator.install.waiting import unready
from generator.io.kubectl import Kubectl
from generator.kube.objects import Object
from generator.kube.pods import as_list, as_map, pod_of
from generator.kube.rollout import daemonsets
from generator.language import translated
from generator.render.node_script import defaults, doctor_script
from generator.render.rollout_pod import default_rollout_pod

_CATEGORY = "nodes"
_LABEL = "kubeedge.io/doctor"
_SECONDS = 120
_POLL_SECONDS = 2.0
_AT_ONCE = 50
_BEGIN, _END = "doctor 1", "done"
# The script runs on the host, and finds the wanted file below the root of this pod.
_COMMAND = r"""
printf '%s' "$WANTED_TEXT" >/tmp/edgecore.yaml
printf '%s' "$DEFAULTS_TEXT" >/tmp/defaults
export WANTED=/proc/$$/root/tmp/edgecore.yaml
[ -n "$WANTED_TEXT" ] || unset WANTED
unset WANTED_TEXT DEFAULTS_TEXT
printf '%s' "$SCRIPT" | nsenter -t 1 -m -- sh -s -- --codes >/tmp/out 2>/tmp/err
cat /tmp/out /tmp/err | head -c 4000 >/dev/termination-log
"""


def probe(programs: Programs, nodes: Sequence[str], image: str = "") -> Iterator[Check]:
    """Run doctor.sh on edge nodes and yield a check for each; raise ClusterError if pods cannot be created.

    `image` needs sh and nsenter; without it, the pods have the image of the rollout.
    """
    template = _template(programs)
    for first in range(0, len(nodes), _AT_ONCE):
        run = secrets.token_hex(4)
        chosen = enumerate(nodes[first : first + _AT_ONCE])
        pods = [_pod(programs, template, node, f"{run}-{number}", image) for number, node in chosen]
        yield from _results(programs.cluster.kubectl, pods, run)


def _results(kubectl: Kubectl, pods: Sequence[Json], run: str) -> Iterator[Check]:
    try:
        kubectl.created(pods)
        ended = _wait(kubectl, pods)
    finally:
        _remove(kubectl, pods, run)
    for pod in pods:
        yield _check(pod["spec"]["nodeName"], ended.get(pod["metadata"]["name"], {}))


def _remove(kubectl: Kubectl, pods: Sequence[Json], run: str) -> None:
    namespace = pods[0]["metadata"]["namespace"]
    # A node that is away never confirms the end of a pod.
    force = ("--force", "--grace-period=0", "--wait=false", "--ignore-not-found")
    kubectl.run("--namespace", namespace, "delete", "pods", "--selector", f"{_LABEL}={run}", *force)


def _wait(kubectl: Kubectl, pods: Sequence[Json]) -> dict[str, Json]:
    """Return the pods by name when all have ended, or as they are after the longest wait."""
    until = time.monotonic() + _SECONDS
    while True:
        found = {one["metadata"]["name"]: one for one in kubectl.objects(pods)}
        if all(_ended(one) for one in found.values()) and len(found) == len(pods):
            return found
        if time.monotonic() >= until:
            return found
        time.sleep(_POLL_SECONDS)


def _ended(pod: Json) -> bool:
    return bool(_end(pod)) or as_map(pod.get("status")).get("phase") in ("Succeeded", "Failed")


def _end(pod: Json) -> Json:
    statuses = as_list(as_map(pod.get("status")).get("containerStatuses"))
    return as_map(as_map(as_map(statuses[0]).get("state")).get("terminated")) if statuses else {}


def _check(node: str, pod: Json) -> Check:
    title = translated("doctor", "doctor.sh on node {node} finds nothing")
    check = Check(_CATEGORY, title.format(node=node))
    lines = str(_end(pod).get("message") or "").splitlines()
    if _BEGIN not in lines:
        reason = next(unready([pod]), "").partition(": ")[2] if pod else "it was not created"
        reason = " ".join(lines[:3]) or reason or "no message"
        check.add(f"node {node}", say("probe-not-run", seconds=_SECONDS, reason=reason))
        return check
    for line in lines[lines.index(_BEGIN) + 1 :]:
        if line == _END:
            return check
        message = read_line(line)
        if message is not None:
            check.add(f"node {node}", message)
    check.detail = "its output was cut off"
    if not check.findings:
        check.add(f"node {node}", say("probe-not-run", seconds=_SECONDS, reason=check.detail))
    return check


def read_line(line: str) -> Message | None:
    """Return the finding in a line of `doctor.sh --codes`, None for other lines."""
    code, *rest = line.split("\t")
    variant = rest[0] if rest else ""
    fields = dict(part.split("=", 1) for part in rest[1:] if "=" in part)
    try:
        find(code)
        message = say(code, variant, **fields)
        # The text is from the node: it may have been cut off.
        assert message.what
    except (LookupError, TypeError):
        return None
    return message


def _template(programs: Programs) -> Mapping[str, Any]:
    """Return the pod spec of the rollout: the one in the cluster, else that of charts/edgecore."""
    found = daemonsets(programs.cluster.workloads)
    if not found:
        found = daemonsets(Object(one.data) for one in programs.site.documents) if programs.site else []
    if found:
        return pod_of(found[0])
    # A site without the rollout still names its mirror.
    return default_rollout_pod(programs.site.site.values["images"] if programs.site else {})


def _pod(programs: Programs, template: Mapping[str, Any], node: str, name: str, image: str) -> Json:
    namespace = programs.agents[0].workload.namespace if programs.agents else programs.namespace
    first = as_map((as_list(template.get("initContainers")) or as_list(template.get("containers")))[0])
    wanted = programs.configs_of(node)
    texts = {
        "SCRIPT": doctor_script(),
        "WANTED_TEXT": go_yaml.dump(dict(wanted[0].own)) if wanted else "",
        "DEFAULTS_TEXT": defaults(programs.kubeedge.minor),
    }
    container = {
        "name": "doctor",
        "image": image or first["image"],
        "imagePullPolicy": first.get("imagePullPolicy") or "IfNotPresent",
        "command": ["sh", "-c", _literal(_COMMAND)],
        "env": [{"name": key, "value": _literal(text)} for key, text in texts.items()],
        # It enters the namespaces of the host.
        "securityContext": {"privileged": True},
        "resources": {"limits": {"memory": "64Mi"}, "requests": {"cpu": "10m", "memory": "16Mi"}},
    }
    spec: Json = {
        "nodeName": node,
        "hostNetwork": True,
        "hostPID": True,
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 1,
        "tolerations": [{"operator": "Exists"}],
        "containers": [container],
    }
    if template.get("imagePullSecrets"):
        spec["imagePullSecrets"] = template["imagePullSecrets"]
    labels = {_LABEL: name.partition("-")[0]}
    metadata = {"name": f"doctor-{name}-{_short(node)}", "namespace": namespace, "labels": labels}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def _literal(text: str) -> str:
    """Escape a text for commands and variables of containers, where $ marks a variable."""
    return text.replace("$", "$$")


def _short(node: str) -> str:
    """Return a part of a node name that fits into the name of a pod."""
    return node[-40:].strip("-.")
