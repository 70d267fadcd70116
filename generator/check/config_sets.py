"""Sets of configs that run together: one config of each component, at its place in the values model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from generator import paths
from generator.check.sources import Source
from generator.components import COMPONENTS, SECTIONS
from generator.model.conditions import Sees
from generator.upstream import Release, config_fields, default_config, reading, release_of
from generator.upstream.reading import as_read, read_at

# Keys of the charts that a rule may ask about although no config has them. `profile` is not set.
KNOWN = {"agent.enable": True, "gateway.enable": True, "cluster.domain": "cluster.local", "profile": None}


@cache
def parts(key: str) -> paths.Path:
    """Split a dotted key."""
    return tuple(key.split("."))


@dataclass(frozen=True)
class Together:
    """One config of each component, as given (`values`) and as the programs complete it (`filled`)."""

    sources: dict[str, Source]
    values: dict[str, Any]
    filled: dict[str, Any]
    kubeedge: Release
    edgemesh: Release
    # Services in front of cloudcore: node port -> ports of cloudcore.
    ports: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def effective(self, key: str) -> Any:
        """Return the value of a key as the program uses it, None if its file was not given."""
        return paths.at(self.filled, parts(key))

    def source_of(self, key: str) -> tuple[Source, paths.Path] | None:
        """Return the file of a key of the values model, and the path of the key in that file."""
        section, *rest = key.split(".")
        row = SECTIONS.get(section)
        found = self.sources.get(row.name) if row else None
        return (found, tuple(rest)) if found else None


def combinations(
    sources: Iterable[Source],
    kubeedge: Release,
    edgemesh: Release,
    ports: Mapping[str, frozenset[int]] | None = None,
) -> Iterator[Together]:
    """Yield the sets of one config per component; each edgecore.yaml has its own set.

    `ports` are the node ports of Services in front of cloudcore.
    """
    by_kind: dict[str, list[Source]] = {}
    for source in sources:
        if source.kind in COMPONENTS:
            by_kind.setdefault(source.kind, []).append(source)
    shared = {kind: found[0] for kind, found in by_kind.items() if kind != "edgecore"}
    edges = [{"edgecore": edge} for edge in by_kind.get("edgecore", ())] or [{}]
    known = _Known()
    for edge in edges:
        if shared or edge:
            yield replace(_together({**shared, **edge}, kubeedge, edgemesh, known), ports=ports or {})


@dataclass
class _Known:
    """The results for the maps of earlier sets: many sets have the same maps."""

    read: reading.Known = field(default_factory=dict)
    filled: dict[tuple[int, int], tuple[Any, Any, dict[str, Any]]] = field(default_factory=dict)


def _together(sources: dict[str, Source], kubeedge: Release, edgemesh: Release, known: _Known) -> Together:
    values: dict[str, Any] = {}
    filled: dict[str, Any] = {}
    for kind, source in sources.items():
        release = release_of(kind, kubeedge, edgemesh)
        section = COMPONENTS[kind].section
        values[section] = as_read(source.value, config_fields(kind, release), known.read)
        filled[section] = _filled(defaults_of(kind, release), values[section], known)
    return Together(sources, values, filled, kubeedge, edgemesh)


def _filled(base: Any, top: Any, known: _Known) -> Any:
    """Return `base` overridden by `top`, as merge() does, but the maps of `known` only once."""
    if not isinstance(base, dict) or not isinstance(top, dict):
        return top
    both = (id(base), id(top))
    if both in known.filled:
        return known.filled[both][2]
    filled = {**base, **{name: _filled(base.get(name), value, known) for name, value in top.items()}}
    if len(known.filled) < reading.MOST_KNOWN:
        known.filled[both] = (base, top, filled)
    return filled


@cache
def defaults_of(kind: str, release: Release) -> dict[str, Any]:
    """Return the defaults of a config, to be read only."""
    return default_config(kind, release)


@cache
def key_filter(kinds: frozenset[str], kubeedge: Release, edgemesh: Release) -> Sees:
    """Return the test whether files of these kinds can have a key."""
    seen = {COMPONENTS[kind].section: kind for kind in kinds}

    @cache
    def sees(key: str) -> bool:
        section, _, path = key.partition(".")
        component = seen.get(section)
        if key in KNOWN:
            return component is not None or section not in SECTIONS
        if component is None:
            return False
        release = release_of(component, kubeedge, edgemesh)
        # `.~` is a name of the map of which `.*` is a value.
        return read_at(config_fields(component, release), path.replace(".~", ".*")) is not None

    return sees
