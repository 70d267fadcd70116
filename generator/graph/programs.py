"""The programs of a rendered site: the config that each uses, and the Secrets that its pods mount."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from generator import paths
from generator.components import COMPONENTS
from generator.render.site import Rendering, find_configs
from generator.upstream import release_of
from generator.upstream.effective import effective_config

_WORKLOADS = ("DaemonSet", "Deployment")


@dataclass(frozen=True)
class RunningProgram:
    """A program with its config and defaults; `secrets` has the Secret by the path of its mount."""

    name: str
    config: dict[str, Any]
    group: str = ""
    workload: str = ""
    secrets: dict[str, str] = field(default_factory=dict)

    def get(self, key: str) -> Any:
        """Return a value of the config, None if it is not set."""
        return paths.first(self.config, key)

    def place(self, file: str) -> str:
        """Return where a file of the program comes from: its key in a Secret, or its path."""
        for mount, secret in self.secrets.items():
            if file == mount:
                return f"Secret {secret}"
            if file.startswith(f"{mount}/"):
                return f"Secret {secret}: {file.removeprefix(f'{mount}/')}"
        return file


def programs(rendering: Rendering) -> Iterator[RunningProgram]:
    """Yield each edgecore, and each workload of a program that the charts configure."""
    maps = {
        document.data["metadata"]["name"]: list(find_configs([document]))
        for document in rendering.documents
        if document.kind == "ConfigMap"
    }
    for configs in maps.values():
        for config in configs:
            if config.component == "edgecore":
                yield RunningProgram("edgecore", _effective(rendering, "edgecore", config.data), config.group)
    for document in rendering.documents:
        if document.kind in _WORKLOADS:
            yield from _workload(rendering, document.data, maps)


def _workload(
    rendering: Rendering, data: dict[str, Any], maps: dict[str, list[Any]]
) -> Iterator[RunningProgram]:
    spec = paths.first(data, "spec.template.spec") or {}
    volumes = {volume["name"]: volume for volume in spec.get("volumes") or ()}
    mounted = [paths.first(volume, "configMap.name") for volume in volumes.values()]
    for container in spec.get("containers") or ():
        found = [
            one for name in mounted for one in maps.get(str(name), ()) if one.component == container["name"]
        ]
        if container["name"] not in COMPONENTS or not found:
            continue
        secrets = {
            mount["mountPath"].rstrip("/"): volumes[mount["name"]]["secret"]["secretName"]
            for mount in container.get("volumeMounts") or ()
            if "secret" in volumes.get(mount["name"], {})
        }
        # The longest path first: one mount can be below another.
        ordered = dict(sorted(secrets.items(), key=lambda item: -len(item[0])))
        config = _effective(rendering, container["name"], found[0].data)
        yield RunningProgram(container["name"], config, workload=data["metadata"]["name"], secrets=ordered)


def _effective(rendering: Rendering, component: str, data: dict[str, Any]) -> dict[str, Any]:
    release = release_of(component, rendering.site.kubeedge, rendering.site.edgemesh)
    return effective_config(component, release, data)
