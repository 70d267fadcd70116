"""Moved fields: maps the path of a field in one release to its path in another release.

A move is found in the field table: a field ends, and a field of the same name in the same module begins in
the next minor. Renamed fields are listed by hand below (VERSIONS of the releases, read from the programs).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from generator.upstream.check import fits
from generator.upstream.fields import Field, config_fields
from generator.upstream.reading import spelling
from generator.upstream.releases import Release, table

_KUBELET = "modules.edged.tailoredKubeletConfig"
_JOBS, _TASKS = "modules.nodeUpgradeJobController", "modules.taskManager"
_HASH = "loadBalancer.consistentHash"
# (component, old path, new path, first minor with the new path)
_RENAMED = (
    ("edgecore", "modules.edged.labels", "modules.edged.nodeLabels", "1.12"),
    ("edgecore", "modules.edged.taints", "modules.edged.registerWithTaints", "1.12"),
    ("edgecore", "modules.edged.registerWithTaints", f"{_KUBELET}.registerWithTaints", "1.13"),
    ("edgecore", "modules.edged.registerNode", f"{_KUBELET}.registerNode", "1.13"),
    ("edgecore", "modules.edged.interfaceName", "modules.edged.customInterfaceName", "1.9"),
    ("edgecore", "modules.edged.runtimeType", "modules.edged.containerRuntime", "1.12"),
    ("edgecore", "modules.edged.dockerAddress", "modules.edged.dockerEndpoint", "1.12"),
    ("edgecore", "modules.edged.cniCacheDirs", "modules.edged.cniCacheDir", "1.12"),
    ("edgecore", "modules.edged.imageGCHighThreshold", f"{_KUBELET}.imageGCHighThresholdPercent", "1.12"),
    ("edgecore", "modules.edged.imageGCLowThreshold", f"{_KUBELET}.imageGCLowThresholdPercent", "1.12"),
    (
        "edgecore",
        "modules.edged.maximumDeadContainersPerPod",
        "modules.edged.maxPerPodContainerCount",
        "1.12",
    ),
    ("edgecore", "modules.edged.remoteRuntimeEndpoint", f"{_KUBELET}.containerRuntimeEndpoint", "1.16"),
    ("edgecore", "modules.edged.remoteImageEndpoint", f"{_KUBELET}.imageServiceEndpoint", "1.16"),
    ("cloudcore", f"{_JOBS}.enable", f"{_TASKS}.enable", "1.16"),
    ("cloudcore", f"{_JOBS}.buffer.updateNodeUpgradeJobStatus", f"{_TASKS}.buffer.taskStatus", "1.16"),
    ("cloudcore", f"{_JOBS}.buffer.nodeUpgradeJobEvent", f"{_TASKS}.buffer.taskEvent", "1.16"),
    ("cloudcore", f"{_JOBS}.load.nodeUpgradeJobWorkers", f"{_TASKS}.load.taskWorkers", "1.16"),
    ("edgemesh-agent", "commonConfig.dummyDeviceIP", "commonConfig.bridgeDeviceIP", "1.12"),
    ("edgemesh-agent", "commonConfig.dummyDeviceName", "commonConfig.bridgeDeviceName", "1.12"),
    ("edgemesh-agent", "modules.tunnel.enable", "modules.edgeTunnel.enable", "1.12"),
    ("edgemesh-agent", "modules.tunnel.listenPort", "modules.edgeTunnel.listenPort", "1.12"),
    ("edgemesh-agent", "modules.tunnel.transport", "modules.edgeTunnel.transport", "1.12"),
    *(
        ("edgemesh-agent", f"goChassisConfig.{_HASH}.{name}", f"modules.edgeProxy.{_HASH}.{name}", "1.12")
        for name in ("load", "partitionCount", "replicationFactor")
    ),
)
# The unit of an old field that was a number and is now a duration (the old and the new default agree).
_UNITS = {"nodeStatusUpdateFrequency": "s", "runtimeRequestTimeout": "m", "volumeStatsAggPeriod": "ns"}


@dataclass(frozen=True)
class Move:
    """A field that moved: the old path, the new path, and the first minor that reads the new path."""

    old: str
    new: str
    since: str

    def carried(self, value: Any, release: Release, component: str) -> Any:
        """Return a value in the form of the new field; None if the conversion is uncertain."""
        field = config_fields(component, release).below(self.new)
        # 1.13 was the last release with dockershim, which this value selects.
        if self.new.endswith(".containerRuntime") and value == "docker" and _number(release.minor) > 13:
            return None
        if field and field.type == "array" and isinstance(value, str):
            return [value]
        unit = _UNITS.get(self.new.rpartition(".")[2])
        if field and field.type == "duration" and type(value) is int and unit:
            return f"{value}{unit}"
        return _respelt(value, field) if field and fits(value, field.type) else None


def _respelt(value: Any, field: Field | None) -> Any:
    """Copy a value; the keys of list items get the spelling of the new field."""
    if isinstance(value, list):
        return [_respelt(item, field.items if field else None) for item in value]
    if not isinstance(value, dict) or field is None or not field.fields:
        return value
    return {spelling(name, field): _respelt(child, field.fields.get(name)) for name, child in value.items()}


def uses(tree: Field, path: str) -> bool:
    """Return whether a release reads the field at a dotted path and uses it."""
    field = tree.below(path)
    return field is not None and not field.unused


def _number(minor: str) -> int:
    return int(minor.split(".")[1])


@cache
def moves(component: str) -> dict[str, Move]:
    """Map the old path of each moved field of a component to its move."""
    rows = table(component)["fields"]
    found = dict(_same_name(component))
    for named, old, new, since in _RENAMED:
        if named == component and old in rows and new in rows:
            found[old] = Move(old, new, since)
    return found


def _same_name(component: str) -> Iterator[tuple[str, Move]]:
    rows = table(component)["fields"]
    begins: dict[tuple[str, str], list[str]] = {}
    for path, spans in rows.items():
        begins.setdefault((path.rpartition(".")[2], spans[0]["from"]), []).append(path)
    for path, spans in rows.items():
        last = spans[-1].get("to")
        if not last or "[]" in path or ".*" in path:
            continue
        since = f"1.{_number(last) + 1}"
        module = ".".join(path.split(".")[:2])
        targets = [p for p in begins.get((path.rpartition(".")[2], since), ()) if p.startswith(module)]
        # The programs ignore case, so a path that differs only in case did not move.
        if len(targets) == 1 and targets[0].lower() != path.lower():
            yield path, Move(path, targets[0], since)


def moved_to(component: str, release: Release, path: str) -> Move | None:
    """Return the move of a field that `release` does not use to the field that it uses, None if none."""
    here = config_fields(component, release)
    found = _ahead(component, here, path) or _back(component, here, path)
    return Move(path, found.new, found.since) if found else None


def _ahead(component: str, here: Field, path: str) -> Move | None:
    ahead = moves(component).get(path)
    seen = {path}
    while ahead and not uses(here, ahead.new) and ahead.new not in seen:
        seen.add(ahead.new)
        ahead = moves(component).get(ahead.new)
    return ahead if ahead and uses(here, ahead.new) else None


def _back(component: str, here: Field, path: str, seen: tuple[str, ...] = ()) -> Move | None:
    for move in moves(component).values():
        if move.new == path and move.old not in seen:
            if uses(here, move.old):
                return Move(path, move.old, move.since)
            found = _back(component, here, move.old, (*seen, path))
            if found:
                return found
    return None


def newer(release: Release, move: Move) -> bool:
    """Return whether a release reads the new path of a move."""
    return _number(release.minor) >= _number(move.since)
