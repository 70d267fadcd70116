"""Checks fields that keadm sets by name: `join --set`, `config-update --set`, ConfigUpdateJob.

The syntax looks like that of Helm, but differs (kubeedge v1.23.1 keadm/cmd/keadm/app/cmd/util/set.go):
keadm silently ignores much of what it cannot set, or crashes on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from generator import paths
from generator.catalogue.message import Message, say
from generator.check.commands import Command
from generator.check.findings import Finding, finding
from generator.check.sources import Source
from generator.components import KUBEEDGE
from generator.upstream import Field, Release, UnknownRelease, config_fields
from generator.upstream.check import check, nearest_name
from generator.upstream.releases import table

_SINCE = {"join": "1.18", "config-update": "1.21", "ConfigUpdateJob": "1.21"}
_BOOLEANS = {"t", "true", "f", "false"}


@dataclass(frozen=True)
class CommandPlace:
    """The place of a setting, the command that sets it, and its release."""

    file: str
    line: int
    key: str
    verb: str
    release: Release

    def finding(self, message: Message) -> Finding:
        """Make a finding about the setting."""
        return finding(message, self.file, self.line, self.key)


def command_findings(
    commands: Sequence[Command], sources: Sequence[Source], kubeedge: Release
) -> Iterator[Finding]:
    """Yield the fields that calls of keadm cannot set."""
    for command in commands:
        release = _release(command.release) or kubeedge
        here = CommandPlace(command.file, command.line, f"keadm {command.verb}", command.verb, release)
        if command.broken:
            yield here.finding(say("keadm-quotes"))
        yield from release_findings(here)
        for setting in command.settings:
            place = CommandPlace(command.file, setting.line, "--set", command.verb, release)
            yield from setting_findings(setting.text, place, sources)


def _release(text: str) -> Release | None:
    try:
        return Release.parse(KUBEEDGE, text) if text else None
    except UnknownRelease:
        return None


def release_findings(place: CommandPlace) -> Iterator[Finding]:
    """Yield a finding if the release cannot set fields this way."""
    since = _SINCE[place.verb]
    if not place.release.within({"from": since}):
        yield place.finding(say("keadm-release", release=str(place.release), since=since))


def setting_findings(text: str, place: CommandPlace, sources: Sequence[Source]) -> Iterator[Finding]:
    """Yield what is wrong with one text of `--set`, which may hold several items."""
    key = place.key
    for number, item in enumerate(_items(text)):
        name, *values = item.split("=")
        if place.verb != "ConfigUpdateJob":
            key = name
        here = replace(place, key=key)
        if not values and number:
            # The text is most likely the rest of a value, perhaps a secret: it is not printed.
            first = _items(text)[number - 1].partition("=")[0]
            here = replace(here, key=place.key if key == name else key)
            yield here.finding(say("keadm-comma-in-value", first=first))
        elif not values:
            yield here.finding(say("keadm-no-value"))
        elif len(values) > 1:
            yield here.finding(say("keadm-equals-in-value"))
        else:
            yield from _item(name, values[0], here, sources)


def _items(text: str) -> list[str]:
    """Split at the commas that are neither in braces nor in quotes."""
    return re.findall(r'(?:\{[^}]*\}|"[^"]*"|[^,])+', text)


def _item(name: str, value: str, place: CommandPlace, sources: Sequence[Source]) -> Iterator[Finding]:
    go_names, field, path, inlined = name[:1].isupper(), config_fields("edgecore", place.release), "", False
    for part in name.split("."):
        bare, index, _ = part.partition("[")
        if _is_map(field, path):
            yield _inside_map(path, place)
            return
        found = _child(field, bare, go_names)
        if found is None:
            yield _no_field(field, bare, path, place)
            return
        field, path = field.fields[found], f"{path}.{found}".removeprefix(".")
        inlined = inlined or field.inlined
        if index and not go_names:
            yield place.finding(say("keadm-index", path=path, go_name=_go_name(path)))
            return
        if index:
            return
    if inlined and not go_names:
        yield place.finding(say("keadm-embedded-field", go_name=_go_name(path)))
    yield from _value_findings(value, field, path, place)
    yield from _missing_sections(path, place, sources)


def _child(field: Field, name: str, go_names: bool) -> str | None:
    if not go_names:
        return name if name in field.fields else None
    return next((known for known in field.fields if known.lower() == name.lower()), None)


def _is_map(field: Field, path: str) -> bool:
    return path == "featureGates" or (field.values is not None and not field.fields)


def _inside_map(path: str, place: CommandPlace) -> Finding:
    example = "{requireAuthorization:true}" if path.endswith("featureGates") else "{name:value}"
    return place.finding(say("keadm-key-inside-map", path=path, example=example))


def _no_field(field: Field, name: str, path: str, place: CommandPlace) -> Finding:
    near = nearest_name(name, field.fields)
    message = say("keadm-no-such-field", release=str(place.release), name=name, parent=path, near=near)
    return place.finding(message)


def _go_name(path: str) -> str:
    """Guess the Go names of a path from the names in the file."""
    words = {"Dns": "DNS", "Ip": "IP", "Http": "HTTP", "Id": "ID", "Url": "URL", "Api": "API"}
    parts = [f"{part[0].upper()}{part[1:]}" for part in path.split(".")]
    return ".".join(
        next((upper + part[len(lower) :] for lower, upper in words.items() if part.startswith(lower)), part)
        for part in parts
    )


# --- values ------------------------------------------------------------------------------------


def _value_findings(value: str, field: Field, path: str, place: CommandPlace) -> Iterator[Finding]:
    """Yield what is wrong with a value for its field."""
    if "$" in value or field.also:
        return
    read = _typed(value)
    wanted = field.type
    if wanted in ("string", "duration") and isinstance(read, (bool, int, float)):
        yield place.finding(say("keadm-number-in-text"))
    elif wanted == "array" and isinstance(read, dict):
        yield place.finding(say("keadm-colon-in-list"))
    elif wanted == "boolean" and not isinstance(read, bool):
        yield place.finding(say("keadm-no-boolean"))
    elif wanted == "integer" and isinstance(read, float):
        yield place.finding(say("keadm-fraction"))
    elif _is_map(field, path) and isinstance(read, dict):
        yield from _map_findings(read, path, place)
    else:
        for _, message in check(read, field, "edgecore", place.release, tuple(path.split("."))):
            yield place.finding(message)


def _map_findings(read: dict[str, Any], path: str, place: CommandPlace) -> Iterator[Finding]:
    known = config_fields("edgecore", place.release).fields["featureGates"].fields
    for gate in read if path == "featureGates" else ():
        if gate not in known:
            near, release = nearest_name(gate, known), str(place.release)
            message = say("unknown-gate", component="edgecore", release=release, near=near, known=list(known))
            yield replace(place, key=f"{place.key}.{gate}").finding(message)
    if place.verb != "join":
        yield place.finding(say("keadm-map-replaced"))


def _typed(text: str) -> Any:
    """Return the value as keadm reads it: a map, list, quoted text, number, boolean, or else text."""
    if text.startswith("{") and text.endswith("}"):
        items = [item for item in text[1:-1].split(",") if item]
        if any(":" in item for item in items):
            return {name: _typed(rest) for name, _, rest in (item.partition(":") for item in items)}
        return items
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1]
    if re.fullmatch(r"[-+]?\d+", text):
        return int(text[:20])
    if re.fullmatch(r"[-+]?(\d+\.\d*|\.\d+|\d+)([eE][-+]?\d+)?", text):
        return float(text)
    return text.lower() in ("t", "true") if text.lower() in _BOOLEANS else text


# --- the file that is changed --------------------------------------------------------------------


def _missing_sections(path: str, place: CommandPlace, sources: Sequence[Source]) -> Iterator[Finding]:
    """Yield a finding if an edgecore.yaml lacks a section that the field is in."""
    parents = path.split(".")[:-1]
    sections = [".".join(parents[:end]) for end in range(1, len(parents) + 1)]
    pointers = [section for section in sections if _is_pointer(section, place.release)]
    for source in sources if place.verb != "join" else ():
        lacking = [one for one in pointers if paths.first(source.value, one) is None]
        if source.kind == "edgecore" and lacking:
            yield place.finding(say("keadm-missing-section", file=source.file, section=lacking[0]))


def _is_pointer(path: str, release: Release) -> bool:
    rows = table("edgecore")["fields"].get(path, ())
    return any(row.get("pointer") for row in rows if release.within(row))
