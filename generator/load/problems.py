"""Checks merged values against the model and the field table; yields every problem."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from pydantic import BaseModel, ValidationError, create_model
from pydantic_core import ErrorDetails

from generator import paths
from generator.catalogue.message import Message, say
from generator.characters import look_alike
from generator.components import COMPONENTS
from generator.errors import Problem, count
from generator.load.layers import Layers
from generator.model.common import Section
from generator.model.edgecore import GROUP_NAME
from generator.model.site import Site
from generator.model.tree import item_section
from generator.upstream import Field, Release, config_fields, release_of
from generator.upstream.check import check, nearest_name, not_one_of, shown, top_level, wrong_type

# Sections of old charts for programs that no longer exist, with the code for each.
_ENDED: dict[paths.Path, str] = {("server",): "edgemesh-server-ended"}
_NODE_NAME: paths.Path = ("modules", "edged", "hostnameOverride")
_WANTED = {
    "string_type": "string",
    "int_type": "integer",
    "int_from_float": "integer",
    "bool_type": "boolean",
    "float_type": "number",
    "list_type": "array",
    "dict_type": "object",
    "model_type": "object",
    "model_attributes_type": "object",
}


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
    try:
        _part_of_site(values).model_validate(values)
    except ValidationError as errors:
        found = errors.errors(include_url=False, include_context=True, include_input=False)
        located = [(_real_path(error, values), error) for error in found]
        for path, error in _one_a_value(located):
            if not _is_config(path):
                yield _model_problem(layers, path, error, values)


def _part_of_site(values: dict[str, Any]) -> type[BaseModel]:
    """Return the model with the top-level keys of `values` only; building the others takes start-up time."""
    used = {name: (info.annotation, info) for name, info in Site.model_fields.items() if name in values}
    part: type[BaseModel] = create_model("Site", __base__=Section, **cast(Any, used))
    return part


def _one_a_value(located: list[tuple[paths.Path, ErrorDetails]]) -> Iterator[tuple[paths.Path, ErrorDetails]]:
    """Yield one error for each value of a union: the deepest error, or one that lists all types."""
    deepest = [path for path, _ in located]
    wanted: dict[paths.Path, list[str]] = {}
    for path, error in located:
        if error["type"] in _WANTED:
            wanted.setdefault(path, []).append(_WANTED[error["type"]])
    for path, error in located:
        if error["type"] not in _WANTED:
            yield path, error
        elif path in wanted and not any(len(p) > len(path) and p[: len(path)] == path for p in deepest):
            yield path, {**error, "ctx": {"wanted": wanted.pop(path)}}


def _real_path(error: ErrorDetails, values: Any) -> paths.Path:
    """Return a path without the parts that pydantic adds for the members of a union."""
    path: list[str | int] = []
    here = values
    for part in error["loc"]:
        inside = (isinstance(here, dict) and part in here) or (
            isinstance(here, list) and isinstance(part, int)
        )
        if inside:
            path.append(part)
            here = here[part]
    return tuple(path)


def _is_config(path: paths.Path) -> bool:
    return any(_config_key(component, path) for component in COMPONENTS)


def _config_key(component: str, path: paths.Path) -> bool:
    for place in COMPONENTS[component].places:
        inside = len(path) > len(place) and all(p in ("*", q) for p, q in zip(place, path, strict=False))
        if inside and path[len(place)] in top_level(component):
            return True
    return False


def _model_problem(layers: Layers, path: paths.Path, error: ErrorDetails, values: Any) -> Problem:
    return problem(layers, path, _model_message(path, error, paths.at(values, path)))


def _model_message(path: paths.Path, error: ErrorDetails, found: Any) -> Message:
    """Return the message about an error of pydantic at a value."""
    name, context = error["type"], error.get("ctx", {})
    if path in _ENDED:
        return say(_ENDED[path])
    if name == "extra_forbidden":
        return _unknown_key(path)
    if name == "missing":
        return say("missing-key", missing=error["loc"][-1])
    if name in _WANTED:
        return wrong_type(path, found, context["wanted"])
    if name == "literal_error":
        return not_one_of(path, found, re.split(", | or ", str(context["expected"]).replace("'", "")))
    if name in ("greater_than_equal", "less_than_equal"):
        return say("out-of-range", low=context.get("ge"), high=context.get("le"), got=shown(path, found))
    reason = f"needs at least {count(context['min_length'], 'item')}" if name == "too_short" else error["msg"]
    return say("invalid-value", reason=reason)


def _unknown_key(path: paths.Path) -> Message:
    section, name = _section_at(path[:-1]), str(path[-1])
    known = list(section.model_fields) if section else []
    few = known if 0 < len(known) <= 8 else None
    return say("unknown-key", near=nearest_name(name, known), known=few, **look_alike(name))


def _section_at(path: paths.Path) -> type[BaseModel] | None:
    section: type[BaseModel] | None = Site
    for part in path:
        info = section.model_fields.get(str(part)) if section else None
        if info is None:
            continue
        direct = info.annotation if isinstance(info.annotation, type) else None
        section = direct if direct and issubclass(direct, BaseModel) else item_section(info)
    return section


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
