"""What keadm makes of fields that are set by name: `join --set`, `config-update --set`, ConfigUpdateJob.

Its syntax looks like Helm's and is not (kubeedge v1.23.1 keadm/cmd/keadm/app/cmd/util/set.go): much of
what it cannot set it drops silently, or panics on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from generator import paths
from generator.check.commands import Command
from generator.check.findings import Finding, Level, plain_finding
from generator.check.sources import Source
from generator.components import KUBEEDGE
from generator.upstream import Field, Release, UnknownRelease, config_fields
from generator.upstream.check import check, nearest, nearest_name
from generator.upstream.releases import table

_SINCE = {"join": "1.18", "config-update": "1.21", "ConfigUpdateJob": "1.21"}
_BOOLEANS = {"t", "true", "f", "false"}


@dataclass(frozen=True)
class CommandPlace:
    """Where a setting stands, who sets it, and the release that does."""

    file: str
    line: int
    key: str
    verb: str
    release: Release

    def finding(self, code: str, what: str, fix: str = "", level: Level = "error") -> Finding:
        """Make a finding about the setting."""
        return plain_finding(code, level, self.file, self.line, self.key, what, fix)


def command_findings(
    commands: Sequence[Command], sources: Sequence[Source], kubeedge: Release
) -> Iterator[Finding]:
    """Yield what calls of keadm cannot set."""
    for command in commands:
        release = _release(command.release) or kubeedge
        here = CommandPlace(command.file, command.line, f"keadm {command.verb}", command.verb, release)
        if command.broken:
            yield here.finding(
                "keadm-quotes", "its quotes do not end, so it is not checked", "close them", "warning"
            )
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
    """Yield where a release has no such way to set fields."""
    since = _SINCE[place.verb]
    if not place.release.within({"from": since}):
        what = f"{place.release} cannot set fields so; {since} is the first that can"
        yield place.finding("keadm-release", what, "write the field into edgecore.yaml")


def setting_findings(text: str, place: CommandPlace, sources: Sequence[Source]) -> Iterator[Finding]:
    """Yield what is wrong with one text of `--set`, which may hold several items."""
    key = place.key
    for number, item in enumerate(_items(text)):
        name, *values = item.split("=")
        if place.verb != "ConfigUpdateJob":
            key = name
        here = CommandPlace(place.file, place.line, key, place.verb, place.release)
        if not values and number:
            # What follows is most likely the rest of a value, perhaps a secret: it is not repeated.
            first = _items(text)[number - 1].partition("=")[0]
            here = CommandPlace(
                place.file, place.line, place.key if key == name else key, place.verb, place.release
            )
            what = "a comma ends the value; keadm drops the rest silently"
            yield here.finding(
                "keadm-comma-in-value", f"{first}: {what}", 'write the value in "quotes" or {braces}'
            )
        elif not values:
            yield here.finding(
                "keadm-no-value", "has no value, so keadm drops it silently", "write KEY=VALUE"
            )
        elif len(values) > 1:
            what = "its value holds `=`, so keadm drops it silently and reports success"
            fix = "write the field into edgecore.yaml; keadm cannot set this value"
            yield here.finding("keadm-equals-in-value", what, fix)
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
            what = "keadm sets one item of a list only by Go's names"
            fix = f"write the whole list ({path}={{a,b}}), or {_go_name(path)}[…]"
            yield place.finding("keadm-index", what, fix)
            return
        if index:
            return
    if inlined and not go_names:
        what = "keadm does not find this field by its name in the file (it is embedded): No such field"
        yield place.finding("keadm-embedded-field", what, f"write {_go_name(path)}=…")
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
    what = f"keadm panics on a key inside the map {path}"
    return place.finding("keadm-key-inside-map", what, f"write the whole map: {path}={example}")


def _no_field(field: Field, name: str, path: str, place: CommandPlace) -> Finding:
    what = (
        f"edgecore.yaml of {place.release} has no field {name}{f' in {path}' if path else ''}: No such field"
    )
    return place.finding("keadm-no-such-field", what, nearest(name, field.fields))


def _go_name(path: str) -> str:
    """Write a path in Go's names, as far as they follow from those of the file."""
    words = {"Dns": "DNS", "Ip": "IP", "Http": "HTTP", "Id": "ID", "Url": "URL", "Api": "API"}
    parts = [f"{part[0].upper()}{part[1:]}" for part in path.split(".")]
    return ".".join(
        next((upper + part[len(lower) :] for lower, upper in words.items() if part.startswith(lower)), part)
        for part in parts
    )


# --- values ------------------------------------------------------------------------------------


def _value_findings(value: str, field: Field, path: str, place: CommandPlace) -> Iterator[Finding]:
    """Yield what keadm makes of a value that its field does not take."""
    if "$" in value or field.also:
        return
    read = _typed(value)
    wanted = field.type
    if wanted in ("string", "duration") and isinstance(read, (bool, int, float)):
        what = "keadm reads this value as a number or as true or false, and the field is text"
        yield place.finding("keadm-number-in-text", what, 'put it in double quotes that keadm sees: key="…"')
    elif wanted == "array" and isinstance(read, dict):
        what = "keadm takes a list with `:` in an item for a map, and fails"
        yield place.finding("keadm-colon-in-list", what, "write the field into edgecore.yaml")
    elif wanted == "boolean" and not isinstance(read, bool):
        yield place.finding(
            "keadm-no-boolean", "takes only true or false (1 and 0 are numbers)", "write true"
        )
    elif wanted == "integer" and isinstance(read, float):
        what = "keadm cuts the fraction off silently"
        yield place.finding("keadm-fraction", what, "write a whole number", "warning")
    elif _is_map(field, path) and isinstance(read, dict):
        yield from _map_findings(read, path, place)
    else:
        for _, message in check(read, field, "edgecore", place.release):
            yield place.finding("keadm-wrong-value", message.what, message.fix)


def _map_findings(read: dict[str, Any], path: str, place: CommandPlace) -> Iterator[Finding]:
    known = config_fields("edgecore", place.release).fields["featureGates"].fields
    for gate in read if path == "featureGates" else ():
        if gate not in known:
            near = nearest_name(gate, known)
            fix = f"did you mean {near}?" if near else f"it knows {', '.join(known) or 'none'}"
            yield place.finding("keadm-unknown-gate", f"edgecore exits on the unknown gate {gate}", fix)
    if place.verb != "join":
        what = (
            "keadm replaces the whole map; entries that the node has, and that are not given here, are lost"
        )
        yield place.finding("keadm-map-replaced", what, "give all entries", "warning")


def _typed(text: str) -> Any:
    """Return what keadm reads: a map or list in braces, a text in quotes, a number, a boolean, else text."""
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
    """Yield where a given edgecore.yaml lacks a section that keadm would have to go through."""
    parents = path.split(".")[:-1]
    sections = [".".join(parents[:end]) for end in range(1, len(parents) + 1)]
    pointers = [section for section in sections if _is_pointer(section, place.release)]
    for source in sources if place.verb != "join" else ():
        lacking = [one for one in pointers if paths.first(source.value, one) is None]
        if source.kind == "edgecore" and lacking:
            what = f"{source.file} has no {lacking[0]}, and keadm panics where a section is missing"
            fix = "write the section into the file first (edgecore completes its file from 1.21 on)"
            yield place.finding("keadm-missing-section", what, fix, "warning")


def _is_pointer(path: str, release: Release) -> bool:
    rows = table("edgecore")["fields"].get(path, ())
    return any(row.get("pointer") for row in rows if release.within(row))
