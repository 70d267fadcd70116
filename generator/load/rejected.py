"""Explains what the classes of the model reject; imported only if something is rejected."""

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
from generator.load.problems import problem
from generator.model.common import Section
from generator.model.site import Site
from generator.model.tree import item_section
from generator.upstream.check import nearest_name, not_one_of, shown, top_level, wrong_type

# Sections of old charts for programs that no longer exist, with the code for each.
_ENDED: dict[paths.Path, str] = {("server",): "edgemesh-server-ended"}
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


def rejected(layers: Layers, values: dict[str, Any]) -> Iterator[Problem]:
    """Yield what the model rejects in the charts' own keys."""
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
