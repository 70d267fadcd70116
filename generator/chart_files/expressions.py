"""Writes the conditions of the rules as expressions of Go templates.

Each section and each list of values that a rule reads becomes a variable, which `Variables` declares once.
So the templates do not have to follow paths while Helm renders.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.model import conditions

Condition = dict[str, Any]

_REFERENCE = re.compile(r"\{([A-Za-z][A-Za-z0-9_.]*)\}")
# A longer pattern gets its own variable.
_LONG = 60
_NUMBER = "$number"


def act(code: str) -> str:
    """Return an action of a template, without the white space around it."""
    return f"{{{{- {code} -}}}}"


def literal(value: Any) -> str:
    """Write a value as a literal of a Go template."""
    if isinstance(value, list):
        return f"(list {' '.join(map(literal, value))})" if value else "list"
    if value == {}:
        return "dict"
    return json.dumps(value, ensure_ascii=False)


def joined(conditions: list[str]) -> str:
    """Join conditions that must all be true, for an `if`."""
    if len(conditions) > 1:
        return f"and {' '.join(conditions)}"
    (only,) = conditions
    return only[1:-1] if only.startswith("(") else only


def is_many(key: str) -> bool:
    """Return whether a key has several values: items of a list, or values or names of a map."""
    return "[]" in key or key.endswith((".*", ".~"))


class Variables:
    """The variables that the rules of a chart use, each declared once and in order."""

    def __init__(self, chart: str) -> None:
        self.helpers = f"{chart}.common"
        self._lines: dict[str, list[str]] = {}
        self._patterns: dict[str, str] = {}
        self._flags = 0

    def declarations(self) -> Iterator[str]:
        """Yield the lines that declare the variables."""
        for pattern, name in self._patterns.items():
            yield act(f"{name} := {literal(pattern)}")
        for lines in self._lines.values():
            yield from lines

    def flag(self) -> str:
        """Return a variable that is not used yet."""
        self._flags += 1
        return f"$any{self._flags}"

    def value(self, key: str) -> str:
        """Return the expression of the one value of a key; nil if it is not set."""
        *above, last = key.split(".")
        if last.isdigit():
            return self._item(".".join(above), int(last))
        return f"{self._section(tuple(above))}.{last}"

    def values(self, key: str) -> str:
        """Return the variable with the list of all values of a key that has several."""
        words = key.replace(".*", ".values").replace(".~", ".names").replace("[]", "").split(".")
        name = f"$all_{'_'.join(filter(None, words))}"
        if name not in self._lines:
            # Declare the section first: dicts keep the order of their first assignment.
            collected = list(self._collected(key, name))
            self._lines[name] = [act(f"{name} := list"), *collected]
        return name

    def pattern(self, text: str) -> str:
        """Return a regular expression, or the variable that holds a long one."""
        if len(text) < _LONG:
            return literal(text)
        return self._patterns.setdefault(text, f"$pattern{len(self._patterns) + 1}")

    def _section(self, path: tuple[str, ...]) -> str:
        if not path:
            return "$values"
        name = f"${'_'.join(path)}"
        if name not in self._lines:
            at = f"{self._section(path[:-1])}.{path[-1]}"
            self._lines[name] = [act(f'{name} := ternary {at} dict (kindIs "map" {at})')]
        return name

    def _item(self, key: str, number: int) -> str:
        at = self.value(key)
        name = f"${key.replace('.', '_')}_{number}"
        if name not in self._lines:
            longer = f'gt (len (ternary {at} list (kindIs "slice" {at}))) {number}'
            lines = [f"{name} := (dict).none", f"if {longer}", f"{name} = index {at} {number}", "end"]
            self._lines[name] = [act(line) for line in lines]
        return name

    def _collected(self, key: str, name: str) -> Iterator[str]:
        """Yield the loops that collect the values of a key in a variable."""
        first, *rest = key.split("[]")
        if not rest:
            section = self._section(tuple(key[:-2].split(".")))
            yield act(f"range $name, $value := {section}")
            yield act(f"{name} = append {name} {'$value' if key.endswith('*') else '$name'}")
            yield act("end")
            return
        at = self.value(first)
        for depth, part in enumerate(rest):
            yield act(f'range $item{depth} := ternary {at} (list {at}) (kindIs "slice" {at})')
            at = f"$item{depth}"
            for field in filter(None, part.split(".")):
                yield act(f'$map := ternary {at} dict (kindIs "map" {at})')
                yield act(f"$field := $map.{field}")
                at = "$field"
        yield act(f'if not (kindIs "invalid" {at})')
        yield act(f"{name} = append {name} {at}")
        yield act("end")
        yield from [act("end")] * len(rest)


def given(condition: Condition, value: str) -> str:
    """Return a value with its default; only the value if the default cannot fulfil the condition."""
    if "default" not in condition or _default_holds(condition) is False:
        return value
    return f'(ternary {literal(condition["default"])} {value} (kindIs "invalid" {value}))'


def _default_holds(condition: Condition) -> bool | None:
    """Return whether a condition is true for its default; None if that depends on another key."""
    found = [name for name in _OPERATORS if name in condition]
    if not found or any(_refers(condition[name]) for name in found):
        return None
    default = condition["default"]
    return all(conditions.OPERATORS[name](default, condition[name]) for name in found)


def listed(names: Variables, condition: Condition) -> str:
    """Return all values of a condition's key, or its default."""
    found = names.values(condition["key"])
    return f"({found} | default {literal([condition['default']])})" if "default" in condition else found


