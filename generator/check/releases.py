"""Finds the releases that files name: in keys, labels of ConfigMaps and tags of images."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from generator import paths
from generator.check.sources import ObjectInFile, Source
from generator.components import EDGEMESH, KUBEEDGE
from generator.upstream import Release
from generator.upstream.named import known_release, named_by_object
from generator.upstream.releases import minors

# The keys of config and values files that name a release: our own, one of edgecore, tags of images.
_KEYS = {
    KUBEEDGE: ("kubeedgeVersion", "edgecoreVersion", "cloudCore.image.tag", "appVersion"),
    EDGEMESH: ("edgemeshVersion", "agent.image.tag", "agent.image", "image"),
}
_VERSION = re.compile(r"(?:^|:)(v?1\.\d+(?:\.\d+[^:/@]*)?)$")


@dataclass(frozen=True)
class Named:
    """A version that a file names, and its place."""

    version: str
    file: str
    line: int
    key: paths.Path = ()

    @property
    def where(self) -> str:
        """Return the place as `file:line`."""
        return f"{self.file}:{self.line}"


def named_by(source: Source, program: str) -> Iterator[Named]:
    """Yield the versions of a program that a config or values file names."""
    for key in _KEYS[program]:
        value = paths.first(source.value, key)
        match = _VERSION.search(value) if isinstance(value, str) else None
        if match:
            path = tuple(key.split("."))
            yield Named(match[1], source.file, source.line(path), path)


def named(program: str, sources: Iterable[Source], objects: Iterable[ObjectInFile]) -> Iterator[Named]:
    """Yield the versions of a program that files name, first those in configs and values."""
    for source in sources:
        yield from named_by(source, program)
    for found in objects:
        for other, version in named_by_object(found.value):
            if other == program and _VERSION.search(version):
                yield Named(version, found.file, found.line(("metadata",)))


def known_by(source: Source, program: str) -> Release | None:
    """Return the known release that a file names, None if it names none."""
    found = (known_release(program, one.version) for one in named_by(source, program))
    return next(filter(None, found), None)


def release_named(program: str, sources: Sequence[Source], objects: Sequence[ObjectInFile]) -> Release | None:
    """Return the release that files name, by a version or by their layout; None if they name none."""
    found = (known_release(program, one.version) for one in named(program, sources, objects))
    return next(filter(None, found), None) or _by_layout(program, sources)


def _by_layout(program: str, sources: Sequence[Source]) -> Release | None:
    """Return the last release with the layout v1alpha1, if an edgecore.yaml has this layout."""
    old = any(
        source.kind == "edgecore" and str(source.value.get("apiVersion", "")).endswith("/v1alpha1")
        for source in sources
    )
    known = old and program == KUBEEDGE and "1.11" in minors(KUBEEDGE)
    return Release.parse(KUBEEDGE, "1.11") if known else None
