"""What an upgrade of KubeEdge changes for a site: its own keys, its profile and its configs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from generator import paths
from generator.check.sources import Source
from generator.check.upgrade import UpgradeStep, behaviour_steps, field_steps
from generator.check.upgrade_rules import after_moves
from generator.check.values import layers_of, problems_of
from generator.components import COMPONENTS, KUBEEDGE, project_of
from generator.errors import Problem
from generator.io.yaml_document import YamlDocument
from generator.load.site import normalised, without_nulls
from generator.merge import merge
from generator.model.profiles import PROFILES, UNSET, preset
from generator.model.quick import defaults
from generator.upstream import Release
from generator.upstream.check import top_level

# Problems of the field table that the steps report key by key.
_OF_KEYS = ("unknown-key", "key-of-other-release", "wrong-type")


def site_steps(source: Source, old: Release, new: Release, edgemesh: Release) -> Iterator[UpgradeStep]:
    """Yield what a site needs for another KubeEdge release: keys, profile and rules."""
    user = without_nulls(normalised(layers_of(source).values))
    profile = user.get("profile", UNSET)
    made = preset(profile, old, edgemesh, merge(defaults(), user)) if profile in PROFILES else {}
    for place, component in _places(user):
        if project_of(component) == KUBEEDGE:
            yield from _of_keys(_config(source, user, place, component), place, old, new)
    values = merge(made, user)
    for place, component in _places(values):
        for step in behaviour_steps(_config(source, values, place, component), old, new):
            # Keys of a profile follow the release; only a switch that it turns on changes its meaning.
            given = paths.first(paths.at(user, place), step.key) is not None
            if given or paths.first(paths.at(values, place), step.key) is True:
                yield replace(step, key=_text(place, step.key))
    yield from _of_rules(source, user, old, new)


def _of_keys(config: Source, place: paths.Path, old: Release, new: Release) -> Iterator[UpgradeStep]:
    for step in field_steps(config, old, new, _text(place, "")):
        # A node group has the defaults of all nodes.
        if step.action != "default" or len(place) == 1:
            yield replace(step, key=_text(place, step.key))


def _text(place: paths.Path, key: str) -> str:
    return f"{'.'.join(map(str, place))}.{key}"


def _places(values: dict[str, Any]) -> Iterator[tuple[paths.Path, str]]:
    """Yield the places of configs in the values, with their programs."""
    for component, row in COMPONENTS.items():
        for place in row.places:
            parent = paths.at(values, place[:-1]) if place[-1] == "*" else None
            names = parent if isinstance(parent, dict) else () if place[-1] == "*" else (place[-1],)
            yield from (((*place[:-1], name), component) for name in names)


def _config(source: Source, values: dict[str, Any], place: paths.Path, component: str) -> Source:
    """Return the config at a place of a site, with the lines of its keys in the site."""
    section = paths.at(values, place)
    own = {k: v for k, v in section.items() if k in top_level(component)} if isinstance(section, dict) else {}
    lines = {path: source.line((*place, *path)) for path in ((), *paths.below(own))}
    return Source(source.file, component, YamlDocument(own, lines, source.line(place)))


def _of_rules(source: Source, user: dict[str, Any], old: Release, new: Release) -> Iterator[UpgradeStep]:
    """Yield what the new release rejects or warns about, but the old release does not."""
    configs = [
        (place, _config(source, user, place, component))
        for place, component in _places(user)
        if project_of(component) == KUBEEDGE
    ]
    moved = after_moves(source, configs, old, new)
    before = problems_of(source, {KUBEEDGE: old.tag})
    after = problems_of(moved, {KUBEEDGE: new.tag})
    for action, now, earlier in (("change", after[0], before[0]), ("know", after[1], before[1])):
        # A key may have moved, and a message may name the release.
        known = {(one.code, one.where) for one in earlier}
        for one in _of_site(now):
            if (one.code, one.where) not in known:
                path = tuple(one.key.split("."))
                yield UpgradeStep(action, source.file, moved.line(path), one.key, one.message)


def _of_site(problems: Sequence[Problem]) -> Iterator[Problem]:
    yield from (one for one in problems if one.code not in _OF_KEYS)
