"""`generator import`: existing files turned into one site file that renders to the same.

Only what differs from our defaults, for the releases and the profile that the files amount to,
comes into the site. Secrets become references, never values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from generator.check.sources import CONFIGS, Source, read_sources
from generator.importer.from_configs import take_configs
from generator.importer.from_values import take_values
from generator.importer.proof import Difference, differences
from generator.importer.site_file import Imported
from generator.model import paths
from generator.model.site import Site
from generator.upstream import EDGEMESH, KUBEEDGE, Release

__all__ = ["Difference", "Imported", "differences", "import_files"]

# Where files name a release: our own key, edgecore's, and the tags of images.
_NAMED = {
    KUBEEDGE: ("kubeedgeVersion", "edgecoreVersion", "cloudCore.image.tag"),
    EDGEMESH: ("edgemeshVersion", "agent.image", "image"),
}
_KEYS = {KUBEEDGE: "kubeedgeVersion", EDGEMESH: "edgemeshVersion"}


def import_files(
    files: Sequence[str], *, kubeedge: str | None = None, edgemesh: str | None = None
) -> Imported:
    """Turn config and values files, or a manifest stream, into one site.

    The releases are those given, else those that the files name, else the model's defaults. Raises
    InvalidInput for what cannot be read and UnknownRelease.
    """
    sources = read_sources(list(files)).sources
    imported = Imported(configs=[source for source in sources if source.kind in CONFIGS])
    given = {KUBEEDGE: kubeedge, EDGEMESH: edgemesh}
    releases = {program: _release(program, given[program], sources, imported) for program in given}
    for source in sources:
        if source.kind not in CONFIGS:
            take_values(source, imported)
    if imported.configs:
        take_configs(releases, imported)
    return imported


def _release(program: str, given: str | None, sources: Iterable[Source], imported: Imported) -> Release:
    key = _KEYS[program]
    default = str(Site.model_fields[key].default)
    version, origin = (given, "given") if given else next(_named(program, sources), (None, ""))
    release = Release.parse(program, version or default)
    if version is None:
        imported.assumed.append(f"{key} {default}, for the files name none")
    elif release.tag != default:
        imported.take(key, release.tag, origin)
    return release


def _named(program: str, sources: Iterable[Source]) -> Iterator[tuple[str, str]]:
    """Yield the releases that files name, with their places."""
    for source in sources:
        for key in _NAMED[program]:
            value = paths.first(source.value, key)
            match = re.search(r"(?:^|:)(v?1\.\d+(?:\.\d+)?)$", value) if isinstance(value, str) else None
            if match:
                yield match[1], f"{source.file}:{source.line(tuple(key.split('.')))}"
    for source in sources:
        old = str(source.value.get("apiVersion", "")).endswith("/v1alpha1")
        if program == KUBEEDGE and source.kind == "edgecore" and old:
            yield "1.11", f"{source.file}:{source.line(('apiVersion',))}"
