"""Checks a config against the field table: what a program of a release ignores, rejects or crashes on."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from generator.catalogue.message import Message, say
from generator.characters import look_alike
from generator.components import project_of
from generator.paths import Path
from generator.secrets.names import is_secret
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


# A null here means the default; nothing crashes (kubeedge v1.23.1 cloudcore/v1alpha1 helper.go).
_NIL_IS_DEFAULT = ("modules.iptablesManager",)
# For longer text, the message shows only the type, so that the message stays readable.
_LONGEST_SHOWN = 40


class Wrong(NamedTuple):
    """A value that a program ignores, rejects or misreads: its path, and what is wrong."""

    path: Path
    message: Message

    @property
    def code(self) -> str:
        """Return the code of the message."""
        return self.message.code


def check(value: Any, field: Field, component: str, release: Release, at: Path = ()) -> Iterator[Wrong]:
    """Yield every value in a config that the program of this release ignores, rejects or misreads."""
    types = (field.type, *field.also)
    if value is None:
        yield from _null(field, at)
    elif field.unused and value not in ([], {}, ""):
        yield Wrong(at, say("unused-key", release=str(release), to=field.unused))
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
        yield Wrong(at, not_one_of(at, value, field.enum))
    elif not any(fits(value, name) for name in types):
        yield Wrong(at, wrong_type(at, value, types))
    elif field.bounds and isinstance(value, int) and not field.bounds[0] <= value <= field.bounds[1]:
        yield Wrong(at, say("out-of-range", low=field.bounds[0], high=field.bounds[1], got=value))


def _null(field: Field, at: Path) -> Iterator[Wrong]:
    """Yield a problem if a null becomes a nil pointer; in other places a null keeps the default."""
    if not field.pointer or field.type != "object" or ".".join(map(str, at)) in _NIL_IS_DEFAULT:
        return
    if isinstance(at[-1], int):
        yield Wrong(at, say("null-section", "item"))
    elif field.default_state == "set":
        yield Wrong(at, say("null-section"))


def _items(value: list[Any], field: Field, component: str, release: Release, at: Path) -> Iterator[Wrong]:
    assert field.items
    # For a null item, encoding/json keeps the item of the default list.
    default = field.default if isinstance(field.default, list) else []
    for number, item in enumerate(value):
        if item is None and not field.items.pointer and number >= len(default):
            yield Wrong((*at, number), say("null-item"))
        else:
            yield from check(item, field.items, component, release, (*at, number))


def fits(value: Any, name: str) -> bool:
    """Return whether a value has a type of the field table."""
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
    path, near = (*at, name), nearest_name(name, field.fields)
    if at == ("featureGates",):
        known = list(field.fields) or None
        gate = say("unknown-gate", component=component, release=str(release), near=near, known=known)
        return Wrong(path, gate)
    dotted = ".".join("[]" if isinstance(p, int) else str(p) for p in path).replace(".[]", "[]")
    rows = table(component)["fields"].get(dotted, ())
    if rows:
        spans, program = [_span_words(span) for span in _joined(rows)], release.project
        return Wrong(path, say("key-of-other-release", release=str(release), program=program, spans=spans))
    odd = look_alike(name)
    return Wrong(path, say("unknown-key", component=component, release=str(release), near=near, **odd))


def _joined(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join consecutive spans of releases; the table has a new row for every change of type or default."""
    spans: list[dict[str, Any]] = []
    for row in rows:
        before = spans[-1].get("to") if spans else None
        if before and int(before.split(".")[1]) + 1 == int(row["from"].split(".")[1]):
            row = {**row, "from": spans.pop()["from"]}
        spans.append(row)
    return spans


def _span_words(span: dict[str, Any]) -> str:
    if "to" not in span:
        return f"{span['from']} and newer"
    return str(span["from"]) if span["to"] == span["from"] else f"{span['from']} to {span['to']}"


def nearest_name(name: str, known: Iterable[str]) -> str:
    """Return the known name with the most similar spelling, "" if none is similar."""
    lower = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(name.lower(), lower, n=1, cutoff=0.65)
    return lower[close[0]] if close else ""


def words_of(field: Field) -> str:
    """Return the types of a field in words: `a duration such as 10s or an integer`."""
    return _words((field.type, *field.also))


def _words(types: Iterable[str]) -> str:
    return " or ".join(_KINDS[name] for name in dict.fromkeys(types))


def wrong_type(path: Path, found: Any, types: Iterable[str]) -> Message:
    """Return the message about a value that has none of these types."""
    types = list(types)
    quotes = types == ["string"] and isinstance(found, (bool, int, float))
    odd = look_alike(found) if isinstance(found, str) else {}
    return say("wrong-type", "quotes" if quotes else "", wanted=_words(types), got=shown(path, found), **odd)


def not_one_of(path: Path, found: Any, known: Iterable[str]) -> Message:
    """Return the message about a value that is not one of the known values."""
    known = list(known)
    near = nearest_name(found, known) if isinstance(found, str) else ""
    return say("not-one-of", known=known, near=near, got=shown(path, found))


def shown(path: Path, value: Any) -> str:
    """Return a value as JSON for a message; for secrets, long texts, maps and lists return the type."""
    secret = any(isinstance(part, str) and is_secret(part, single=True) for part in path)
    long = isinstance(value, str) and (len(value) > _LONGEST_SHOWN or not value.isprintable())
    return (
        kind(value)
        if secret or long or isinstance(value, (dict, list))
        else json.dumps(value, ensure_ascii=False)
    )


def kind(value: Any) -> str:
    """Return the type of a value in words."""
    if isinstance(value, bool):
        return _KINDS["boolean"]
    if value is None:
        return "null"
    names = {str: "string", int: "integer", float: "number", list: "array", dict: "object"}
    return _KINDS[names[type(value)]]


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
