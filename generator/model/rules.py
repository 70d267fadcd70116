"""Evaluates the rules across keys and components in generator/tables/rules.yaml.

The charts contain the same rules, compiled into templates (chart_files/rules.py); a test checks that both
find the same problems.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Any

from generator import paths, tables
from generator.catalogue import area
from generator.catalogue.entries import Entry
from generator.catalogue.message import Message, fields_of, key_names
from generator.merge import merge
from generator.model import conditions, listeners
from generator.model.conditions import Sees, shown
from generator.model.profiles import reference_text
from generator.upstream import Release

KINDS = ("errors", "distinct", "warnings")
# Parts of a rule that the charts do not read.
_NOT_READ = ("charts", "words", "also", "means", "why", "inFiles")


@dataclass(frozen=True)
class RuleMatch:
    """A rule that holds: its message and the exact key.

    `place` is the place of a config that overrides some keys, such as edgeCore.nodeGroups.<name>. `also`
    is another key that could be changed instead; `keys` are all keys that the rule reads.
    """

    message: Message
    path: paths.Path
    warning: bool
    place: paths.Path = ()
    also: paths.Path = ()
    keys: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """Return the id of the rule."""
        return self.message.code

    def own(self, path: paths.Path) -> paths.Path:
        """Return the place of a key in the config that overrides it."""
        return (*self.place, *path[1:]) if self.place[:1] == path[:1] else path


@cache
def _table() -> Mapping[str, Sequence[dict[str, Any]]]:
    loaded = tables.load("rules.yaml")
    forms = loaded["forms"]
    return {kind: tuple(_spread(_spelled_out(rule, forms) for rule in loaded[kind])) for kind in KINDS}


def _spelled_out(rule: dict[str, Any], forms: dict[str, dict[str, str]]) -> dict[str, Any]:
    plain = {**rule, "if": [conditions.spelled_out(found, forms) for found in rule.get("if", ())]}
    if "ports" in rule:
        plain["ports"] = [_spelled_out(row, forms) for row in rule["ports"]]
    return plain


def _spread(rules: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield one rule for each key if a condition names several keys."""
    for rule in rules:
        many: Any = next((c for c in rule["if"] if isinstance(c.get("key"), list)), None)
        for key in many["key"] if many else [None]:
            yield {**rule, "if": [{**c, "key": key} if c is many else c for c in rule["if"]]}


