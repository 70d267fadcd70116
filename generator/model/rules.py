"""The rules across keys and components: generator/tables/rules.yaml, evaluated.

The charts evaluate the same table by themselves (charts/shared/_site.tpl); a test holds both to the
same verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from generator import tables
from generator.model import paths
from generator.model.profiles import expand, references
from generator.upstream import Release

_MISSING = object()


@dataclass(frozen=True)
class Finding:
    """A rule that holds: the exact key, what is wrong and the way out.

    `place` is where a config that differs has its own keys, such as edgeCore.nodeGroups.<name>.
    """

    rule: str
    path: paths.Path
    what: str
    fix: str
    warning: bool
    place: paths.Path = ()

    @property
    def own_path(self) -> paths.Path:
        """Return the key as it would stand in the place of the config that differs."""
        return (*self.place, *self.path[1:]) if self.place[:1] == self.path[:1] else self.path


@cache
def _table() -> Mapping[str, Sequence[dict[str, Any]]]:
    loaded = tables.load("rules.yaml")
    return {kind: tuple(_spread(loaded[kind])) for kind in ("errors", "warnings")}


def _spread(rules: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Make one rule per key where a condition names several keys."""
    for rule in rules:
        many: Any = next((c for c in rule["if"] if isinstance(c["key"], list)), None)
        for key in many["key"] if many else [None]:
            conditions = [{**c, "key": key} if c is many else c for c in rule["if"]]
            yield {**rule, "if": conditions}


