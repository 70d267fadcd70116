"""The rules across keys and components: generator/tables/rules.yaml, evaluated.

The charts carry the same table, compiled into templates (chart_files/rules.py); a test holds both to the
same verdicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from generator import paths, tables
from generator.catalogue.message import Message, fields_of, key_names
from generator.merge import merge
from generator.model import conditions, listeners
from generator.model.conditions import same, shown
from generator.model.profiles import reference_text
from generator.upstream import Release

__all__ = ["RuleMatch", "evaluate", "for_chart", "listing", "same"]

KINDS = ("errors", "distinct", "warnings")
# Parts of a rule that the charts do not read.
_NOT_READ = ("charts", "words", "also", "means", "why", "inFiles")


@dataclass(frozen=True)
class RuleMatch:
    """A rule that holds: the exact key, what is wrong and the way out.

    `place` is where a config that differs has its own keys, such as edgeCore.nodeGroups.<name>. `also`
    is another key that could be changed instead; `keys` are all that the rule asks about.
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
        """Return a key as it would stand in the place of the config that differs."""
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
    """Make one rule per key where a condition names several keys."""
    for rule in rules:
        many: Any = next((c for c in rule["if"] if isinstance(c.get("key"), list)), None)
        for key in many["key"] if many else [None]:
            yield {**rule, "if": [{**c, "key": key} if c is many else c for c in rule["if"]]}


