"""What a change does to pods: which ones restart, on which nodes, and what they need to start."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from typing import Any

from generator import paths
from generator.catalogue.message import say
from generator.diff.content import Side, texts
from generator.diff.impact.classes import Impact, impact
from generator.diff.impact.fixed import is_hook, is_image, rejected
from generator.errors import count
from generator.kube.compare import NOTHING, Change
from generator.kube.objects import Object
from generator.kube.pods import TEMPLATES, as_list, as_map, keys_needed, keys_read, pod_of, references

# Pods of these end by themselves; the next run has new ones.
_PASSING = ("Job", "CronJob")
# Pods of these keep the template that they were created from.
_LEFT = ("ReplicaSet", "ReplicationController")


def restarts(before: Object, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield the pods that the change of a workload restarts, adds or removes."""
    template = TEMPLATES.get(after.kind)
    changed = [change for change in changes if template and change.path[: len(template)] == template]
    # A rejected change restarts no pod.
    if changed and (is_hook(after) or not any(rejected(before, after, change) for change in changed)):
        yield _rolled(before, after, changed)
    if after.kind == "Pod":
        yield from _new_images(after, changes)
    scaled = [change for change in changes if change.path == ("spec", "replicas")]
    if scaled:
        was, now = (count(_replicas(found), "pod") for found in (before, after))
        yield impact(say("scaled", "replicas", workload=after.name, before=was, after=now), after, scaled)


