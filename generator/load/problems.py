"""Checks merged values against the model and the field table; yields every problem."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from generator import paths
from generator.catalogue.message import Message, say
from generator.components import COMPONENTS
from generator.errors import Problem
from generator.load.layers import Layers
from generator.model import quick
from generator.model.group_name import GROUP_NAME
from generator.upstream import Field, Release, config_fields, release_of
from generator.upstream.check import check, top_level

_NODE_NAME: paths.Path = ("modules", "edged", "hostnameOverride")


def null_problems(layers: Layers, defaults: dict[str, Any]) -> Iterator[Problem]:
    """Yield a problem for every null that does not delete a default of the chart."""
    yield from _nulls(layers.values, defaults, (), layers)


def _nulls(value: Any, default: Any, at: paths.Path, layers: Layers) -> Iterator[Problem]:
    if isinstance(value, dict):
        for name, child in value.items():
            below = default.get(name) if isinstance(default, dict) else None
            if child is None and isinstance(default, dict) and name in default:
                continue
            yield from _nulls(child, below, (*at, name), layers)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _nulls(item, None, (*at, number), layers)
    elif value is None and isinstance(at[-1], int):
        yield problem(layers, at, say("null-item", "values"))
    elif value is None:
        yield problem(layers, at, say("null-without-default"))


def problem(layers: Layers, path: paths.Path, message: Message) -> Problem:
    """Return a problem with the place where the user set the key."""
    origin = layers.origin(path)
    return Problem(origin.where if origin else "defaults", paths.text(path), message)


# --- the charts' own keys ------------------------------------------------------------------


def model_problems(layers: Layers, values: dict[str, Any]) -> Iterator[Problem]:
    """Yield what the model rejects in the charts' own keys; field_problems checks the config fields."""
    if not quick.fits(values):
        # Only this module needs the classes of the model, which take long to build.
        yield from import_module("generator.load.rejected").rejected(layers, values)


def group_problems(layers: Layers, values: dict[str, Any]) -> Iterator[Problem]:
    """Yield invalid names of node groups, and node names that two groups have."""
    groups = paths.first(values, "edgeCore.nodeGroups")
    if not isinstance(groups, dict):
        return
    yield from _node_name_problems(layers, values, groups)
    for name in groups:
        if not re.fullmatch(GROUP_NAME, name):
            yield problem(layers, ("edgeCore", "nodeGroups", name), say("node-group-name"))
    yield from _selector_problems(layers, values, groups)


def _selector_problems(layers: Layers, values: dict[str, Any], groups: dict[str, Any]) -> Iterator[Problem]:
    """Yield the groups whose nodes the rollout does not know, and those inside another group."""
    selectors = {name: paths.at(groups[name], ("nodeSelector",)) or {} for name in sorted(groups)}
    if paths.first(values, "edgeCore.rollout.enable") is True:
        for name in (name for name, selector in selectors.items() if not selector and name != "default"):
            yield problem(layers, _selector(name), say("group-selects-nothing"))
    for name, other in _inside(selectors):
        yield problem(layers, _selector(name), say("groups-overlap", other=other))


def _selector(group: str) -> paths.Path:
    return ("edgeCore", "nodeGroups", group, "nodeSelector")


def _inside(selectors: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield each group whose nodes all belong to another group, with that group."""
    # A group can only be inside another one if it has the label under which that one is kept.
    by_label: dict[tuple[str, Any], list[str]] = {}
    for name, selector in selectors.items():
        if selector:
            by_label.setdefault(min(selector.items()), []).append(name)
    for name, selector in selectors.items():
        for other in (one for pair in selector.items() for one in by_label.get(pair, ())):
            wider = selectors[other]
            # Of two groups with the same labels only one is named.
            after = len(selector) > len(wider) or name < other
            if name != other and after and wider.items() <= selector.items():
                yield name, other


def _node_name_problems(layers: Layers, values: dict[str, Any], groups: dict[str, Any]) -> Iterator[Problem]:
    """Yield a problem for every hostnameOverride that several node groups have, also from edgeCore."""
    base = paths.at(values, ("edgeCore", *_NODE_NAME))
    users: dict[str, list[str]] = {}
    for group, config in groups.items():
        own = paths.at(config, _NODE_NAME)
        name = base if own is None else own
        if isinstance(name, str) and name:
            users.setdefault(name, []).append(group)
    for name, named in users.items():
        if len(named) > 1:
            own_keys = [g for g in named if paths.at(groups[g], _NODE_NAME) is not None]
            place = ("edgeCore", "nodeGroups", own_keys[-1]) if own_keys else ("edgeCore",)
            message = say("node-name-twice", name=name, groups=named)
            yield problem(layers, (*place, *_NODE_NAME), message)


# --- the fields of the programs ------------------------------------------------------------


def field_problems(
    layers: Layers, values: dict[str, Any], kubeedge: Release, edgemesh: Release
) -> Iterator[Problem]:
    """Yield the config fields of `values` that the programs of the releases ignore, reject or misread."""
    for component, row in COMPONENTS.items():
        release = release_of(component, kubeedge, edgemesh)
        tree = config_fields(component, release)
        for place in row.places:
            for at, section in _expand(values, place, ()):
                if not isinstance(section, dict):
                    continue
                for name in section:
                    if name in top_level(component):
                        child = {name: section[name]}
                        for path, message in check(child, tree, component, release):
                            yield problem(layers, (*at, *path), message)


def node_key_problems(layers: Layers, values: dict[str, Any], kubeedge: Release) -> Iterator[Problem]:
    """Yield the keys in rollout.nodeKeys that edgecore of the release does not read."""
    tree = config_fields("edgecore", kubeedge)
    keys = paths.first(values, "edgeCore.rollout.nodeKeys")
    for number, name in enumerate(keys if isinstance(keys, list) else ()):
        field: Field | None = tree
        for part in str(name).split("."):
            field = (field.fields.get(part) or field.values) if field else None
        if field is None:
            place = ("edgeCore", "rollout", "nodeKeys", number)
            yield problem(layers, place, say("node-key-unknown", key=str(name), release=str(kubeedge)))


def _expand(value: Any, place: paths.Path, at: paths.Path) -> Iterator[tuple[paths.Path, Any]]:
    if not place:
        yield at, value
    elif isinstance(value, dict):
        for name in value if place[0] == "*" else [place[0]]:
            if name in value:
                yield from _expand(value[name], place[1:], (*at, name))
