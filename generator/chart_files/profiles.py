"""The profiles and streams.enable as the charts read them: JSON with the keys that a chart reads.

`set` has the values that are the same for all releases and sites. `entries` has all others, in order. An
entry has the `path` of its key, its `value`, and the first and last minor of a program if it excludes others.
`of` has the references in the value: the `mark` in the text, the `path` of the key, and `host` if only the
host of the address is wanted. `whole`: the value is nothing but a reference, and has the type of that key's
value. `list`: the value becomes the only item of a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from generator import paths
from generator.model import chart_keys
from generator.model.profiles import PROFILES, REFERENCE, UNSET, profile, references, stream_entries
from generator.upstream.releases import ends

Entry = dict[str, Any]


def files(chart: str) -> Iterator[tuple[str, Any]]:
    """Yield the name and the content of each file."""
    for name in (UNSET, *PROFILES):
        yield f"files/profiles/{name}.json", _table(chart, profile(name).entries)
    yield "files/streams.json", {name: _table(chart, found) for name, found in stream_entries().items()}


def _table(chart: str, entries: Iterable[Entry]) -> dict[str, Any]:
    read = [entry for entry in entries if chart_keys.reads(chart, entry["key"])]
    kept = [
        entry for at, entry in enumerate(read) if not any(_replaces(new, entry) for new in read[at + 1 :])
    ]
    keys = [entry["key"] for entry in kept]
    always: Entry = {}
    others = []
    for entry in kept:
        if keys.count(entry["key"]) == 1 and not _spans(entry) and not references(entry["value"]):
            paths.put(always, entry["key"], entry["value"])
        else:
            others.append(_entry(entry))
    return {"set": always, "entries": others}


def _replaces(new: Entry, old: Entry) -> bool:
    """Check whether a later entry always wins over an earlier one: it never applies less often."""
    same = new["key"] == old["key"] and "groups" not in (new | old)
    return same and not _spans(new) and {*references(new["value"])} <= {*references(old["value"])}


def _entry(entry: Entry) -> Entry:
    groups = {"groups": entry["groups"].split(".")} if "groups" in entry else {}
    return {"path": entry["key"].split("."), **_value(entry["value"]), **groups, **_spans(entry)}


def _value(value: Any) -> Entry:
    """Return a value and its references; a list with references has one item."""
    if not references(value):
        return {"value": value}
    if isinstance(value, list):
        (item,) = value
        return {**_value(item), "list": True}
    found = [
        {"mark": match[0], "path": _path(match[2]), **({"host": True} if match[1] else {})}
        for match in REFERENCE.finditer(value)
    ]
    whole = REFERENCE.fullmatch(value)
    return {"value": value, "of": found, **({"whole": True} if whole and not whole[1] else {})}


def _path(key: str) -> list[str | float]:
    """Return a key as a path; the number of an item of a list is a number."""
    return [float(part) if part.isdigit() else part for part in key.split(".")]


def _spans(entry: Entry) -> Entry:
    """Return the releases of an entry by program, without spans that contain all."""
    return {name: [*map(float, ends(entry[name]))] for name in ("kubeedge", "edgemesh") if name in entry}
