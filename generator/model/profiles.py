"""The profiles, and streams.enable: the keys that each sets in a release, and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from generator import locations, paths
from generator.model.hosts import host
from generator.upstream import Release

PROFILES = ("plain", "one-way", "one-way-verified", "mtls")
UNSET = "unset"

# The switch with entries of its own, in values/streams.yaml: those of `on`, and those of `off`.
STREAMS = "streams.enable"

# A reference in a value: {key}, or {host:key} for the host of an address.
REFERENCE = re.compile(r"\{(host:)?([A-Za-z][A-Za-z0-9_.]*)\}")


@dataclass(frozen=True)
class Profile:
    """A profile: its entries in order, after the entries of the profile that it extends.

    `brief` has a few words for each row at the top of the table of profiles.
    """

    name: str
    summary: str
    use: str
    brief: dict[str, str]
    needs: dict[str, str]
    entries: tuple[dict[str, Any], ...]


def profile(name: str) -> Profile:
    """Return a profile (or `unset`) with the entries of the profiles that it extends."""
    loaded = locations.table(f"profiles/{name}.yaml")
    base = profile(loaded["extends"]).entries if "extends" in loaded else ()
    own = loaded["entries"]
    return Profile(
        name,
        loaded["summary"],
        loaded.get("use", ""),
        loaded.get("brief", {}),
        loaded.get("needs", {}),
        (*base, *own),
    )


def streams(enable: Any) -> list[dict[str, Any]]:
    """Return the entries of a value of streams.enable, [] if it is not set."""
    if not isinstance(enable, bool):
        return []
    return stream_entries()["on" if enable else "off"]


def stream_entries() -> dict[str, list[dict[str, Any]]]:
    """Return the entries of streams.enable: those of `on`, and those of `off`."""
    return locations.table("streams.yaml")


def entries(name: str, kubeedge: Release, edgemesh: Release) -> Iterator[dict[str, Any]]:
    """Yield the entries of a profile for two releases; a later entry overrides an earlier one."""
    return _within(profile(name).entries, kubeedge, edgemesh)


def _within(
    found: Iterable[dict[str, Any]], kubeedge: Release, edgemesh: Release
) -> Iterator[dict[str, Any]]:
    for entry in found:
        if kubeedge.within(entry.get("kubeedge")) and edgemesh.within(entry.get("edgemesh")):
            yield entry


def preset(name: str, kubeedge: Release, edgemesh: Release, values: dict[str, Any]) -> dict[str, Any]:
    """Build the values that a profile and streams.enable set, filled from `values`.

    Entries with empty references are left out.
    """
    built: dict[str, Any] = {}
    chosen = (*profile(name).entries, *streams(paths.first(values, STREAMS)))
    for entry in _within(chosen, kubeedge, edgemesh):
        value, missing = expand(entry["value"], values)
        if not missing:
            paths.put(built, entry["key"], value)
        for key, own in _of_groups(entry, values):
            paths.put(built, key, own)
    return built


def _of_groups(entry: dict[str, Any], values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the key and the value of an entry for each node group that sets the key in `groups`."""
    groups = paths.first(values, "edgeCore.nodeGroups")
    if "groups" not in entry or not isinstance(groups, dict) or paths.first(values, entry["key"]) is not None:
        return
    for name, own in groups.items():
        view = {**values, "edgeCore": own}
        value, missing = expand(entry["value"], view)
        if paths.first(view, entry["groups"]) is not None and not missing:
            yield f"edgeCore.nodeGroups.{name}.{entry['key'].partition('.')[2]}", value


def sources(name: str, key: str, values: dict[str, Any]) -> set[str]:
    """Return the keys that the value of `key` refers to, in a profile (or `unset`) or from streams.enable."""
    chosen = (*profile(name).entries, *streams(paths.first(values, STREAMS)))
    return {source for entry in chosen if entry["key"] == key for source in references(entry["value"])}


def references(value: Any) -> list[str]:
    """Return the keys that a value refers to."""
    return [key for _, key in REFERENCE.findall(str(value))]


def expand(value: Any, values: dict[str, Any]) -> tuple[Any, bool]:
    """Fill the `{key}` references of a value; return it and whether a reference was empty.

    If the text is a single reference, the result has the type of the referenced value. `{host:key}` is the
    host of an address. An IPv6 address inside a longer text gets brackets.
    """
    if isinstance(value, list):
        filled = [expand(item, values) for item in value]
        return [item for item, _ in filled], any(missing for _, missing in filled)
    if not isinstance(value, str):
        return deepcopy(value), False
    whole = REFERENCE.fullmatch(value)
    if whole and not whole[1]:
        found = paths.first(values, whole[2])
        return ("" if found is None else found), found in (None, "")
    missing = False

    def fill(match: re.Match[str]) -> str:
        nonlocal missing
        text = reference_text(values, match[2], host if match[1] else str)
        missing = missing or not text
        return text

    return REFERENCE.sub(fill, value), missing


def reference_text(values: dict[str, Any], key: str, form: Callable[[str], str] = str) -> str:
    """Return the value of a key for a longer text: "" if it is not set, an IPv6 address in brackets."""
    found = paths.first(values, key)
    text = str(found).lower() if isinstance(found, bool) else "" if found is None else form(str(found))
    return f"[{text}]" if ":" in text and not text.startswith("[") else text
