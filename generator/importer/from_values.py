"""Values files, ours and upstream's: the keys that differ from our defaults."""

from __future__ import annotations

from typing import Any

from generator.check.sources import Source
from generator.check.values import layers_of
from generator.importer.site_file import Imported, key_of
from generator.load.site import normalised
from generator.model import paths
from generator.model.rules import same
from generator.model.site import Site
from generator.model.tree import defaults, leaves

# Tags follow kubeedgeVersion and edgemeshVersion here.
_TAGS = (
    "appVersion",
    "cloudCore.image.tag",
    "iptablesManager.image.tag",
    "controllerManager.image.tag",
    "admission.image.tag",
)
_NOT_CARRIED = ("spiderpool", "agent.modules.edgeCNI", "agent.cloudCIDR", "agent.edgeCIDR")
_PSK = ("agent.psk", "gateway.psk")


def take_values(source: Source, imported: Imported) -> None:
    """Take the keys of a values file that differ from our defaults; a PSK becomes a reference."""
    layers = layers_of(source)
    base = defaults(Site)
    for path, value in leaves(normalised(layers.values)):
        key = key_of(path)
        origin = layers.origin(path)
        where = origin.where if origin else source.file
        if key in _PSK:
            _refer(key, where, imported)
        elif key.startswith(_NOT_CARRIED):
            imported.notes.append(f"{where}: {key}: edgeCNI and spiderpool have charts of their own")
        elif not _is_default(base, path, value) and key not in _TAGS:
            imported.take(key, value, where)


def _refer(key: str, where: str, imported: Imported) -> None:
    imported.take(f"{key}Secret", "edgemesh-psk", where)
    imported.notes.append(f"{where}: {key}: put the key into the Secret edgemesh-psk, under psk")


def _is_default(base: dict[str, Any], path: paths.Path, value: Any) -> bool:
    """Say whether a value is our default, or nothing where we have no default."""
    default = paths.get(base, path)
    return value is None or same(default, value) or (default is None and value in ("", [], {}))