def for_chart(chart: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rules that a chart evaluates by itself, without what it need not know."""
    return {
        kind: [_bare(rule) for rule in rules if chart in rule.get("charts", ())]
        for kind, rules in _table().items()
    }


def _bare(value: Any) -> Any:
    """Return a rule without the parts that only the README and the generator read."""
    if isinstance(value, dict):
        return {name: _bare(part) for name, part in value.items() if name not in _NOT_READ}
    if isinstance(value, str):
        return key_names(value)
    return [_bare(item) for item in value] if isinstance(value, list) else value


def listing(chart: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """List the rules of a chart for its README: those it sees alone, those that cross charts."""
    alone, across = [], []
    for kind, rules in _table().items():
        for rule in rules:
            row = _listed(rule, kind)
            if chart in rule.get("charts", ()):
                alone.append(row)
            if chart in rule.get("across", ()):
                across.append(row)
    return alone, across


def conditions_of(code: str) -> list[str]:
    """Say when a rule holds, one text for each of its conditions; nothing for a code that is no rule."""
    found = [rule for rules in _table().values() for rule in rules if rule["id"] == code]
    return list(dict.fromkeys(conditions.in_words(one) for rule in found for one in rule["if"]))


def _listed(rule: dict[str, Any], kind: str) -> dict[str, Any]:
    said = _span_text(rule) + " and ".join(conditions.in_words(c) for c in rule["if"])
    keys = [rule["at"]] if "at" in rule else [key for c in rule["if"] for key in conditions.keys_of(c)]
    if "ports" in rule:
        keys = list(dict.fromkeys(listeners.keys_of(rule)))
        listed = ", ".join(f"`{key}`" for key in keys)
        said += f"{' and ' if rule['if'] else ''}two ports in use of {listed} are equal"
    return {
        "key": keys[0],
        "what": f"{said}: {_plain(rule['what'])}".replace("|", "\\|"),
        "fix": _plain(rule.get("fix", "")).replace("|", "\\|"),
        "warning": kind == "warnings",
    }


def _span_text(rule: dict[str, Any]) -> str:
    """Say for which releases a rule holds, "" for all."""
    found = []
    for name, program in (("kubeedge", "KubeEdge"), ("edgemesh", "EdgeMesh")):
        span = rule.get(name)
        if span:
            first, last = span.get("from"), span.get("to")
            words = (
                f"from {first} to {last}"
                if first and last
                else f"from {first} on"
                if first
                else f"up to {last}"
            )
            found.append(f"{program} {words}")
    return f"{' and '.join(found)}: " if found else ""


def _plain(text: str) -> str:
    return (
        key_names(text)
        .replace(" (got {value})", "")
        .replace("{value}", "…")
        .replace("port {port} stands at both {one} and {other}", "one port stands at two keys")
    )


def evaluate(
    values: dict[str, Any],
    kubeedge: Release,
    edgemesh: Release,
    charts: Sequence[str],
    *,
    sees: Callable[[str], bool] = lambda key: True,
    context: dict[str, Any] | None = None,
) -> Iterator[RuleMatch]:
    """Try every rule that the given charts can see on merged values, once per config that differs.

    Where only some keys of a site are known, `sees` says of a key whether it is; a rule about
    another is left out. References are filled from `context` instead of `values`, if given.
    """
    for kind, rule in _visible(kubeedge, edgemesh, tuple(charts), sees):
        for place, view in _views(values, rule, kind):
            yield from _try(rule, view, kind == "warnings", place, context or view)


@lru_cache(maxsize=64)
def _visible(
    kubeedge: Release, edgemesh: Release, charts: tuple[str, ...], sees: Callable[[str], bool]
) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Return the rules that hold for two releases and whose keys the charts and `sees` show."""
    found = []
    for kind, rules in _table().items():
        for rule in rules:
            if not kubeedge.within(rule.get("kubeedge")) or not edgemesh.within(rule.get("edgemesh")):
                continue
            alone = any(chart in charts for chart in rule.get("charts", ()))
            across = "across" in rule and all(chart in charts for chart in rule["across"])
            if (alone or across) and all(conditions.seen(c, sees) for c in rule["if"]):
                found.append((kind, _with_rows(rule, kubeedge, edgemesh, sees)))
    return tuple(found)


def _with_rows(
    rule: dict[str, Any], kubeedge: Release, edgemesh: Release, sees: Callable[[str], bool]
) -> dict[str, Any]:
    """Leave the ports out of a table that a release has not or whose keys are unknown."""
    if "ports" not in rule:
        return rule
    rows = [row for row in listeners.rows_of(rule, kubeedge, edgemesh) if listeners.seen(row, sees)]
    return {**rule, "ports": rows}


def _keys_of(rule: dict[str, Any]) -> tuple[str, ...]:
    """Return every key that a rule's conditions ask about or refer to."""
    return tuple(dict.fromkeys(key for condition in rule["if"] for key in conditions.keys_of(condition)))


def _views(
    values: dict[str, Any], rule: dict[str, Any], kind: str
) -> Iterator[tuple[paths.Path, dict[str, Any]]]:
    """Yield the values as every config that the rule's keys belong to has them, and its place.

    A node group is laid over edgeCore. What cloud nodes have different is laid over agent; the
    warnings speak of edge nodes and are not tried on it.
    """
    groups = paths.first(values, "edgeCore.nodeGroups")
    cloud = paths.first(values, "agent.cloudNodes")
    if not groups and not cloud:
        yield (), values
        return
    keys = (*_keys_of(rule), *(listeners.keys_of(rule) if "ports" in rule else ()))
    roots = {key.split(".")[0] for key in keys}
    if "edgeCore" in roots and groups and isinstance(groups, dict):
        for name in sorted(groups):
            place = ("edgeCore", "nodeGroups", name)
            yield place, {**values, "edgeCore": _with(values["edgeCore"], "nodeGroups", groups[name])}
        return
    yield (), values
    if "agent" in roots and cloud and kind != "warnings":
        yield ("agent", "cloudNodes"), {**values, "agent": _with(values["agent"], "cloudNodes", cloud)}


def _with(section: dict[str, Any], name: str, top: Any) -> dict[str, Any]:
    """Return a section with what stands below one of its names laid over it."""
    base = {key: value for key, value in section.items() if key != name}
    merged: dict[str, Any] = merge(base, top or {})
    return merged


def _try(
    rule: dict[str, Any], values: dict[str, Any], warning: bool, place: paths.Path, context: dict[str, Any]
) -> Iterator[RuleMatch]:
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
    texts = [text for part in (rule, rule.get("inFiles", {})) for text in (part.get("what"), part.get("fix"))]
    names = {name for text in texts if text for name in fields_of(text)} - fields.keys()
    filled = {name: reference_text(context, name) for name in names if not name.startswith("key:")}
    return Message(rule["id"], tuple(sorted({**filled, **fields}.items())))


def _twice(
    rule: dict[str, Any], values: dict[str, Any], place: paths.Path, context: dict[str, Any]
) -> Iterator[RuleMatch]:
    for one, other in listeners.twice(rule, values, context):
        message = _message(rule, context, port=one.number, one=one.key, other=other.key)
        path, also = (tuple(port.key.split(".")) for port in (other, one))
        keys = (one.key, other.key)
        yield RuleMatch(message, path, False, place, also, keys)
