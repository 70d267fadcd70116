"""Restarts after a change of a ConfigMap or Secret, and changes of keys and certificates in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from generator import paths
from generator.catalogue.message import Message, say
from generator.components import group_of
from generator.diff.configs import ProgramConfig, meanings, touches
from generator.diff.content import Side, texts
from generator.diff.files import CONFIG_FILE, component
from generator.diff.impact import workloads
from generator.diff.impact.classes import Impact, impact
from generator.diff.impact.workloads import nodes
from generator.errors import count
from generator.kube import rollout
from generator.kube.compare import NOTHING, Change
from generator.kube.objects import Object
from generator.kube.pods import as_list, as_map, is_workload, pod_of

# --- restarts ------------------------------------------------------------------------------


def restarts(after: Object, changes: Sequence[Change], rolled: set[int], new: Side) -> Iterator[Impact]:
    """Yield how programs get a changed ConfigMap or Secret; `rolled` are workloads that restart anyway."""
    content = list(filter(_is_content, changes))
    if not content:
        return
    edges = {name: config for name, config in new.configs(after).items() if config.component == "edgecore"}
    for name in edges:
        changed = [change for change in content if change.file == name]
        if changed:
            yield impact(_on_nodes(after, name, new), after, changed)
    rest = [change for change in content if change.file not in edges]
    if after.kind == CONFIG_FILE and rest:
        yield _of_file(after, rest, new)
    for reader in new.readers(after) if rest else ():
        if id(reader) not in rolled:
            yield from _read_by(reader, after, rest, new)


def _read_by(reader: Object, after: Object, changes: list[Change], new: Side) -> Iterator[Impact]:
    """Yield how the pods of a workload get the changes of a ConfigMap or Secret."""
    read = workloads.concerned(reader, after, changes)
    if read and all(_hot(change, new.configs(after)) for change in read):
        yield impact(say("no-restart", "reads-again", workload=reader.name), after, read)
    elif read:
        yield workloads.reads_again(reader, read, after)


def _is_content(change: Change) -> bool:
    """Return whether a change is one of the data of a ConfigMap or Secret, and changes what programs do."""
    return change.behaviour and bool(change.file or change.path[0] in ("data", "type"))


def joins(after: Object, new: Side) -> Iterator[Impact]:
    """Yield the nodes that need a new edgecore.yaml."""
    for name, config in new.configs(after).items():
        if config.component == "edgecore":
            message = _rolled_out(after, name, new)
            yield impact(message or say("edgecore-restart", "new", nodes=nodes_of(after, name)), after)


def _of_file(found: Object, changes: list[Change], new: Side) -> Impact:
    """Return how the program of a config file gets its changes."""
    program = component(found)
    if all(_hot(change, new.configs(found)) for change in changes):
        return impact(say("no-restart", "reads-again", workload=program), found, changes)
    return impact(say("restart-by-hand", "reads-file", component=program), found, changes)


def _on_nodes(found: Object, name: str, new: Side) -> Message:
    if found.kind == CONFIG_FILE:
        return say("edgecore-restart", "file")
    message = _rolled_out(found, name, new)
    return message or say("edgecore-restart", "changed", nodes=nodes_of(found, name))


def _rolled_out(found: Object, name: str, new: Side) -> Message | None:
    """Return how the rollout changes the nodes of an edgecore.yaml, None without the rollout."""
    by = next((reader for reader in new.readers(found) if rollout.is_rollout(reader)), None)
    if by is None:
        return None
    wave, number = rollout.wave_of(by), paths.at(by.data, ("status", "desiredNumberScheduled"))
    nodes_ = nodes_of(found, name)
    if not number:
        return say("edgecore-restart", "rolled", nodes=nodes_, wave=wave)
    many = {"number": count(number, "node"), "waves": count(rollout.waves(wave, number), "wave")}
    return say("edgecore-restart", "rolled", nodes=nodes_, wave=wave, **many)


def nodes_of(found: Object, name: str) -> str:
    """Name the nodes that an edgecore.yaml is for."""
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
    """Yield the certificates and keys that change in a ConfigMap or Secret."""
    for change in changes:
        if change.file or change.path[0] != "data" or len(change.path) < 2:
            continue
        name, values = str(change.path[1]), (change.before, change.after)
        if any(isinstance(value, str) and "-----BEGIN CERTIFICATE-----" in value for value in values):
            yield impact(say("certificate", "content", key=name), after, [change])
        elif change.before is NOTHING:
            continue
        elif name == "psk":
            yield impact(say("secret", "psk"), after, [change])
        elif after.kind == "Secret":
            yield impact(say("secret", "value", key=name), after, [change])


def networks(
    before: Object | None, after: Object, changes: Sequence[Change], old: Side, new: Side
) -> Iterator[Impact]:
    """Yield the EdgeMesh pods that read the network key from another Secret."""
    if before is None or not is_workload(after):
        return
    was, now = _key_secret(pod_of(before)), _key_secret(pod_of(after))
    if not was or not now or was == now:
        return
    keys = [_text(old, before, was), _text(new, after, now)]
    if None in keys or keys[0] != keys[1]:
        where = nodes(pod_of(after))
        message = say("secret", "other-secret", workload=after.name, old=was, new=now, nodes=where)
        yield impact(message, after, [change for change in changes if "volumes" in change.path])


def _text(side: Side, reader: Object, name: str) -> str | None:
    """Return the network key in a Secret of the reader's namespace, None if the side does not have it."""
    held = [
        one
        for one in side.objects
        if (one.kind, one.namespace, one.name) == ("Secret", reader.namespace, name)
    ]
    text = texts(held[-1]).get("psk") if held else None
    return text.strip() if isinstance(text, str) else None


def _key_secret(pod: dict[str, Any]) -> str:
    """Return the Secret that pods read the network key from, "" if there is none."""
    for volume in map(as_map, as_list(pod.get("volumes"))):
        secret = as_map(volume.get("secret"))
        items = [as_map(item).get("key") for item in as_list(secret.get("items"))]
        if volume.get("name") == "psk" or "psk" in items:
            return str(secret.get("secretName", ""))
    return ""


def issued(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield an impact if cert-manager issues a certificate again."""
    if after.group == "cert-manager.io" and after.kind == "Certificate" and before is not None:
        changed = [change for change in changes if change.path[0] == "spec"]
        if changed:
            secret = paths.at(after.data, ("spec", "secretName"))
            yield impact(say("certificate", "issued", secret=str(secret or "")), after, changed)
