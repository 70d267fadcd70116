"""Compare one object before and after, by the rules of its kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from generator.components import component_of
from generator.diff import edge_application
from generator.diff.configs import ProgramConfig, SideReleases, compare_configs
from generator.diff.files import CONFIG_FILE
from generator.kube.compare import NOTHING, Change, compare
from generator.kube.objects import Object
from generator.kube.pods import is_workload, pod_of, references
from generator.kube.rbac import compare_rules
from generator.secrets.texts import decoded

_HOLDERS = ("data", "stringData", "binaryData")
# Fields that the API server or Helm writes.
_METADATA = {
    "managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink",
    "deletionTimestamp",
}  # fmt: skip


@dataclass
class Side:
    """The objects of one side by identity, and the releases that read its configs."""

    objects: list[Object]
    given: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the objects; of two with the same identity the last one counts, as for kubectl."""
        self.releases = SideReleases(self.objects, self.given)
        self.by_identity = {found.identity: found for found in self.objects}
        self._configs: dict[int, dict[str, ProgramConfig]] = {}

    def configs(self, found: Object | None) -> dict[str, ProgramConfig]:
        """Return the programs' configs in an object, by their data key."""
        if found is None or found.kind not in ("ConfigMap", "Secret", CONFIG_FILE):
            return {}
        if id(found) not in self._configs:
            self._configs[id(found)] = {
                name: ProgramConfig(component, self.releases.of(found, component), text)
                for name, text in texts(found).items()
                if isinstance(text, str) and (component := component_of(name))
            }
        return self._configs[id(found)]

    def readers(self, found: Object) -> list[Object]:
        """Return the workloads whose pods read a ConfigMap or Secret."""
        return list(self._readers.get((found.kind, found.namespace, found.name), ()))

    @cached_property
    def default_edgecore(self) -> ProgramConfig | None:
        """Return the edgecore.yaml of the nodes that belong to no node group, None if there is none."""
        found = (self.configs(one).get("edgecore.yaml") for one in self.objects if one.kind == "ConfigMap")
        return next(filter(None, found), None)

    @cached_property
    def contents(self) -> set[tuple[str, str, str]]:
        """Return the kind, namespace and name of every ConfigMap and Secret."""
        kinds = ("ConfigMap", "Secret")
        return {(one.kind, one.namespace, one.name) for one in self.objects if one.kind in kinds}

    @cached_property
    def _readers(self) -> dict[tuple[str, str, str], list[Object]]:
        read: dict[tuple[str, str, str], list[Object]] = defaultdict(list)
        for found in filter(is_workload, self.objects):
            for kind, name in dict.fromkeys(references(pod_of(found))):
                read[kind, found.namespace, name].append(found)
        return read


def texts(found: Object) -> dict[str, Any]:
    """Return the data of a ConfigMap or Secret; values that are text are decoded."""
    read: dict[str, Any] = {}
    for holder in _HOLDERS:
        data = found.data.get(holder)
        for name, value in data.items() if isinstance(data, dict) else ():
            encoded = holder == "binaryData" or (holder == "data" and found.kind == "Secret")
            text = decoded(value) if encoded and isinstance(value, str) else value
            read[str(name)] = value if text is None else text
    return read


def changes(before: Object, after: Object, old: Side, new: Side) -> Iterator[Change]:
    """Yield every change of an object, in the order of its fields."""
    left, right = _content(before), _content(after)
    if before.kind in ("ConfigMap", "Secret"):
        yield from compare(_without_data(left), _without_data(right), before.kind)
        yield from _data(before, after, old, new)
    elif before.kind == CONFIG_FILE:
        yield from _data(before, after, old, new)
    elif before.kind in ("Role", "ClusterRole"):
        yield from compare({**left, "rules": []}, {**right, "rules": []}, before.kind)
        yield from compare_rules(left.get("rules"), right.get("rules"))
    elif before.is_kubernetes:
        # The tables describe its fields.
        yield from compare(left, right, before.kind)
    else:
        one, other = ({"metadata": content.pop("metadata")} for content in (left, right))
        (left_rest, had), (right_rest, has) = (
            edge_application.split(before, left),
            edge_application.split(after, right),
        )
        if had is not None and has is not None:
            left, right = left_rest, right_rest
            yield from edge_application.changes(had, has)
        yield from compare(left, right, before.kind, kubernetes=False)
        yield from compare(one, other)


def _content(found: Object) -> dict[str, Any]:
    """Return a copy of an object without its identity and the fields that others write."""
    metadata = {
        name: value
        for name, value in found.metadata.items()
        if name not in _METADATA and name not in ("name", "namespace")
    }
    content = {
        name: value for name, value in found.data.items() if name not in ("kind", "status", "metadata")
    }
    # Also if it is empty, so that fields that only one side has are listed by their own name.
    return {**content, "metadata": metadata}


def _without_data(content: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name not in _HOLDERS}


def _data(before: Object, after: Object, old: Side, new: Side) -> Iterator[Change]:
    left, right = texts(before), texts(after)
    was, now = old.configs(before), new.configs(after)
    for name in [*left, *(name for name in right if name not in left)]:
        one, other = left.get(name, NOTHING), right.get(name, NOTHING)
        inside = compare_configs(was[name], now[name], name) if name in was and name in now else None
        if inside is not None:
            yield from inside
        elif one != other or type(one) is not type(other):
            yield Change(("data", name), one, other)