def for_chart(chart: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rules that a chart checks by itself, without the parts that its templates do not use."""
    return {
        kind: [_bare(rule) for rule in rules if chart in rule.get("charts", ())]
        for kind, rules in _table().items()
    }


def _bare(value: Any) -> Any:
    """Return a rule without the parts that only the catalogue and the generator use."""
    if isinstance(value, dict):
        return {name: _bare(part) for name, part in value.items() if name not in _NOT_READ}
    if isinstance(value, str):
        return key_names(value)
    return [_bare(item) for item in value] if isinstance(value, list) else value


def listing(chart: str) -> tuple[list[Entry], list[Entry]]:
    """List the codes of a chart for its README: those that it checks alone, those across charts."""
    entries = area("rules")
    alone, across = [], []
    for rule in _raw():
        if chart in rule.get("charts", ()):
            alone.append(entries[rule["id"]])
        if chart in rule.get("across", ()):
            across.append(entries[rule["id"]])
    return alone, across


def conditions_of(code: str) -> list[str]:
    """Describe when a rule holds, one text per condition; return nothing for a code without a rule."""
    forms = tables.load("rules.yaml")["forms"]
    rule = next((rule for rule in _raw() if rule["id"] == code), {})
    found = [conditions.in_words(conditions.spelled_out(one, forms)) for one in rule.get("if", ())]
    if "ports" in rule:
        ports = [_port_text(row) for row in rule["ports"]]
        found.append(f"two of these ports are in use and equal: {', '.join(ports)}")
    return found


def _raw() -> Iterator[dict[str, Any]]:
    loaded = tables.load("rules.yaml")
    return (rule for kind in KINDS for rule in loaded[kind])


def _port_text(row: dict[str, Any]) -> str:
    default = f" (default `{row['default']}`)" if "default" in row else ""
    return f"`{row['key']}`{default}"


def evaluate(
    values: dict[str, Any],
    kubeedge: Release,
    edgemesh: Release,
    charts: Sequence[str],
    *,
    sees: Sees | None = None,
    context: dict[str, Any] | None = None,
) -> Iterator[RuleMatch]:
    """Yield the rules that hold for merged values, for the rules that the given charts can check.

    Node groups and cloud nodes, which override some keys, are checked one by one. If only some keys of a
    site are known, `sees` tells which: rules about other keys are left out. References are filled from
    `context` instead of `values`, if it is given.
    """
    chosen = (kubeedge, edgemesh, tuple(charts), sees)
    if not overridden(values):
        for kind, rule in visible(*chosen):
            yield from matches(rule, values, kind == "warnings", (), context or values)
        return
    views = _Views(values)
    for (kind, rule), read in zip(visible(*chosen), _reads(*chosen), strict=True):
        # Most node groups have the same values in the places that a rule reads.
        known: dict[str, list[RuleMatch]] = {}
        for place, view in views.of(rule, kind):
            given = repr([paths.at(view, path) for path in read])
            if given not in known:
                known[given] = list(matches(rule, view, kind == "warnings", place, context or view))
            yield from (replace(found, place=place) for found in known[given])


def overridden(values: dict[str, Any]) -> bool:
    """Return whether node groups or cloud nodes override some keys."""
    return any(paths.first(values, key) for key in ("edgeCore.nodeGroups", "agent.cloudNodes"))


@lru_cache(maxsize=64)
def visible(
    kubeedge: Release, edgemesh: Release, charts: tuple[str, ...], sees: Sees | None
) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Return the rules for two releases, without rules about keys that the charts or `sees` do not know."""
    found = []
    for kind, rules in _table().items():
        for rule in rules:
            if not kubeedge.within(rule.get("kubeedge")) or not edgemesh.within(rule.get("edgemesh")):
                continue
            alone = any(chart in charts for chart in rule.get("charts", ()))
            across = "across" in rule and all(chart in charts for chart in rule["across"])
            known = sees is None or all(conditions.seen(c, sees) for c in rule["if"])
            if (alone or across) and known:
                found.append((kind, _with_rows(rule, kubeedge, edgemesh, sees)))
    return tuple(found)


@lru_cache(maxsize=64)
def _reads(
    kubeedge: Release, edgemesh: Release, charts: tuple[str, ...], sees: Sees | None
) -> tuple[list[paths.Path], ...]:
    """Return the places that each visible rule reads."""
    return tuple(read_by(rule) for _, rule in visible(kubeedge, edgemesh, charts, sees))


def read_by(rule: dict[str, Any]) -> list[paths.Path]:
    """Return the places that a rule reads: with the same values there it finds the same."""
    return sorted({_through_maps(key) for key in _every_key(rule)})


def _every_key(rule: dict[str, Any]) -> Iterator[str]:
    yield from _keys_of(rule)
    yield from _references(rule)
    for row in rule.get("ports", ()):
        yield from (row[name] for name in ("key", "address") if name in row)
        yield from _keys_of({"if": row.get("if", ())})


def _through_maps(key: str) -> paths.Path:
    """Return the first part of a key, up to where it goes through a list or through any key of a map."""
    return tuple(re.split(r"\[\]|\.(?:[*~]|\d+)(?=\.|$)", key)[0].split("."))


def _with_rows(
    rule: dict[str, Any], kubeedge: Release, edgemesh: Release, sees: Sees | None
) -> dict[str, Any]:
    """Leave out ports that the release does not have and ports with unknown keys."""
    if "ports" not in rule:
        return rule
    rows = listeners.rows_of(rule, kubeedge, edgemesh)
    return {**rule, "ports": [row for row in rows if sees is None or listeners.seen(row, sees)]}


def _keys_of(rule: dict[str, Any]) -> tuple[str, ...]:
    """Return every key that the conditions of a rule read."""
    return tuple(dict.fromkeys(key for condition in rule["if"] for key in conditions.keys_of(condition)))


class _Views:
    """The values of every config: a node group is merged over edgeCore, and agent.cloudNodes over agent."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        groups = paths.first(values, "edgeCore.nodeGroups")
        self.groups = groups if isinstance(groups, dict) else {}
        self.cloud = paths.first(values, "agent.cloudNodes")

    def of(self, rule: dict[str, Any], kind: str) -> Iterator[tuple[paths.Path, dict[str, Any]]]:
        """Yield the values of every config that has the keys of the rule, and the place of that config.

        Warnings concern edge nodes only, so they are not checked for cloud nodes.
        """
        keys = (*_keys_of(rule), *(listeners.keys_of(rule) if "ports" in rule else ()))
        roots = {key.split(".")[0] for key in keys}
        if "edgeCore" in roots and self.groups:
            yield from self._of_groups
            return
        yield (), self.values
        if "agent" in roots and self.cloud and kind != "warnings":
            yield ("agent", "cloudNodes"), self._with("agent", "cloudNodes", self.cloud)

    @cached_property
    def _of_groups(self) -> list[tuple[paths.Path, dict[str, Any]]]:
        return [
            (("edgeCore", "nodeGroups", name), self._with("edgeCore", "nodeGroups", self.groups[name]))
            for name in sorted(self.groups)
        ]

    def _with(self, section: str, name: str, top: Any) -> dict[str, Any]:
        """Return the values with what is below one key of a section merged over the section."""
        base = {key: value for key, value in self.values[section].items() if key != name}
        return {**self.values, section: merge(base, top or {})}


def matches(
    rule: dict[str, Any], values: dict[str, Any], warning: bool, place: paths.Path, context: dict[str, Any]
) -> Iterator[RuleMatch]:
    """Yield the matches of one rule for the config at a place."""
    first: list[conditions.Hit] = []
    for number, condition in enumerate(rule["if"]):
        found = conditions.hits(condition, values, context)
        if not found:
            return
        first = found if number == 0 else first
    if "ports" in rule:
        yield from _twice(rule, values, place, context)
        return
    at = tuple(rule["at"].split(".")) if "at" in rule else None
    for path, value in first:
        message = _message(rule, context, value=shown(value))
        also = tuple(rule["also"].split(".")) if "also" in rule else ()
        yield RuleMatch(message, at or path, warning, place, also, _keys_of(rule))


def _message(rule: dict[str, Any], context: dict[str, Any], **fields: Any) -> Message:
    """Return the message of a rule; its references are filled from `context`."""
    filled = {name: reference_text(context, name) for name in _references(rule) - fields.keys()}
    return Message(rule["id"], tuple(sorted({**filled, **fields}.items())))


def _references(rule: dict[str, Any]) -> set[str]:
    """Return the fields in the sentences of a rule that are keys of the values."""
    texts = [text for part in (rule, rule.get("inFiles", {})) for text in (part.get("what"), part.get("fix"))]
    names = {name for text in texts if text for name in fields_of(text)}
    return {name for name in names if not name.startswith("key:")}


def _twice(
    rule: dict[str, Any], values: dict[str, Any], place: paths.Path, context: dict[str, Any]
) -> Iterator[RuleMatch]:
    for one, other in listeners.twice(rule, values, context):
        message = _message(rule, context, port=one.number, one=one.key, other=other.key)
        path, also = (tuple(port.key.split(".")) for port in (other, one))
        keys = (one.key, other.key)
        yield RuleMatch(message, path, False, place, also, keys)
