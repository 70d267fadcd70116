"""What a change means for pods: which are restarted, and where they run."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from typing import Any

from generator import paths
from generator.diff.content import Side, texts
from generator.diff.impact.classes import Impact, impact
from generator.diff.impact.fixed import is_hook, is_image, refused
from generator.errors import count
from generator.kube.compare import NOTHING, Change
from generator.kube.objects import Object
from generator.kube.pods import TEMPLATES, as_list, as_map, keys_needed, keys_read, pod_of, references

# What ends by itself, and makes other pods the next time.
_PASSING = ("Job", "CronJob")
# Whose pods keep the template that they were made from.
_LEFT = ("ReplicaSet", "ReplicationController")


def restarts(before: Object, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield which pods the change of a workload restarts, adds or takes away."""
    template = TEMPLATES.get(after.kind)
    changed = [change for change in changes if template and change.path[: len(template)] == template]
    # A refused change makes no pods.
    if changed and (is_hook(after) or not any(refused(before, after, change) for change in changed)):
        yield _rolled(before, after, changed)
    if after.kind == "Pod":
        yield from _new_images(after, changes)
    scaled = [change for change in changes if change.path == ("spec", "replicas")]
    if scaled:
        was, now = (count(_replicas(found), "pod") for found in (before, after))
        yield impact("scaled", after, f"{after.name}: {was} before, {now} after", scaled)


def _new_images(after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield which containers of a pod restart with another image."""
    images = [change for change in changes if is_image(change.path)]
    if images:
        names = ", ".join(dict.fromkeys(str(change.path[-2]).strip("[]") for change in images))
        yield impact("restart", after, f"restarts {names} in {after.name}, {nodes(pod_of(after))}", images)


def _rolled(before: Object, after: Object, changed: list[Change]) -> Impact:
    """Say what becomes of the pods whose template is another one."""
    where = nodes(pod_of(after))
    if after.kind in _PASSING or not (_replicas(before) and _replicas(after)):
        return impact("no-restart", after, f"{after.name}: its next pods are made with it", changed)
    if _left(after):
        says = f"{after.name}: {_count(after)} on {where} must be deleted by hand to be made anew"
        return impact("restart-by-hand", after, says, changed)
    if _paused(after):
        says = f"{after.name} is paused: {_count(after)} on {where} is made anew when it is resumed"
        return impact("restart-by-hand", after, f"{says}: {_rollout('resume', after)}", changed)
    down = ", none runs meanwhile" if _strategy(after) == "Recreate" else ""
    same = "" if any(change.behaviour for change in changed) else "; no change in behaviour besides"
    return impact("restart", after, f"restarts {after.name}: {_count(after)} on {where}{down}{same}", changed)


def reads_again(reader: Object, changes: Sequence[Change], content: Object) -> Impact:
    """Say how the pods of a workload come to read the changes of a ConfigMap or Secret."""
    name = reader.name
    if reader.kind in _PASSING or not _replicas(reader):
        return impact("no-restart", content, f"{name}: its next pods read it", changes)
    if reader.kind == "Pod":
        how = "it must be deleted and made anew"
    elif _left(reader):
        how = "its pods must be deleted by hand"
    elif _paused(reader):
        how = f"it is paused: {_rollout('resume', reader)} && {_rollout('restart', reader)}"
    else:
        how = _rollout("restart", reader)
    found = impact("restart-by-hand", content, f"{name} reads it when it starts: {how}", changes)
    return replace(found, reader=name)


def concerned(reader: Object, content: Object, changes: Sequence[Change]) -> list[Change]:
    """Return the changes of a ConfigMap or Secret that lie in keys which a workload reads."""
    keys = keys_read(pod_of(reader), content.kind, content.name)
    return [change for change in changes if keys is None or (change.file or str(change.path[-1])) in keys]


def _strategy(found: Object) -> Any:
    name = "strategy" if found.kind == "Deployment" else "updateStrategy"
    return paths.at(found.data, ("spec", name, "type"))


def _left(found: Object) -> bool:
    """Say whether pods stay as they are until somebody deletes them."""
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


def starts(found: Object) -> str:
    """Say which pods a new workload starts, and where."""
    return f"starts {found.name}: {_count(found)} on {nodes(pod_of(found))}"


# --- where pods run ------------------------------------------------------------------------


def nodes(pod: dict[str, Any]) -> str:
    """Say in words on which nodes a pod may run."""
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
    before: Object | None, after: Object, changes: Sequence[Change], there: Container[tuple[str, str, str]]
) -> Iterator[Impact]:
    """Yield what new pods wait for: kind, namespace and name are not among those that are `there`."""
    had = set(references(pod_of(before), optional=False)) if before else set()
    for kind, name in dict.fromkeys(references(pod_of(after), optional=False)):
        if (kind, name) not in had and (kind, after.namespace, name) not in there:
            related = [change for change in changes if touches(change, "volumes") or touches(change, "env")]
            says = f"{after.name} does not start without {kind} {after.namespace}/{name}: make it first"
            yield impact("needs", after, says, related)


def needs_keys(
    before: Object | None, after: Object, changes: Sequence[Change], new: Side
) -> Iterator[Impact]:
    """Yield which keys new pods wait for, of ConfigMaps and Secrets that are there without them."""
    had = keys_needed(pod_of(before)) if before else set()
    for kind, name, key in sorted(keys_needed(pod_of(after)) - had):
        holder = new.by_identity.get(("", kind, after.namespace, name))
        if holder is not None and key not in texts(holder):
            related = [change for change in changes if touches(change, "volumes") or touches(change, "env")]
            says = f"{after.name} does not start without the key {key} in {holder.title}: add it first"
            yield impact("needs", after, says, related)


def lost_keys(before: Object, after: Object, old: Side, new: Side) -> Iterator[Impact]:
    """Yield which workloads go on to need a key that a ConfigMap or Secret no longer has."""
    gone = set(texts(before)) - set(texts(after)) if after.kind in ("ConfigMap", "Secret") else set()
    for reader in new.readers(after) if gone else ():
        was = old.by_identity.get(reader.identity)
        # What a workload came to need by its own change is said of that.
        needed = keys_needed(pod_of(was)) & keys_needed(pod_of(reader)) if was else set()
        for key in sorted(gone):
            if (after.kind, after.name, key) in needed:
                says = f"{reader.name} still reads the key {key}, and does not start again without it"
                yield impact("needs", after, says)


def orphaned(gone: Object, old: Side, new: Side) -> Iterator[Impact]:
    """Yield which workloads go on to refer to a ConfigMap or Secret that is gone."""
    if gone.kept or (gone.kind, gone.namespace, gone.name) in new.contents:
        return
    wanted = gone.kind, gone.name
    for reader in new.readers(gone):
        before = old.by_identity.get(reader.identity)
        if before and all(wanted in references(pod_of(one), optional=False) for one in (before, reader)):
            yield impact(
                "needs", gone, f"{reader.name} still refers to it, and does not start again without it"
            )


def touches(change: Change, name: str) -> bool:
    """Say whether a change is one of the field of a name."""
    if name in change.path:
        return True
    return isinstance(change.after, dict | list) and change.after is not NOTHING and name in str(change.after)
