"""The profiles: the keys that each sets in a release, and why."""

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
    """A profile: its entries in order, after the entries of the profile that it extends."""

    name: str
    summary: str
    use: str
    needs: dict[str, str]
    entries: tuple[dict[str, Any], ...]


def profile(name: str) -> Profile:
    """Return a profile (or `unset`) with the entries of the profiles that it extends."""
    loaded = locations.table(f"profiles/{name}.yaml")
    base = profile(loaded["extends"]).entries if "extends" in loaded else ()
    own = loaded["entries"]
    return Profile(name, loaded["summary"], loaded.get("use", ""), loaded.get("needs", {}), (*base, *own))


def entries(name: str, kubeedge: Release, edgemesh: Release) -> Iterator[dict[str, Any]]:
    """Yield the entries of a profile for two releases; a later entry overrides an earlier one."""
    for entry in profile(name).entries:
        if kubeedge.within(entry.get("kubeedge")) and edgemesh.within(entry.get("edgemesh")):
            yield entry


def preset(name: str, kubeedge: Release, edgemesh: Release, values: dict[str, Any]) -> dict[str, Any]:
    """Build the values that a profile sets, filled from `values`, without entries with empty references."""
    built: dict[str, Any] = {}
    for entry in entries(name, kubeedge, edgemesh):
        value, missing = expand(entry["value"], values)
        if not missing:
            paths.put(built, entry["key"], value)
    return built


def sources(name: str, key: str) -> set[str]:
    """Return the keys that the value of `key` in a profile (or `unset`) refers to."""
    values = [entry["value"] for entry in profile(name).entries if entry["key"] == key]
    return {source for value in values for source in references(value)}


def references(value: Any) -> list[str]:
    """Return the keys that a value refers to."""
    return _REFERENCE.findall(str(value))


def expand(value: Any, values: dict[str, Any]) -> tuple[Any, bool]:
    """Fill the `{key}` references of a value; return it and whether a reference was empty.

    If the text is a single reference, the result has the type of the referenced value. An IPv6 address
    inside a longer text gets brackets.
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
    """Return the value of a key for a longer text: "" if it is not set, an IPv6 address in brackets."""
    found = paths.first(values, key)
    text = "" if found is None else str(found)
    return f"[{text}]" if ":" in text and not text.startswith("[") else text