def for_chart(chart: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rules that a chart evaluates by itself, without the keys it need not know."""
    return {
        kind: [
            {name: part for name, part in rule.items() if name != "charts"}
            for rule in rules
            if chart in rule.get("charts", ())
        ]
        for kind, rules in _table().items()
    }


def listing(chart: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """List the rules of a chart for its README: those it sees alone, those that cross charts."""
    alone, across = [], []
    for kind, rules in _table().items():
        for rule in rules:
            conditions = _span_text(rule) + " and ".join(_condition_text(c) for c in rule["if"])
            row = {
                "key": rule.get("at", rule["if"][0]["key"]),
                "what": f"{conditions}: {_plain(rule['what'])}".replace("|", "\\|"),
                "fix": _plain(rule.get("fix", "")).replace("|", "\\|"),
                "warning": kind == "warnings",
            }
            if chart in rule.get("charts", ()):
                alone.append(row)
            if chart in rule.get("across", ()):
                across.append(row)
    return alone, across


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
    return text.replace(" (got {value})", "").replace("{value}", "…")


def _condition_text(condition: dict[str, Any]) -> str:
    operator = next(name for name in _TESTS if name in condition)
    wanted = condition[operator]
    key = f"`{condition['key']}`"
    if operator in ("set", "empty"):
        words = {
            ("set", True): "set",
            ("set", False): "unset",
            ("empty", True): "empty",
            ("empty", False): "not empty",
        }
        return f"{key} {words[operator, wanted]}"
    words_of = {
        "eq": "is",
        "ne": "is not",
        "in": "is one of",
        "notIn": "is none of",
        "matches": "looks like",
        "notMatches": "does not look like",
        "lt": "is below",
        "gt": "is above",
        "lacks": "lacks",
    }
    shown = (
        ", ".join(map(str, wanted))
        if isinstance(wanted, list)
        else str(wanted).lower()
        if isinstance(wanted, bool)
        else wanted
    )
    return f"{key} {words_of[operator]} `{shown}`"


def evaluate(
    values: dict[str, Any],
    kubeedge: Release,
    edgemesh: Release,
    charts: Sequence[str],
    *,
    sees: Callable[[str], bool] = lambda key: True,
    context: dict[str, Any] | None = None,
) -> Iterator[Finding]:
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
            if (alone or across) and all(sees(key) for key in _keys_of(rule)):
                found.append((kind, rule))
    return tuple(found)


def _keys_of(rule: dict[str, Any]) -> Iterator[str]:
    """Yield every key that a rule's conditions ask about or refer to."""
    for condition in rule["if"]:
        yield condition["key"]
        for operator in _EXPANDED:
            yield from references(condition.get(operator))


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
    roots = {condition["key"].split(".")[0] for condition in rule["if"]}
    if "edgeCore" in roots and groups and isinstance(groups, dict):
        for name in sorted(groups):
            place = ("edgeCore", "nodeGroups", name)
            yield place, {**values, "edgeCore": _laid_over(values["edgeCore"], "nodeGroups", groups[name])}
        return
    yield (), values
    if "agent" in roots and cloud and kind == "errors":
        yield ("agent", "cloudNodes"), {**values, "agent": _laid_over(values["agent"], "cloudNodes", cloud)}


def _laid_over(section: dict[str, Any], name: str, top: Any) -> dict[str, Any]:
    base = {key: value for key, value in section.items() if key != name}
    merged: dict[str, Any] = overlay(base, top or {})
    return merged


def overlay(base: Any, top: Any) -> Any:
    """Merge maps key by key; anything else in `top` replaces what is below."""
    if not isinstance(base, dict) or not isinstance(top, dict):
        return top
    merged = dict(base)
    for name, value in top.items():
        merged[name] = overlay(base[name], value) if name in base else value
    return merged


def _try(
    rule: dict[str, Any], values: dict[str, Any], warning: bool, place: paths.Path, context: dict[str, Any]
) -> Iterator[Finding]:
    hits: list[tuple[paths.Path, Any]] = []
    for number, condition in enumerate(rule["if"]):
        found = list(_hits(condition, values, context))
        if not found:
            return
        hits = found if number == 0 else hits
    at = tuple(rule["at"].split(".")) if "at" in rule else None
    for path, value in hits:
        what = expand(rule["what"].replace("{value}", _shown(value)), context)[0]
        fix = expand(rule.get("fix", ""), context)[0]
        yield Finding(rule["id"], at or path, what, fix, warning, place)


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


# Operators whose value may refer to another key.
_EXPANDED = ("eq", "ne", "lacks")


def _hits(
    condition: dict[str, Any], values: dict[str, Any], context: dict[str, Any]
) -> Iterator[tuple[paths.Path, Any]]:
    key = condition["key"]
    found = list(paths.find(values, key))
    if not found and "default" in condition:
        found = [(tuple(key.split(".")), condition["default"])]
    operator = next(name for name in _TESTS if name in condition)
    wanted = condition[operator]
    if operator in _EXPANDED:
        wanted = expand(wanted, context)[0]
    if operator == "set":
        if bool(found) == wanted:
            yield from found or [(tuple(key.split(".")), "")]
    elif operator == "empty":
        if (not found or found[0][1] in ("", [], {}, False, 0)) == wanted:
            yield from found or [(tuple(key.split(".")), "")]
    else:
        test = _TESTS[operator]
        yield from ((path, value) for path, value in found if test(value, wanted))


def same(value: Any, wanted: Any) -> bool:
    """Say whether two values are equal and neither is a boolean in the place of a number."""
    return isinstance(value, bool) == isinstance(wanted, bool) and bool(value == wanted)


def _matches(value: Any, pattern: str) -> bool:
    # Go's $ is the end of the text; Python's also matches before a last line break.
    return re.search(pattern.replace("$", r"\Z"), _shown(value)) is not None


def _below(value: Any, limit: float) -> bool:
    return isinstance(value, (int, float)) and value < limit


def _above(value: Any, limit: float) -> bool:
    return isinstance(value, (int, float)) and value > limit


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "set": lambda value, wanted: True,
    "empty": lambda value, wanted: True,
    "eq": same,
    "ne": lambda value, wanted: not same(value, wanted),
    "in": lambda value, wanted: any(same(value, item) for item in wanted),
    "notIn": lambda value, wanted: not any(same(value, item) for item in wanted),
    "matches": lambda value, wanted: _matches(value, wanted),
    "notMatches": lambda value, wanted: not _matches(value, wanted),
    "lt": _below,
    "gt": _above,
    "lacks": lambda value, wanted: wanted not in (value if isinstance(value, list) else [value]),
}
