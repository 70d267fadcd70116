"""Who has to restart for a change of a ConfigMap or Secret, and what keys and certificates in them mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from generator import paths
from generator.components import group_of
from generator.diff.configs import ProgramConfig, meanings, touches
from generator.diff.content import Side, texts
from generator.diff.files import CONFIG_FILE, component
from generator.diff.impact import workloads
from generator.diff.impact.classes import Impact, impact
from generator.diff.impact.workloads import nodes
from generator.kube.compare import NOTHING, Change
from generator.kube.objects import Object
from generator.kube.pods import as_list, as_map, is_workload, pod_of

# --- who has to be restarted ---------------------------------------------------------------


def restarts(after: Object, changes: Sequence[Change], rolled: set[int], new: Side) -> Iterator[Impact]:
    """Yield who reads a changed ConfigMap or Secret, and when; `rolled` are workloads restarted anyway."""
    content = list(filter(_is_content, changes))
    if not content:
        return
    edges = {name: config for name, config in new.configs(after).items() if config.component == "edgecore"}
    for name in edges:
        changed = [change for change in content if change.file == name]
        if changed:
            yield impact("edgecore-restart", after, _on_nodes(after, name), changed)
    rest = [change for change in content if change.file not in edges]
    if after.kind == CONFIG_FILE and rest:
        yield _of_file(after, rest, new)
    for reader in new.readers(after) if rest else ():
        if id(reader) not in rolled:
            yield from _read_by(reader, after, rest, new)


def _read_by(reader: Object, after: Object, changes: list[Change], new: Side) -> Iterator[Impact]:
    """Yield how the pods of a workload come to read the changes of a ConfigMap or Secret."""
    read = workloads.concerned(reader, after, changes)
    if read and all(_hot(change, new.configs(after)) for change in read):
        yield impact("no-restart", after, f"{reader.name} reads it again by itself", read)
    elif read:
        yield workloads.reads_again(reader, read, after)


def _is_content(change: Change) -> bool:
    """Say whether a change of a ConfigMap or Secret is one of its data, and changes what programs do."""
    return change.behaviour and bool(change.file or change.path[0] in ("data", "type"))


def joins(after: Object, new: Side) -> Iterator[Impact]:
    """Yield which nodes a new edgecore.yaml is for."""
    for name, config in new.configs(after).items():
        if config.component == "edgecore":
            yield impact(
                "edgecore-restart",
                after,
                f"{nodes_of(after, name)} need this edgecore.yaml, and edgecore restarted",
            )


def _of_file(found: Object, changes: list[Change], new: Side) -> Impact:
    """Say how the program of a config file comes to read its changes."""
    program = component(found)
    if all(_hot(change, new.configs(found)) for change in changes):
        return impact("no-restart", found, f"{program} reads it again by itself", changes)
    return impact("restart-by-hand", found, f"{program} reads it when it starts: restart it there", changes)


def _on_nodes(found: Object, name: str) -> str:
    if found.kind == CONFIG_FILE:
        return "restart edgecore on the nodes that use this file"
    return f"write edgecore.yaml on {nodes_of(found, name)} and restart edgecore there"


def nodes_of(found: Object, name: str) -> str:
    """Say which nodes an edgecore.yaml of this name, in an object, is for."""
    if found.kind == CONFIG_FILE:
        return "the nodes that use this file"
    group = group_of(name)
    return f"the nodes of group {group}" if group else "all edge nodes"


def _hot(change: Change, configs: dict[str, ProgramConfig]) -> bool:
    config = configs.get(change.file)
    if config is None:
        return False
    keys = [key for rule in meanings(config) if rule.get("hot") for key in rule["keys"]]
    return any(touches(change, key) and len(change.path) >= len(key.split(".")) for key in keys)


# --- secrets and certificates --------------------------------------------------------------


def contents(after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield what other data of a ConfigMap or Secret means: a certificate, a key."""
    for change in changes:
        if change.file or change.path[0] != "data" or len(change.path) < 2:
            continue
        name, values = str(change.path[1]), (change.before, change.after)
        if any(isinstance(value, str) and "-----BEGIN CERTIFICATE-----" in value for value in values):
            yield impact("certificate", after, f"{name} is another certificate", [change])
        elif change.before is NOTHING:
            continue
        elif name == "psk":
            says = "pods with the old and the new key do not find each other until all have restarted"
            yield impact("secret", after, says, [change])
        elif after.kind == "Secret":
            yield impact("secret", after, f"{name} is another one", [change])


def networks(
    before: Object | None, after: Object, changes: Sequence[Change], old: Side, new: Side
) -> Iterator[Impact]:
    """Yield which pods of EdgeMesh take the key of their network from another Secret."""
    if before is None or not is_workload(after):
        return
    was, now = _key_secret(pod_of(before)), _key_secret(pod_of(after))
    if not was or not now or was == now:
        return
    keys = [_text(old, before, was), _text(new, after, now)]
    if None in keys or keys[0] != keys[1]:
        says = (
            f"{after.name} takes the key of its network from the secret {now}; if it is another one than in"
            f" {was}, pods with the old and the new key, on {nodes(pod_of(after))}, do not find each other"
            " until all have restarted"
        )
        yield impact("secret", after, says, [change for change in changes if "volumes" in change.path])


def _text(side: Side, reader: Object, name: str) -> str | None:
    """Return the key in a Secret beside its reader, None where that is not part of the side."""
    held = [
        one
        for one in side.objects
        if (one.kind, one.namespace, one.name) == ("Secret", reader.namespace, name)
    ]
    text = texts(held[-1]).get("psk") if held else None
    return text.strip() if isinstance(text, str) else None


def _key_secret(pod: dict[str, Any]) -> str:
    """Return the Secret that pods read the key of their network from, "" if none."""
    for volume in map(as_map, as_list(pod.get("volumes"))):
        secret = as_map(volume.get("secret"))
        items = [as_map(item).get("key") for item in as_list(secret.get("items"))]
        if volume.get("name") == "psk" or "psk" in items:
            return str(secret.get("secretName", ""))
    return ""


def issued(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield what a change of a cert-manager Certificate means."""
    if after.group == "cert-manager.io" and after.kind == "Certificate" and before is not None:
        changed = [change for change in changes if change.path[0] == "spec"]
        if changed:
            secret = paths.at(after.data, ("spec", "secretName"))
            yield impact(
                "certificate", after, f"cert-manager issues it anew into the secret {secret}", changed
            )
