"""JSON schemas of the values: a small one for each chart, and the full one for editors."""

from __future__ import annotations

import copy
from typing import Any

from generator import tables
from generator.components import COMPONENTS
from generator.language import translated
from generator.model.group_name import GROUP_NAME
from generator.model.site import CHART_KEYS, SHARED_KEYS, Site
from generator.upstream import Field, Release, config_fields, release_of
from generator.upstream.check import DURATION, top_level

DRAFT = "http://json-schema.org/draft-07/schema#"

_ALSO = {
    "boolean": {"enum": ["true", "false"]},
    "integer": {"type": "string", "pattern": "^[0-9]{1,15}$"},
    "list": {"type": "object", "maxProperties": 0},
}


def chart_schema(chart: str) -> dict[str, Any]:
    """Build the values.schema.json of a chart (draft-07, no texts, passthrough parts open).

    The chart validates its own keys and the shared ones; keys of the other charts are accepted, so
    one site file fits all three. Helm adds `global` and `enabled` for a subchart, and `common` for the
    library chart, which reads no values.
    """
    full = _inlined(texts=False)
    own = {*SHARED_KEYS, *CHART_KEYS[chart]}
    properties = {name: part if name in own else True for name, part in full["properties"].items()}
    properties.update({"global": {"type": "object"}, "enabled": {"type": "boolean"}})
    nothing = {"type": "object", "additionalProperties": False, "properties": {"global": {"type": "object"}}}
    properties["common"] = nothing
    return {"$schema": DRAFT, "type": "object", "additionalProperties": False, "properties": properties}


def site_schema(kubeedge: Release, edgemesh: Release) -> dict[str, Any]:
    """Build the full schema of a site file: every key with its text, every field of the releases."""
    full = _inlined(texts=True)
    for component, row in COMPONENTS.items():
        release = release_of(component, kubeedge, edgemesh)
        tree = config_fields(component, release)
        for place in row.places:
            part = _at(full, ".".join(place))
            for name in top_level(component) - set(tree.fields):
                part["properties"].pop(name, None)
            _add_fields(part, tree)
    _at(full, "edgeCore.nodeGroups")["propertyNames"] = {"pattern": f"^{GROUP_NAME}$"}
    return {"$schema": DRAFT, "title": f"Site for {kubeedge} and {edgemesh}", **full}


def _inlined(texts: bool) -> dict[str, Any]:
    raw = Site.model_json_schema()
    definitions = raw.pop("$defs", {})
    schema: dict[str, Any] = _clean(raw, definitions, texts)
    for shape, also in _ALSO.items():
        for path in tables.load("shapes.yaml")[shape]:
            part = _at(schema, path)
            if part and part.get("type") and part != {"type": "object"}:
                kept = {name: part.pop(name) for name in list(part) if name not in ("description", "default")}
                part["anyOf"] = [kept, also]
    return schema


def _clean(part: Any, definitions: dict[str, Any], texts: bool) -> Any:
    """Inline references, drop parts that Helm does not need, and forbid null where pydantic allows None."""
    if isinstance(part, list):
        return [_clean(item, definitions, texts) for item in part]
    if not isinstance(part, dict):
        return part
    part = _resolved(part, definitions)
    dropped = {"title", "unit", "unset", "example"}
    if not texts:
        dropped |= {"description", "default"}
        if part.get("type") == "object" and part.get("additionalProperties") is True:
            return {"type": "object"}
    if part.get("default", 0) is None:
        dropped.add("default")
    cleaned: dict[str, Any] = {}
    for name, value in part.items():
        if name == "properties":
            cleaned[name] = {key: _clean(child, definitions, texts) for key, child in value.items()}
        elif name == "description" and texts:
            cleaned[name] = translated("model", value)
        elif name not in dropped:
            cleaned[name] = _clean(value, definitions, texts)
    return cleaned


def _resolved(part: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Replace a reference by its target, and remove None from a choice of types."""
    if "$ref" in part:
        target = copy.deepcopy(definitions[part["$ref"].rsplit("/", 1)[1]])
        return {**target, **{name: value for name, value in part.items() if name != "$ref"}}
    choices = [choice for choice in part.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == 1:
        kept = {name: value for name, value in part.items() if name != "anyOf"}
        return _resolved({**kept, **choices[0]}, definitions)
    return {**part, "anyOf": choices} if choices else part


def _at(schema: dict[str, Any], path: str) -> dict[str, Any]:
    here: dict[str, Any] = schema
    for name in path.split("."):
        here = (
            here.get("additionalProperties", {}) if name == "*" else here.get("properties", {}).get(name, {})
        )
    return here


def _add_fields(part: dict[str, Any], field: Field) -> None:
    """Close an open part of the schema with the fields that the release reads."""
    properties = part.setdefault("properties", {})
    for name, child in field.fields.items():
        if name in ("apiVersion", "kind"):
            continue
        here = properties.setdefault(name, {})
        if child.fields:
            documented = here.get("properties", {})
            read = {key: kept for key, kept in documented.items() if key in child.fields}
            here.update({"type": "object", "properties": read})
            _add_fields(here, child)
            here["additionalProperties"] = False
        elif not here.get("type") and not here.get("anyOf"):
            here.update(_field_schema(child))


def _field_schema(field: Field) -> dict[str, Any]:
    if field.type == "object":
        part: dict[str, Any] = {"type": "object"}
        if field.values:
            part["additionalProperties"] = _field_schema(field.values)
        elif field.fields:
            _add_fields(part, field)
            part["additionalProperties"] = False
        return part
    if field.type == "array" and field.items:
        return {"type": "array", "items": _field_schema(field.items)}
    types = ["string" if name == "duration" else name for name in (field.type, *field.also)]
    part = {"type": types[0] if len(types) == 1 else types}
    if field.type == "duration" and not field.also:
        part["pattern"] = f"^({DURATION})$"
    if field.enum:
        part["enum"] = list(field.enum)
    if field.bounds:
        part["minimum"], part["maximum"] = field.bounds
    if field.default is not None and not field.host:
        part["default"] = field.default
    return part
