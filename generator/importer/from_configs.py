"""Config files of the programs: the fields that differ from the configs that the site renders so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from generator import paths
from generator.catalogue.message import say
from generator.check.config_sets import combinations
from generator.check.profile_match import profiles_of
from generator.check.sources import ObjectInFile, Source
from generator.components import COMPONENTS, EDGEMESH, KUBEEDGE, project_of
from generator.errors import InvalidInput, Problem
from generator.importer.as_read import as_read, ignored, moved_keys
from generator.importer.compare import equal, is_idle, is_new_entry, left_out
from generator.importer.first_keys import FIRST
from generator.importer.from_objects import take_objects
from generator.importer.from_pods import take_fields
from generator.importer.leftovers import note_leftovers
from generator.importer.places import CLOUD, origin_of, place_of
from generator.importer.site_file import Imported, key_of
from generator.io.yaml_document import YamlDocument
from generator.load.layers import Layers
from generator.load.site import LoadedSite, validate
from generator.merge import merge
from generator.model.conditions import same
from generator.render.site import render_site
from generator.upstream import Release, default_config, release_of


def take_configs(releases: Mapping[str, Release], objects: list[ObjectInFile], imported: Imported) -> None:
    """Take the profile, then the other objects, then the fields of configs that the site does not render."""
    _leave_second_out(imported)
    _take_profile(releases, imported)
    take_objects(objects, releases[KUBEEDGE], imported)
    for source in imported.configs:
        release = releases[project_of(source.kind)]
        for note in ignored(source, release):
            imported.left_out(note)
        source.written = moved_keys(source, release)
        FIRST[source.kind](source, release, as_read(source, release), imported)
    # Each stage is rendered with the keys of the stage before: the charts derive the configs of edgecore
    # and the gateway from the other two.
    for stage in _STAGES:
        found = [source for source in imported.configs if place_of(source, imported.configs) in stage]
        groups = [source for source in imported.configs if source.kind == "edgecore"]
        if "edgeCore" in stage and len(groups) > 1:
            found += groups
        if found:
            _take_stage(found, releases, imported)
    if objects:
        take_fields(objects, render_site(_base(imported)), imported)
        note_leftovers(objects, render_site(_base(imported)), imported)


_STAGES = (("cloudCore", "agent"), ("edgeCore", "gateway", "agent.cloudNodes"))


def _take_stage(found: list[Source], releases: Mapping[str, Release], imported: Imported) -> None:
    base = effective_configs(_base(imported))
    groups: dict[str, dict[str, tuple[Any, str]]] = {}
    for source in found:
        section = place_of(source, imported.configs)
        name = f"{source.kind}{'-cloud' if section == 'agent.cloudNodes' else ''}"
        rendered = base.get(name) or base.get(source.kind, {})
        own = dict(_differences(source, releases[project_of(source.kind)], rendered, imported))
        if section.startswith("edgeCore.nodeGroups."):
            groups[section] = own
            continue
        for key, (value, where) in own.items():
            inside = "modules.edgeTunnel.relayNodes" if section == "agent.cloudNodes" else "relayNodes"
            imported.take(f"{section}.{inside if key == 'relayNodes' else key}", value, where)
    _take_groups(groups, imported)


def _take_groups(groups: dict[str, dict[str, tuple[Any, str]]], imported: Imported) -> None:
    """Take the values that all node groups share into edgeCore, the others into each group."""
    first = next(iter(groups.values()), {})
    common = {
        key
        for key, (value, _) in first.items()
        if f"edgeCore.{key}" not in imported.keys
        and all(key in own and same(own[key][0], value) for own in groups.values())
    }
    for key in (key for key in first if key in common):
        imported.take(f"edgeCore.{key}", first[key][0], f"{first[key][1]}, the same in all node groups")
    for section, own in groups.items():
        rest = {key: taken for key, taken in own.items() if key not in common}
        for key, (value, where) in rest.items():
            imported.take(f"{section}.{key}", value, where)
        if not rest:
            imported.take(section, {}, "")


def _base(imported: Imported) -> LoadedSite:
    """Validate the site so far, without the keys that break a rule."""
    try:
        return site_of(imported)
    except InvalidInput as error:
        keys = imported.without({problem.key for problem in error.problems})
        shape = ("kubeedgeVersion", "edgemeshVersion", "gateway.enable")
        if len(keys) == len(imported.keys):
            keys = {key: taken for key, taken in keys.items() if key in shape}
        return _base(replace(imported, keys=keys)) if keys != imported.keys else site_of(Imported())


def _leave_second_out(imported: Imported) -> None:
    """Leave out, with a note, a second config of a program that has one config in a site."""
    seen: set[str] = set()
    for source in list(imported.configs):
        place = place_of(source, imported.configs)
        if place in seen:
            imported.configs.remove(source)
            message = say("second-config-left-out", component=source.kind)
            imported.left_out(Problem(f"{source.file}:{source.line(())}", "", message))
        seen.add(place)


def site_of(imported: Imported, charts: tuple[str, ...] = ()) -> LoadedSite:
    """Validate the site for these charts, or those of the files; raise InvalidInput if it breaks a rule."""
    return validate(Layers(values=imported.values, count=1), charts or imported.charts)


def effective_configs(site: LoadedSite) -> dict[str, dict[str, Any]]:
    """Render a site; return each config by component and file name, with the defaults of its program."""
    found: dict[str, dict[str, Any]] = {}
    for config in render_site(site).configs:
        release = release_of(config.component, site.kubeedge, site.edgemesh)
        complete = merge(default_config(config.component, release), config.data)
        # Of two agents the second runs on cloud nodes (in the order of their ConfigMaps).
        twin = config.component == "edgemesh-agent" and config.component in found
        found[f"{config.component}-cloud" if twin else config.name] = complete
        found.setdefault(config.component, complete)
    return found


def _take_profile(releases: Mapping[str, Release], imported: Imported) -> None:
    sources = [source for source in imported.configs if not source.name.endswith(CLOUD)]
    sources += _from_values(sources, imported)
    each = list(combinations(sources, releases[KUBEEDGE], releases[EDGEMESH]))
    first = each[0] if each else None
    if first is None or "profile" in imported.keys or not {"edgecore", "edgemesh-agent"} & set(first.sources):
        return
    found = [name for name in profiles_of(first) if all(name in profiles_of(other) for other in each)]
    if found:
        rest = f"the files also match {' and '.join(found[1:])}" if found[1:] else "recognised"
        imported.take("profile", found[0], rest)


def _from_values(sources: list[Source], imported: Imported) -> Iterator[Source]:
    """Yield the configs that the given values files render."""
    kinds = {source.kind for source in sources}
    sections = {key.split(".")[0] for key in imported.keys}
    for kind, row in COMPONENTS.items():
        if kind not in kinds and row.section in sections and kind != "edgecore":
            with suppress(InvalidInput):
                config = effective_configs(site_of(imported))[kind]
                yield Source(row.section, kind, YamlDocument(config))


# --- the other fields --------------------------------------------------------------------------------


def _differences(
    source: Source, release: Release, base: dict[str, Any], imported: Imported
) -> Iterator[tuple[str, tuple[Any, str]]]:
    """Yield the keys whose values differ from the rendered config, with values and places."""
    own = as_read(source, release)
    complete = merge(default_config(source.kind, release), own)
    for path, value in paths.leaves(complete):
        key = key_of(path)
        there = paths.at(base, path)
        if value is None or is_idle(path, own, complete):
            continue
        if equal(key, there, value) and not is_new_entry(source.kind, release, path, there):
            continue
        where = origin_of(source, *path)
        why = left_out(source.kind, key)
        if why:
            if paths.at(own, path) not in (None, ""):
                imported.left_out(Problem(where, key, why))
        elif key == "modules.edgeTunnel.relayNodes":
            yield "relayNodes", (value, where)
        elif not key.startswith("modules.iptablesManager."):
            yield key, (value, where)