def of_key(names: Variables, condition: Condition, value: str = "") -> str:
    """Return the expression of `set` or `empty`, which concern the key as a whole."""
    key = condition["key"]
    if is_many(key):
        found = listed(names, condition)
        value, unset = f'(first (append {found} ""))', f"(empty {found})"
    else:
        value = given(condition, value or names.value(key))
        unset = f'(kindIs "invalid" {value})'
    if "set" in condition:
        return f"(not {unset})" if condition["set"] else unset
    return f"(empty {value})" if condition["empty"] else f"(not (empty {value}))"


def sentence(names: Variables, template: str, value: str, marks: Mapping[str, str] | None = None) -> str:
    """Return the expression of a sentence with its references filled: `value` for `{value}`, and `marks`."""
    arguments: list[str] = []

    def fill(match: re.Match[str]) -> str:
        if match[1] in (marks or {}):
            arguments.append((marks or {})[match[1]])
        elif match[1] == "value":
            arguments.append(f'(include "{names.helpers}.shown" {value})')
        else:
            arguments.append(f'(include "{names.helpers}.host" {names.value(match[1])})')
        return "%s"

    form = _REFERENCE.sub(fill, template.replace("%", "%%"))
    return f"(printf {' '.join((literal(form), *arguments))})" if arguments else literal(template)


def holds(names: Variables, condition: Condition, value: str) -> str:
    """Return the expression of a condition on a value; for nil, of the condition on its default."""
    decided = _default_holds(condition) if "default" in condition else False
    if decided is None:
        value = given(condition, value)
    parts = [_OPERATORS[name](names, condition, value) for name in _OPERATORS if name in condition]
    both = parts[0] if len(parts) == 1 else f"(and {' '.join(parts)})"
    return f'(or (kindIs "invalid" {value}) {both})' if decided else both


def _wanted(names: Variables, condition: Condition, operator: str) -> str:
    """Return the expression of the value that an operator compares with, if it refers to a key."""
    template = condition[operator]
    whole = _REFERENCE.fullmatch(template)
    if not whole:
        return sentence(names, template, '""')
    found = names.value(whole[1])
    if "else" not in condition:
        return f'(ternary "" {found} (kindIs "invalid" {found}))'
    return f'(ternary {literal(condition["else"])} {found} (has (toJson {found}) (list "null" "\\"\\"")))'


