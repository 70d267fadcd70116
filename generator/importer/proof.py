"""Check an import: render the site and compare the configs with the imported ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generator import paths
from generator.catalogue.message import say
from generator.check.sources import Source
from generator.errors import Problem
from generator.importer.as_read import as_read
from generator.importer.compare import equal, is_idle, is_new_entry, left_out
from generator.importer.from_configs import effective_configs, site_of
from generator.importer.places import place_of
from generator.importer.site_file import Imported, key_of
from generator.merge import merge
from generator.upstream import Release, default_config, release_of


@dataclass(frozen=True)
class ImportDifference:
    """A field with another effective value after import and rendering."""

    file: str
    key: str
    before: Any
    after: Any

    def __str__(self) -> str:
        before, after = _shown(self.before), _shown(self.after)
        return str(Problem(self.file, self.key, say("renders-differently", before=before, after=after)))


def _shown(value: Any) -> str:
    return "unset" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)


def differences(imported: Imported) -> list[ImportDifference]:
    """Render an imported site and return the fields that differ from the imported files.

    Fields that an import leaves out are not compared. Raises InvalidInput if the site breaks a rule.
    """
    site = site_of(imported)
    rendered = effective_configs(site)
    found: list[ImportDifference] = []
    for source in imported.configs:
        release = release_of(source.kind, site.kubeedge, site.edgemesh)
        own = as_read(source, release)
        after = rendered.get(_rendered_name(source, imported.configs)) or rendered.get(source.kind, {})
        found += _different(source, release, own, after)
    return found


def _rendered_name(source: Source, configs: list[Source]) -> str:
    place = place_of(source, configs)
    if place == "agent.cloudNodes":
        return "edgemesh-agent-cloud"
    group = place.removeprefix("edgeCore.nodeGroups.") if "nodeGroups" in place else ""
    return f"{group}.edgecore.yaml" if group else source.kind


def _different(
    source: Source, release: Release, own: dict[str, Any], after: dict[str, Any]
) -> Iterator[ImportDifference]:
    before = merge(default_config(source.kind, release), own)
    for path in dict.fromkeys(path for config in (before, after) for path, _ in paths.leaves(config)):
        key, one, other = key_of(path), paths.at(before, path), paths.at(after, path)
        left = left_out(source.kind, key) or is_idle(path, own, before)
        lost = one is not None and is_new_entry(source.kind, release, path, other)
        if not left and (lost or not equal(key, one, other)):
            yield ImportDifference(source.file, key, one, other)
