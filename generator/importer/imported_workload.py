"""Deployments and DaemonSets of the programs in files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from generator import paths
from generator.check.sources import ObjectInFile
from generator.components import COMPONENTS

# By the last part of the name of its image: the section of the site, and the usual image.
WORKLOADS = {
    "iptables-manager": ("iptablesManager", "kubeedge/iptables-manager"),
    "iptables-manager-nft": ("iptablesManager", "kubeedge/iptables-manager-nft"),
    "controller-manager": ("controllerManager", "kubeedge/controller-manager"),
    "admission": ("admission", "kubeedge/admission"),
    "eclipse-mosquitto": ("mosquitto", "eclipse-mosquitto"),
    **{row.name: (row.section, row.image) for row in COMPONENTS.values() if row.image},
}
_IMAGE = re.compile(r"(?P<repository>[^@]+?)(:(?P<tag>[^:/@]+))?(@(?P<digest>.+))?")


@dataclass(frozen=True)
class ImportedWorkload:
    """A Deployment or DaemonSet of one of the programs, with its first container."""

    object: ObjectInFile
    program: str
    section: str
    pod: dict[str, Any]
    container: dict[str, Any]
    place: paths.Path = ("spec", "template", "spec")

    @property
    def where(self) -> str:
        """Return its file and line."""
        return f"{self.object.file}:{self.object.line(('spec',))}"

    @property
    def image(self) -> dict[str, str]:
        """Return repository, tag and digest of its image, "" for a missing part."""
        match = _IMAGE.fullmatch(str(self.container["image"]))
        return {name: text or "" for name, text in match.groupdict().items()} if match else {}

    def at(self, name: str) -> paths.Path:
        """Return the path of a field of the container."""
        number = next(n for n, one in enumerate(self.pod["containers"]) if one is self.container)
        return (*self.place, "containers", number, name)

    def line(self, *path: str | int) -> str:
        """Return the place of a key of the pod."""
        return f"{self.object.file}:{self.object.line((*self.place, *path))}"


def workloads(objects: Iterable[ObjectInFile]) -> list[ImportedWorkload]:
    """Find the workloads of the programs among the objects of a stream."""
    return [found for item in objects for found in _workload(item)]


def _workload(item: ObjectInFile) -> Iterator[ImportedWorkload]:
    pod = paths.at(item.value, ("spec", "template", "spec"))
    containers = pod.get("containers") if isinstance(pod, dict) else None
    for container in containers if isinstance(containers, list) else ():
        image = container.get("image") if isinstance(container, dict) else None
        match = _IMAGE.fullmatch(image) if isinstance(image, str) else None
        program = match["repository"].rpartition("/")[2] if match else ""
        if program in WORKLOADS and isinstance(pod, dict):
            yield ImportedWorkload(item, program, WORKLOADS[program][0], pod, container)
            return
