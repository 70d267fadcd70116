"""Checks a config file against the field table: what a release would not read as it is meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from generator.characters import hint
from generator.components import project_of
from generator.paths import Path
from generator.upstream.fields import Field
from generator.upstream.releases import Release, minors, table

DURATION = r"[-+]?([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+|0"
_KINDS = {
    "string": "a string",
    "integer": "an integer",
    "boolean": "true or false",
    "number": "a number",
    "duration": "a duration such as 10s",
    "array": "a list",
    "object": "a map",
}


# nil stands for the default here (kubeedge v1.23.1 cloudcore/v1alpha1 helper.go), and crashes nothing.
_NIL_IS_DEFAULT = ("modules.iptablesManager",)


class Wrong(NamedTuple):
    """One thing that a program would not read as meant: where, what, the fix, and its stable code."""

    path: Path
    what: str
    fix: str
    code: str


def check(value: Any, field: Field, component: str, release: Release, at: Path = ()) -> Iterator[Wrong]:
    """Yield all that a program of this release would not read as meant."""
    types = (field.type, *field.also)
    if value is None:
        yield from _null(field, at)
    elif field.unused and value not in ([], {}, ""):
        yield Wrong(at, f"{release} reads it and never uses it", f"move it to {field.unused}", "unused-key")
    elif isinstance(value, dict) and "object" in types:
        yield from _map(value, field, component, release, at)
    elif isinstance(value, list) and "array" in types and field.items:
        yield from _items(value, field, component, release, at)
    else:
        yield from _single(value, field, at)


def _map(value: dict[str, Any], field: Field, component: str, release: Release, at: Path) -> Iterator[Wrong]:
    for name, item in value.items():
        child = field.fields.get(name) or field.values
        if child is None:
            yield _unknown(name, field, component, release, at)
        else:
            yield from check(item, child, component, release, (*at, name))


def _single(value: Any, field: Field, at: Path) -> Iterator[Wrong]:
    types = (field.type, *field.also)
    if field.enum and value not in field.enum:
        near = nearest(value, field.enum) if isinstance(value, str) else ""
        yield Wrong(at, f"must be one of {', '.join(field.enum)}", near, "not-one-of")
    elif not any(fits(value, name) for name in types):
        yield Wrong(at, *type_words(types, value), "wrong-type")
    elif field.bounds and isinstance(value, int) and not field.bounds[0] <= value <= field.bounds[1]:
        what = f"must lie between {field.bounds[0]} and {field.bounds[1]} (got {value})"
        yield Wrong(at, what, "", "out-of-range")


def _null(field: Field, at: Path) -> Iterator[Wrong]:
    """Yield a null that leaves a nil pointer; in every other place it leaves the default as it is."""
    if not field.pointer or field.type != "object" or ".".join(map(str, at)) in _NIL_IS_DEFAULT:
        return
    if isinstance(at[-1], int):
        yield Wrong(at, "an empty item crashes the program", "remove the item", "null-section")
    elif field.default_state == "set":
        yield Wrong(at, "an empty section crashes the program", "remove the key", "null-section")


def _items(value: list[Any], field: Field, component: str, release: Release, at: Path) -> Iterator[Wrong]:
    assert field.items
    # encoding/json leaves an item of the default as it is where the file has a null.
    default = field.default if isinstance(field.default, list) else []
    for number, item in enumerate(value):
        if item is None and not field.items.pointer and number >= len(default):
            what = "an empty item is read as an empty value"
            yield Wrong((*at, number), what, "remove the item", "null-item")
        else:
            yield from check(item, field.items, component, release, (*at, number))


def fits(value: Any, name: str) -> bool:
    """Say whether a value is of a type of the table."""
    if name == "duration":
        return isinstance(value, str) and re.fullmatch(DURATION, value) is not None
    if isinstance(value, bool) or name == "boolean":
        return isinstance(value, bool) and name == "boolean"
    kinds: dict[str, Any] = {
        "string": str,
        "integer": int,
        "number": (int, float),
        "array": list,
        "object": dict,
    }
    return isinstance(value, kinds[name])


def _unknown(name: str, field: Field, component: str, release: Release, at: Path) -> Wrong:
    path = (*at, name)
    if at == ("featureGates",):
        known = ", ".join(field.fields) or "none"
        near = nearest(name, field.fields).rstrip("?")
        fix = f"{near}? {release} knows {known}" if near else f"{release} knows {known}"
        return Wrong(path, f"unknown feature gate, {component} exits on it", fix, "unknown-gate")
    dotted = ".".join("[]" if isinstance(p, int) else str(p) for p in path).replace(".[]", "[]")
    spans = table(component)["fields"].get(dotted, ())
    if spans:
        when = " and ".join(_span_words(span) for span in _joined(spans))
        fix = f"{release.program} reads it {when}"
        return Wrong(path, f"not read by {release}", fix, "key-of-other-release")
    what = f"not a field of {component}.yaml in {release}"
    return Wrong(path, what, hint(name) or nearest(name, field.fields), "unknown-key")


def _joined(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join spans that follow each other; the table has a row for every change of type or default."""
    spans: list[dict[str, Any]] = []
    for row in rows:
        before = spans[-1].get("to") if spans else None
        if before and int(before.split(".")[1]) + 1 == int(row["from"].split(".")[1]):
            row = {**row, "from": spans.pop()["from"]}
        spans.append(row)
    return spans


def _span_words(span: dict[str, Any]) -> str:
    if "to" not in span:
        return f"from {span['from']} on"
    return f"in {span['from']}" if span["to"] == span["from"] else f"from {span['from']} to {span['to']}"


def kind(value: Any) -> str:
    """Name the type of a value as an operator would."""
    if isinstance(value, bool):
        return str(value).lower()
    names = {str: "a string", int: "an integer", float: "a number", list: "a list", dict: "a map"}
    return names.get(type(value), "nothing")


def nearest_name(name: str, known: Iterable[str]) -> str:
    """Return the known spelling nearest to a name, "" when none is near."""
    lower = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(name.lower(), lower, n=1, cutoff=0.65)
    return lower[close[0]] if close else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """Say the known spelling nearest to a name, as a way out; "" when none is near."""
    near = nearest_name(name, known)
    return f"did you mean {near}?" if near else ""


def words_of(field: Field) -> str:
    """Say in words what a field takes."""
    return " or ".join(_KINDS[name] for name in dict.fromkeys((field.type, *field.also)))


def type_words(types: Iterable[str], found: Any) -> tuple[str, str]:
    """Say that a value is of the wrong type, and the way out."""
    types = list(dict.fromkeys(types))
    # A text of the wrong form is shown; any other text could be a secret in the wrong place.
    got = found if types == ["duration"] and isinstance(found, str) else kind(found)
    quote = types == ["string"] and isinstance(found, (bool, int, float))
    words = " or ".join(_KINDS[name] for name in types)
    fix = hint(found) if isinstance(found, str) else ""
    return f"must be {words}, got {got}", "put it in quotes, or use --set-string" if quote else fix


@cache
def top_level(component: str) -> set[str]:
    """Return the top-level fields of a config in any known release."""
    known = minors(project_of(component))
    rows = table(component)["fields"]
    return {
        path
        for path, spans in rows.items()
        if "." not in path
        and path not in ("apiVersion", "kind")
        and any(Release(project_of(component), minor, "").within(span) for minor in known for span in spans)
    }