def _refers(wanted: Any) -> bool:
    return isinstance(wanted, str) and bool(_REFERENCE.search(wanted))


def _is_set(value: str) -> str:
    return f'(not (kindIs "invalid" {value}))'


def _equal(names: Variables, condition: Condition, operator: str, value: str) -> str:
    wanted = condition[operator]
    if _refers(wanted):
        return f"(eq (toJson {value}) (toJson {_wanted(names, condition, operator)}))"
    return _among([wanted], value)


def _among(wanted: list[Any], value: str) -> str:
    if all(isinstance(item, str) for item in wanted):
        return f"(has {value} {literal(wanted)})"
    # A number in the values can be an integer or a float.
    written = [json.dumps(item, separators=(",", ":")) for item in wanted]
    if len(written) == 1:
        return f"(eq (toJson {value}) {literal(written[0])})"
    return f"(has (toJson {value}) {literal(written)})"


def _not(expression: str, value: str) -> str:
    return f"(and {_is_set(value)} (not {expression}))"


def _number(names: Variables, condition: Condition, operator: str, value: str) -> str:
    wanted = condition[operator]
    limit = _wanted(names, condition, operator) if _refers(wanted) else literal(wanted)
    kinds = f"(has (kindOf {value}) {_NUMBER})"
    if _refers(wanted):
        kinds += f" (has (kindOf {limit}) {_NUMBER})"
    return f"(and {kinds} ({operator} (float64 {value}) (float64 {limit})))"


def _matches(names: Variables, condition: Condition, operator: str, value: str) -> str:
    return f"(regexMatch {names.pattern(condition[operator])} (toString {value}))"


def _lacks(names: Variables, condition: Condition, value: str) -> str:
    wanted = condition["lacks"]
    item = _wanted(names, condition, "lacks") if _refers(wanted) else literal(wanted)
    return _not(f'(has {item} (ternary {value} (list {value}) (kindIs "slice" {value})))', value)


def _without(condition: Condition, value: str) -> str:
    return f'(and (kindIs "map" {value}) (empty {value}.{condition["without"]}))'


def _repeated(names: Variables, condition: Condition, value: str) -> str:
    found = names.values(condition["key"])
    return f"(gt (len {found}) (add 1 (len (without {found} {value})) | int))"


def _same_host(names: Variables, condition: Condition, operator: str, value: str) -> str:
    wanted = condition[operator]
    other = _wanted(names, condition, operator) if _refers(wanted) else literal(wanted)
    place = f'include "{names.helpers}.place"'
    compare = "eq" if operator == "sameHost" else "ne"
    given = " ".join(f'(ne (toString {text}) "")' for text in (value, other))
    return f"(and {_is_set(value)} {given} ({compare} ({place} {value}) ({place} {other})))"


_OPERATORS: dict[str, Any] = {
    "eq": lambda names, c, value: _equal(names, c, "eq", value),
    "ne": lambda names, c, value: _not(_equal(names, c, "ne", value), value),
    "in": lambda names, c, value: _among(c["in"], value),
    "notIn": lambda names, c, value: _not(_among(c["notIn"], value), value),
    "matches": lambda names, c, value: f"(and {_is_set(value)} {_matches(names, c, 'matches', value)})",
    "notMatches": lambda names, c, value: _not(_matches(names, c, "notMatches", value), value),
    "lt": lambda names, c, value: _number(names, c, "lt", value),
    "gt": lambda names, c, value: _number(names, c, "gt", value),
    "ge": lambda names, c, value: _number(names, c, "ge", value),
    "lacks": _lacks,
    "without": lambda names, c, value: _without(c, value),
    "repeated": _repeated,
    "sameHost": lambda names, c, value: _same_host(names, c, "sameHost", value),
    "otherHost": lambda names, c, value: _same_host(names, c, "otherHost", value),
}
