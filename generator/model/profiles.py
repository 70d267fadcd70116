"""The profiles: which keys a preset sets for a release, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generator import locations, paths
from generator.upstream import Release

PROFILES = ("plain", "one-way", "one-way-verified", "mtls")
UNSET = "unset"

_REFERENCE = re.compile(r"\{([A-Za-z][A-Za-z0-9_.]*)\}")


@dataclass(frozen=True)
class Profile:
    """A profile: its entries in order, those of the profiles it extends first."""

    name: str
    summary: str
    use: str
    needs: dict[str, str]
    entries: tuple[dict[str, Any], ...]


def profile(name: str) -> Profile:
    """Return a profile (or `unset`) with everything that it extends."""
    loaded = locations.table(f"profiles/{name}.yaml")
    base = profile(loaded["extends"]).entries if "extends" in loaded else ()
    own = loaded["entries"]
    return Profile(name, loaded["summary"], loaded.get("use", ""), loaded.get("needs", {}), (*base, *own))


def entries(name: str, kubeedge: Release, edgemesh: Release) -> Iterator[dict[str, Any]]:
    """Yield the entries of a profile that hold for two releases; a later one replaces an earlier."""
    for entry in profile(name).entries:
        if kubeedge.within(entry.get("kubeedge")) and edgemesh.within(entry.get("edgemesh")):
            yield entry


def preset(name: str, kubeedge: Release, edgemesh: Release, values: dict[str, Any]) -> dict[str, Any]:
    """Build what a profile sets, with references filled from `values`; empty references drop the entry."""
    built: dict[str, Any] = {}
    for entry in entries(name, kubeedge, edgemesh):
        value, missing = expand(entry["value"], values)
        if not missing:
            paths.put(built, entry["key"], value)
    return built


def sources(name: str, key: str) -> set[str]:
    """Return the keys that a profile (or `unset`) builds `key` from."""
    values = [entry["value"] for entry in profile(name).entries if entry["key"] == key]
    return {source for value in values for source in references(value)}


def references(value: Any) -> list[str]:
    """Return the keys that a value refers to."""
    return _REFERENCE.findall(str(value))


def expand(value: Any, values: dict[str, Any]) -> tuple[Any, bool]:
    """Fill the `{key}` references of a value; return it and whether a reference was empty.

    A text that is one reference becomes the referenced value with its type; an IPv6 address
    inside a longer text is put in brackets.
    """
    if isinstance(value, list):
        filled = [expand(item, values) for item in value]
        return [item for item, _ in filled], any(missing for _, missing in filled)
    if not isinstance(value, str):
        return value, False
    whole = _REFERENCE.fullmatch(value)
    if whole:
        found = paths.first(values, whole[1])
        return ("" if found is None else found), found in (None, "")
    missing = False

    def fill(match: re.Match[str]) -> str:
        nonlocal missing
        text = reference_text(values, match[1])
        missing = missing or not text
        return text

    return _REFERENCE.sub(fill, value), missing


def reference_text(values: dict[str, Any], key: str) -> str:
    """Return the value of a key inside a longer text: "" where it is unset, an IPv6 address in brackets."""
    found = paths.first(values, key)
    text = "" if found is None else str(found)
    return f"[{text}]" if ":" in text and not text.startswith("[") else text
