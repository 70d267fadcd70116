"""The rules that a chart sees, compiled into plain template code: templates/_rules.tpl.

The rules stay data in generator/tables/rules.yaml; the generator evaluates the same table in Python
(model/rules.py), and a test holds both to the same verdicts. Each rule stands below its code and appends
to the problems or warnings of the chart: a dict with `key`, `says` and `code`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.chart_files.expressions import Condition, Names, holds, is_many, literal, text
from generator.model import rules

Rule = dict[str, Any]

_LISTS = {"errors": "$problems", "distinct": "$problems", "warnings": "$warnings"}


def template(chart: str, command: str) -> str:
    """Write templates/_rules.tpl of a chart."""
    names = Names(chart)
    body = [
        line
        for kind, found in rules.for_chart(chart).items()
        for rule in found
        for line in _compiled(names, rule, _LISTS[kind])
    ]
    head = f"""\
{{{{/* Written by `{command}` from generator/tables/rules.yaml: what this chart rejects, or warns of.

  {chart}.rules root values where    append to .Values._site.problems and .warnings what the rules find in
                                    the values; `where` stands before the key in the message
*/}}}}

{{{{- define "{chart}.rules" -}}}}
{{{{- $site := .root.Values._site -}}}}
{{{{- $values := .values -}}}}
{{{{- $where := .where -}}}}
{{{{- $problems := list -}}}}
{{{{- $warnings := list -}}}}
{{{{- $kubeedge := $site.kubeedge | trimPrefix "1." | int -}}}}
{{{{- $edgemesh := $site.edgemesh | trimPrefix "1." | int -}}}}
{{{{- /* Sections. One that is not a map counts as empty here: the field table rejects it. */ -}}}}
"""
    tail = """\
{{- $_ := set $site "problems" (concat $site.problems $problems) -}}
{{- $_ := set $site "warnings" (concat $site.warnings $warnings) -}}
{{- end -}}
"""
    return head + "\n".join((*names.declarations(), *body)) + "\n" + tail


def _compiled(names: Names, rule: Rule, into: str) -> Iterator[str]:
    yield ""
    yield f"{{{{- /* {rule['id']} */ -}}}}"
    first, *rest = rule.get("if") or [None]
    spans = list(_spans(rule))
    before: list[str] = []
    others = [_condition(names, condition, before) for condition in rest]
    if "ports" in rule:
        others = [_condition(names, c, before) for c in rule.get("if", ())]
        yield from before
        yield from _within([*spans, *others], _twice(names, rule, into))
        return
    yield from before
    yield from _within([*spans, *others], _found(names, rule, first, into))


def _within(conditions: list[str], lines: Iterator[str]) -> Iterator[str]:
    """Put lines inside an `if` of all conditions."""
    if not conditions:
        yield from lines
        return
    yield f"{{{{- if {_all(conditions)} -}}}}"
    yield from lines
    yield "{{- end -}}"


def _all(conditions: list[str]) -> str:
    joined = " ".join(conditions)
    if len(conditions) > 1:
        return f"and {joined}"
    return joined.removeprefix("(").removesuffix(")") if joined.startswith("(") else joined


def _spans(rule: Rule) -> Iterator[str]:
    """Yield the conditions on the releases of KubeEdge and EdgeMesh."""
    for program in ("kubeedge", "edgemesh"):
        for bound, compare in (("from", "ge"), ("to", "le")):
            if bound in rule.get(program, {}):
                yield f"({compare} ${program} {rule[program][bound].removeprefix('1.')})"


def _found(names: Names, rule: Rule, first: Condition, into: str) -> Iterator[str]:
    """Yield the lines that append one problem for each value that the first condition is true of."""
    if is_many(first.get("key", "")) and not {"set", "empty"} & first.keys():
        yield f"{{{{- range $value := {_listed(names, first)} -}}}}"
        yield f"{{{{- if {_all([holds(names, first, '$value')])} -}}}}"
        yield _append(names, rule, first["key"], "$value", into)
        yield "{{- end -}}"
        yield "{{- end -}}"
        return
    word = "if"
    for one in first.get("any", [first]):
        before: list[str] = []
        condition = _condition(names, one, before)
        yield from before
        yield f"{{{{- {word} {_all([condition])} -}}}}"
        value = (
            f'(first (append {names.values(one["key"])} ""))'
            if is_many(one["key"])
            else names.value(one["key"])
        )
        yield _append(names, rule, one["key"], _given(one, value), into)
        word = "else if"
    yield "{{- end -}}"


def _append(names: Names, rule: Rule, key: str, value: str, into: str) -> str:
    fix = f" ({rule['fix']})" if rule.get("fix") else ""
    says = text(names, rule["what"] + fix, value)
    problem = f'(dict "where" $where "key" {literal(rule.get("at", key))} "says" {says} "code" {literal(rule["id"])})'
    return f"{{{{- {into} = append {into} {problem} -}}}}"


def _listed(names: Names, condition: Condition) -> str:
    found = names.values(condition["key"])
    return f"({found} | default {literal([condition['default']])})" if "default" in condition else found


def _given(condition: Condition, value: str) -> str:
    """Return a value, or the default that stands for it."""
    if "default" not in condition:
        return value
    return f'(ternary {literal(condition["default"])} {value} (kindIs "invalid" {value}))'


def _condition(names: Names, condition: Condition, before: list[str]) -> str:
    """Return the expression of a condition; lines that must stand before it go to `before`."""
    if "any" in condition:
        return f"(or {' '.join(_condition(names, one, before) for one in condition['any'])})"
    key = condition["key"]
    if "set" in condition or "empty" in condition:
        return _of_key(names, condition)
    if not is_many(key):
        return holds(names, condition, _given(condition, names.value(key)))
    flag = f"$any{names.fresh()}"
    before.append(f"{{{{- {flag} := false -}}}}")
    loop = (
        f"range $value := {_listed(names, condition)} }}}}{{{{ if {_all([holds(names, condition, '$value')])}"
    )
    before.append(f"{{{{- {loop} }}}}{{{{ {flag} = true }}}}{{{{ end }}}}{{{{ end -}}}}")
    return flag


def _of_key(names: Names, condition: Condition) -> str:
    key = condition["key"]
    if is_many(key):
        found = _listed(names, condition)
        value, unset = f'(first (append {found} ""))', f"(empty {found})"
    else:
        value = _given(condition, names.value(key))
        unset = f'(kindIs "invalid" {value})'
    if "set" in condition:
        return f"(not {unset})" if condition["set"] else unset
    return f"(empty {value})" if condition["empty"] else f"(not (empty {value}))"


def _twice(names: Names, rule: Rule, into: str) -> Iterator[str]:
    """Yield the lines that compare the ports of a table."""
    yield "{{- $ports := list -}}"
    for row in rule["ports"]:
        before: list[str] = []
        conditions = [*_spans(row), *(_condition(names, c, before) for c in row.get("if", ()))]
        yield from before
        parts = [f'"key" {literal(row["key"])}', f'"value" {_given(row, names.value(row["key"]))}']
        if "address" in row:
            parts.append(f'"address" {names.value(row["address"])}')
        parts += [f'"{name}" {literal(row[name])}' for name in ("host", "protocol") if name in row]
        line = f"{{{{- $ports = append $ports (dict {' '.join(parts)}) -}}}}"
        yield from _within(conditions, iter([line]))
    yield "{{- $twice := dict -}}"
    yield f'{{{{- include "{names.helpers}.twice" (dict "ports" $ports "out" $twice) -}}}}'
    yield "{{- range $twice.pairs -}}"
    what = rule["what"] + (f" ({rule['fix']})" if rule.get("fix") else "")
    marks = [mark for mark in ("port", "one", "other") if f"{{{mark}}}" in what]
    marks.sort(key=lambda mark: what.index(f"{{{mark}}}"))
    form = what.replace("%", "%%")
    for mark in marks:
        form = form.replace(f"{{{mark}}}", "%s")
    says = f"(printf {literal(form)} {' '.join(f'.{mark}' for mark in marks)})"
    problem = f'(dict "where" $where "key" .other "says" {says} "code" {literal(rule["id"])})'
    yield f"{{{{- {into} = append {into} {problem} -}}}}"
    yield "{{- end -}}"
