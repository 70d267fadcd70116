"""Compiles the rules that a chart can check to plain template code: templates/_rules.tpl.

The rules stay data in generator/tables/rules.yaml; the generator evaluates the same table in Python
(model/rules.py), and a test checks that both find the same problems. Each rule stands below its code. It
appends a list of the key, the sentence and the code to the problems or the warnings of the chart.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from generator.chart_files.expressions import (
    Condition,
    Variables,
    act,
    given,
    holds,
    is_many,
    joined,
    listed,
    literal,
    of_key,
    sentence,
)
from generator.model import rules

Rule = dict[str, Any]

_LISTS = {"errors": "$problems", "distinct": "$problems", "warnings": "$warnings"}
_HEAD = """\
{{{{/* Written by `{command}` from generator/tables/rules.yaml: what this chart rejects, or warns of.

  {chart}.rules root values where
    append to .Values._site.problems and .warnings what the rules find in the values; `where` stands before
    the key in the message
*/}}}}

{{{{- define "{chart}.rules" -}}}}
{{{{- $site := .root.Values._site -}}}}
{{{{- $values := .values -}}}}
{{{{- $where := .where -}}}}
{{{{- $problems := list -}}}}
{{{{- $warnings := list -}}}}
{{{{- $kubeedge := $site.kubeedge | trimPrefix "1." | int -}}}}
{{{{- $edgemesh := $site.edgemesh | trimPrefix "1." | int -}}}}
{{{{- $number := list "float64" "int" "int64" -}}}}
{{{{- /* Sections. One that is not a map counts as empty here: the field table rejects it. */ -}}}}
"""
_TAIL = """
{{- range $kind, $found := dict "problems" $problems "warnings" $warnings -}}
{{- range $found -}}
{{- $problem := dict "where" $where "key" (index . 0) "says" (index . 1) "code" (index . 2) -}}
{{- $_ := set $site $kind (append (get $site $kind) $problem) -}}
{{- end -}}
{{- end -}}
{{- end -}}
"""


def template(chart: str, command: str) -> str:
    """Write templates/_rules.tpl of a chart."""
    names = Variables(chart)
    body = [
        line
        for kind, found in rules.for_chart(chart).items()
        for _, alike in groupby(found, key=_but_for_the_key)
        for line in _compiled(names, list(alike), _LISTS[kind])
    ]
    return _HEAD.format(command=command, chart=chart) + "\n".join((*names.declarations(), *body)) + _TAIL


def _but_for_the_key(rule: Rule) -> str:
    """Return the common part of rules that differ only in their first key."""
    first, *rest = rule.get("if") or [{}]
    return repr((rule | {"if": rest}, first | {"key": is_many(first.get("key", ""))}))


def _compiled(names: Variables, alike: list[Rule], into: str) -> Iterator[str]:
    rule = alike[0]
    yield ""
    yield act(f"/* {rule['id']} */")
    conditions = rule.get("if", [])
    before: list[str] = []
    others = [_condition(names, one, before) for one in conditions[0 if "ports" in rule else 1 :]]
    yield from before
    inside = _twice(names, rule, into) if "ports" in rule else _found(names, alike, into)
    yield from _within([*_spans(rule), *others], inside)


def _within(conditions: list[str], lines: Iterator[str]) -> Iterator[str]:
    """Put lines inside an `if` of all conditions."""
    if not conditions:
        yield from lines
        return
    yield act(f"if {joined(conditions)}")
    yield from lines
    yield act("end")


def _spans(row: dict[str, Any]) -> Iterator[str]:
    """Yield the conditions on the releases of KubeEdge and EdgeMesh."""
    for program in ("kubeedge", "edgemesh"):
        for bound, compare in (("from", "ge"), ("to", "le")):
            if bound in row.get(program, {}):
                yield f"({compare} ${program} {row[program][bound].removeprefix('1.')})"


def _found(names: Variables, alike: list[Rule], into: str) -> Iterator[str]:
    """Yield the lines that append a problem for each value for which the first condition is true."""
    rule = alike[0]
    first = rule["if"][0]
    if len(alike) > 1 and not is_many(first["key"]):
        yield from _each_key(names, alike, into)
    elif is_many(first.get("key", "")) and not {"set", "empty"} & first.keys():
        for one in alike:
            yield from _each_value(names, one, into)
    else:
        for one in alike:
            yield from _first_of(names, one, into)


def _each_key(names: Variables, alike: list[Rule], into: str) -> Iterator[str]:
    """Yield a loop over keys with the same message."""
    rule = alike[0]
    first = rule["if"][0]
    keys = [one["if"][0]["key"] for one in alike]
    pairs = " ".join(f"{literal(key)} {names.value(key)}" for key in keys)
    yield act(f"range $key, $value := dict {pairs}")
    whole = {"set", "empty"} & first.keys()
    condition = of_key(names, first, "$value") if whole else holds(names, first, "$value")
    yield act(f"if {joined([condition])}")
    yield _append(names, rule, "$key", given(first, "$value"), into)
    yield act("end")
    yield act("end")


def _each_value(names: Variables, rule: Rule, into: str) -> Iterator[str]:
    """Yield a loop over the values of a key that has several values."""
    first = rule["if"][0]
    yield act(f"range $value := {listed(names, first)}")
    yield act(f"if {joined([holds(names, first, '$value')])}")
    yield _append(names, rule, literal(first["key"]), "$value", into)
    yield act("end")
    yield act("end")


def _first_of(names: Variables, rule: Rule, into: str) -> Iterator[str]:
    """Yield a problem for the first alternative that is true."""
    first = rule["if"][0]
    word = "if"
    for one in first.get("any", [first]):
        before: list[str] = []
        condition = _condition(names, one, before)
        yield from before
        yield act(f"{word} {joined([condition])}")
        many = is_many(one["key"])
        value = f'(first (append {names.values(one["key"])} ""))' if many else names.value(one["key"])
        yield _append(names, rule, literal(one["key"]), given(one, value), into)
        word = "else if"
    yield act("end")


def _append(names: Variables, rule: Rule, key: str, value: str, into: str) -> str:
    key = literal(rule["at"]) if "at" in rule else key
    says = sentence(names, _text(rule), value)
    return act(f"{into} = append {into} (list {key} {says} {literal(rule['id'])})")


def _text(rule: Rule) -> str:
    what, fix = rule["what"], rule.get("fix")
    return f"{what} ({fix})" if fix else f"{what}"


def _condition(names: Variables, condition: Condition, before: list[str]) -> str:
    """Return the expression of a condition; lines that must come first are added to `before`."""
    if "any" in condition:
        return f"(or {' '.join(_condition(names, one, before) for one in condition['any'])})"
    key = condition["key"]
    if {"set", "empty"} & condition.keys():
        return of_key(names, condition)
    if not is_many(key):
        return holds(names, condition, names.value(key))
    flag = names.flag()
    before.append(act(f"{flag} := false"))
    before.append(act(f"range $value := {listed(names, condition)}"))
    before.append(act(f"if {joined([holds(names, condition, '$value')])}"))
    before.append(act(f"{flag} = true"))
    before += [act("end"), act("end")]
    return flag


def _twice(names: Variables, rule: Rule, into: str) -> Iterator[str]:
    """Yield the lines that compare the ports of a table."""
    yield act("$ports := list")
    for row in rule["ports"]:
        before: list[str] = []
        conditions = [*_spans(row), *(_condition(names, one, before) for one in row.get("if", ()))]
        yield from before
        yield from _within(conditions, iter([act(f"$ports = append $ports (dict {_port(names, row)})")]))
    yield act("$twice := dict")
    yield act(f'include "{names.helpers}.twice" (dict "ports" $ports "out" $twice)')
    yield act("range $twice.pairs")
    marks = {"port": ".port", "one": ".one", "other": ".other"}
    says = sentence(names, _text(rule), "", marks)
    yield act(f"{into} = append {into} (list .other {says} {literal(rule['id'])})")
    yield act("end")


def _port(names: Variables, row: dict[str, Any]) -> str:
    """Return the data of a port: its key, value, address, host and protocol."""
    parts = [f'"key" {literal(row["key"])}', f'"value" {given(row, names.value(row["key"]))}']
    if "address" in row:
        parts.append(f'"address" {names.value(row["address"])}')
    parts += [f'"{name}" {literal(row[name])}' for name in ("host", "protocol") if name in row]
    return " ".join(parts)