def _new_images(after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield the containers of a pod that restart with another image."""
    images = [change for change in changes if is_image(change.path)]
    if images:
        names = list(dict.fromkeys(str(change.path[-2]).strip("[]") for change in images))
        where = nodes(pod_of(after))
        message = say("restart", "containers", containers=names, workload=after.name, nodes=where)
        yield impact(message, after, images)


def _rolled(before: Object, after: Object, changed: list[Change]) -> Impact:
    """Return what happens to the pods of a workload whose template changes."""
    if after.kind in _PASSING or not (_replicas(before) and _replicas(after)):
        return impact(say("no-restart", "next-template", workload=after.name), after, changed)
    fields = {"workload": after.name, "pods": _count(after), "nodes": nodes(pod_of(after))}
    if _left(after):
        return impact(say("restart-by-hand", "on-delete", **fields), after, changed)
    if _paused(after):
        message = say("restart-by-hand", "paused", resume=_rollout("resume", after), **fields)
        return impact(message, after, changed)
    parts = ["recreate"] if _strategy(after) == "Recreate" else []
    parts += [] if any(change.behaviour for change in changed) else ["same"]
    return impact(say("restart", "-".join(parts), **fields), after, changed)


def reads_again(reader: Object, changes: Sequence[Change], content: Object) -> Impact:
    """Return how the pods of a workload get the changes of a ConfigMap or Secret."""
    name = reader.name
    if reader.kind in _PASSING or not _replicas(reader):
        return impact(say("no-restart", "next-pods", workload=name), content, changes)
    if reader.kind == "Pod":
        variant = "reads-pod"
    elif _left(reader):
        variant = "reads-on-delete"
    else:
        variant = "reads-paused" if _paused(reader) else "reads"
    commands = {verb: _rollout(verb, reader) for verb in ("restart", "resume")}
    return replace(
        impact(say("restart-by-hand", variant, workload=name, **commands), content, changes), reader=name
    )


def concerned(reader: Object, content: Object, changes: Sequence[Change]) -> list[Change]:
    """Return the changes in keys of a ConfigMap or Secret that a workload reads."""
    keys = keys_read(pod_of(reader), content.kind, content.name)
    return [change for change in changes if keys is None or (change.file or str(change.path[-1])) in keys]


def _strategy(found: Object) -> Any:
    name = "strategy" if found.kind == "Deployment" else "updateStrategy"
    return paths.at(found.data, ("spec", name, "type"))


def _left(found: Object) -> bool:
    """Return whether pods stay unchanged until somebody deletes them."""
    return found.kind in _LEFT or _strategy(found) == "OnDelete"


def _paused(found: Object) -> bool:
    return found.kind == "Deployment" and paths.at(found.data, ("spec", "paused")) is True


def _rollout(verb: str, found: Object) -> str:
    namespace = f"--namespace {found.namespace} " if found.namespace else ""
    return f"kubectl {namespace}rollout {verb} {found.kind.lower()}/{found.name}"


def _replicas(found: Object) -> int:
    number = paths.at(found.data, ("spec", "replicas"))
    return number if type(number) is int else 1


def _count(found: Object) -> str:
    return "the pod" if found.kind == "DaemonSet" else count(_replicas(found), "pod")


def started(found: Object) -> Impact:
    """Return the pods that a new workload starts."""
    where = nodes(pod_of(found))
    return impact(say("scaled", "started", workload=found.name, pods=_count(found), nodes=where), found)


# --- where pods run ------------------------------------------------------------------------


def nodes(pod: dict[str, Any]) -> str:
    """Name the nodes on which a pod can run."""
    if pod.get("nodeName"):
        return f"node {pod['nodeName']}"
    wanted = [f"{name}={value}" for name, value in as_map(pod.get("nodeSelector")).items()]
    required = paths.at(pod, ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"))
    terms = [_term(term) for term in as_list(as_map(required).get("nodeSelectorTerms"))]
    wanted += [" or ".join(filter(None, terms))] if any(terms) else []
    return f"nodes with {' and '.join(wanted)}" if wanted else "every node it tolerates"


def _term(term: Any) -> str:
    found = [*as_list(as_map(term).get("matchExpressions")), *as_list(as_map(term).get("matchFields"))]
    return " and ".join(map(_expression, map(as_map, found)))


def _expression(one: dict[str, Any]) -> str:
    key, values = one.get("key"), ", ".join(map(str, as_list(one.get("values"))))
    words = {
        "Exists": f"{key}",
        "DoesNotExist": f"no {key}",
        "In": f"{key} in {values}",
        "NotIn": f"{key} not in {values}",
        "Gt": f"{key} > {values}",
        "Lt": f"{key} < {values}",
    }
    return words.get(str(one.get("operator")), f"{key}")


def needs(
    before: Object | None, after: Object, changes: Sequence[Change], held: Container[tuple[str, str, str]]
) -> Iterator[Impact]:
    """Yield the ConfigMaps and Secrets that new pods need and the side does not have.

    `held` has the kind, namespace and name of those that it has.
    """
    had = set(references(pod_of(before), optional=False)) if before else set()
    for kind, name in dict.fromkeys(references(pod_of(after), optional=False)):
        if (kind, name) not in had and (kind, after.namespace, name) not in held:
            related = [change for change in changes if touches(change, "volumes") or touches(change, "env")]
            message = say("needs", "object", workload=after.name, needed=f"{kind} {after.namespace}/{name}")
            yield impact(message, after, related)


def needs_keys(
    before: Object | None, after: Object, changes: Sequence[Change], new: Side
) -> Iterator[Impact]:
    """Yield the keys that new pods need, of ConfigMaps and Secrets that do not have them."""
    had = keys_needed(pod_of(before)) if before else set()
    for kind, name, key in sorted(keys_needed(pod_of(after)) - had):
        holder = new.by_identity.get(("", kind, after.namespace, name))
        if holder is not None and key not in texts(holder):
            related = [change for change in changes if touches(change, "volumes") or touches(change, "env")]
            message = say("needs", "key", workload=after.name, key=key, needed=holder.title)
            yield impact(message, after, related)


def lost_keys(before: Object, after: Object, old: Side, new: Side) -> Iterator[Impact]:
    """Yield the workloads that still need a key that a ConfigMap or Secret no longer has."""
    gone = set(texts(before)) - set(texts(after)) if after.kind in ("ConfigMap", "Secret") else set()
    for reader in new.readers(after) if gone else ():
        was = old.by_identity.get(reader.identity)
        # A key that only the new workload needs is an impact of the workload.
        needed = keys_needed(pod_of(was)) & keys_needed(pod_of(reader)) if was else set()
        for key in sorted(gone):
            if (after.kind, after.name, key) in needed:
                yield impact(say("needs", "lost-key", workload=reader.name, key=key), after)


def orphaned(gone: Object, old: Side, new: Side) -> Iterator[Impact]:
    """Yield the workloads that still refer to a deleted ConfigMap or Secret."""
    if gone.kept or (gone.kind, gone.namespace, gone.name) in new.contents:
        return
    wanted = gone.kind, gone.name
    for reader in new.readers(gone):
        before = old.by_identity.get(reader.identity)
        if before and all(wanted in references(pod_of(one), optional=False) for one in (before, reader)):
            yield impact(say("needs", "lost-object", workload=reader.name), gone)


def touches(change: Change, name: str) -> bool:
    """Return whether a change is one of a field with this name."""
    if name in change.path:
        return True
    return isinstance(change.after, dict | list) and change.after is not NOTHING and name in str(change.after)
