"""Evaluates the conditions of the rules (generator/tables/rules.yaml).

chart_files/expressions.py writes the same conditions as templates. If a condition has several operators, one
value must fulfil all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from generator import paths
from generator.model.hosts import host
from generator.model.profiles import expand, references

Condition = dict[str, Any]
# The path and the value of a condition's key.
Hit = tuple[paths.Path, Any]
# Tells whether a key is known, if only some keys of a site are.
Sees = Callable[[str], bool]

# Operators on the key as a whole, and operators whose value may refer to another key.
_OF_KEY = ("set", "empty")
_EXPANDED = ("eq", "ne", "lacks", "ge", "sameHost", "otherHost")


def keys_of(condition: Condition) -> Iterator[str]:
    """Yield the keys that a condition and its alternatives read."""
    for alternative in condition.get("any", ()):
        yield from keys_of(alternative)
    if "key" in condition:
        yield condition["key"]
        for operator in _EXPANDED:
            yield from references(condition.get(operator))


def seen(condition: Condition, sees: Sees) -> bool:
    """Return whether the keys of a condition, or of one of its alternatives, are known."""
    if "any" in condition:
        return any(seen(alternative, sees) for alternative in condition["any"])
    return all(sees(key) for key in keys_of(condition))


def hits(condition: Condition, values: dict[str, Any], context: dict[str, Any]) -> list[Hit]:
    """Return the values for which a condition is true, with their paths."""
    if "any" in condition:
        tried = (hits(alternative, values, context) for alternative in condition["any"])
        return next((found for found in tried if found), [])
    return list(_hits(condition, values, context))


def _hits(condition: Condition, values: dict[str, Any], context: dict[str, Any]) -> Iterator[Hit]:
    key = condition["key"]
    found = list(paths.find(values, key))
    if not found and "default" in condition:
        found = [(tuple(key.split(".")), condition["default"])]
    operators = [name for name in OPERATORS if name in condition]
    if operators[0] in _OF_KEY:
        wanted = condition[operators[0]]
        holds = bool(found) if operators[0] == "set" else not found or _empty(found[0][1])
        if holds == wanted:
            yield from found or [(tuple(key.split(".")), "")]
        return
    given = [value for _, value in found]
    for path, value in found:
        if all(_holds(name, value, given, condition, context) for name in operators):
            yield path, value


def _holds(
    name: str, value: Any, given: Sequence[Any], condition: Condition, context: dict[str, Any]
) -> bool:
    wanted = condition[name]
    if name in _EXPANDED:
        wanted = expand(wanted, context)[0]
        wanted = condition["else"] if wanted == "" and "else" in condition else wanted
    if name == "repeated":
        return bool((sum(same(value, other) for other in given) > 1) == wanted)
    return OPERATORS[name](value, wanted)


def _empty(value: Any) -> bool:
    return value in ("", [], {}, False, 0)


def same(value: Any, wanted: Any) -> bool:
    """Return whether two values are equal; a boolean never equals a number."""
    return isinstance(value, bool) == isinstance(wanted, bool) and bool(value == wanted)


def shown(value: Any) -> str:
    """Write a value as a message shows it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _same_host(value: Any, wanted: Any) -> bool:
    # All loopback addresses are the same host.
    one, other = (re.sub(r"^(127\.[0-9.]+|::1)\Z", "loopback", host(text)) for text in (value, wanted))
    return one == other


def _matches(value: Any, pattern: str) -> bool:
    # Go's $ is the end of the text; Python's also matches before a last line break.
    return re.search(pattern.replace("$", r"\Z"), shown(value)) is not None


def _compares(value: Any, limit: Any, test: Callable[[Any, Any], bool]) -> bool:
    return isinstance(value, (int, float)) and isinstance(limit, (int, float)) and test(value, limit)


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "set": lambda value, wanted: True,
    "empty": lambda value, wanted: True,
    "eq": same,
    "ne": lambda value, wanted: not same(value, wanted),
    "in": lambda value, wanted: any(same(value, item) for item in wanted),
    "notIn": lambda value, wanted: not any(same(value, item) for item in wanted),
    "matches": _matches,
    "notMatches": lambda value, wanted: not _matches(value, wanted),
    "lt": lambda value, wanted: _compares(value, wanted, lambda a, b: bool(a < b)),
    "gt": lambda value, wanted: _compares(value, wanted, lambda a, b: bool(a > b)),
    "ge": lambda value, wanted: _compares(value, wanted, lambda a, b: bool(a >= b)),
    "lacks": lambda value, wanted: wanted not in (value if isinstance(value, list) else [value]),
    "without": lambda value, wanted: isinstance(value, dict) and _empty(value.get(wanted, "")),
    "repeated": lambda value, wanted: True,
    "sameHost": lambda value, wanted: "" not in (value, wanted) and _same_host(value, wanted),
    "otherHost": lambda value, wanted: "" not in (value, wanted) and not _same_host(value, wanted),
}


# --- forms ---------------------------------------------------------------------------------


def spelled_out(condition: Condition, forms: dict[str, dict[str, str]]) -> Condition:
    """Replace `is` and `isNot` by the pattern of the form that they name; keep the words of the form."""
    plain = dict(condition)
    for name, operator in (("is", "matches"), ("isNot", "notMatches")):
        if name in plain:
            form = plain.pop(name)
            plain[operator] = f"^({_pattern(form, forms)})$"
            plain["words"] = {**plain.get("words", {}), operator: forms[form]["words"]}
    if "any" in plain:
        plain["any"] = [spelled_out(alternative, forms) for alternative in plain["any"]]
    return plain


def _pattern(form: str, forms: dict[str, dict[str, str]]) -> str:
    """Return the pattern of a form; `<name>` in it is replaced by another form."""
    return re.sub(r"<([a-z0-9-]+)>", lambda found: f"({_pattern(found[1], forms)})", forms[form]["pattern"])


# --- in words ------------------------------------------------------------------------------

_WORDS = {
    "eq": "is {}",
    "ne": "is not {}",
    "in": "is {}",
    "notIn": "is not {}",
    "matches": "matches {}",
    "notMatches": "does not match {}",
    "lt": "is below {}",
    "gt": "is above {}",
    "ge": "is not below {}",
    "lacks": "does not contain {}",
    "without": "has no {}",
    "sameHost": "has the same host as {}",
    "otherHost": "has another host than {}",
}
_OF_WHOLE = {
    ("set", True): "is set",
    ("set", False): "is not set",
    ("empty", True): "is empty or not set",
    ("empty", False): "is not empty",
    ("repeated", True): "is listed twice",
}


def in_words(condition: Condition) -> str:
    """Describe a condition, for docs/codes.md: ``"`a.b` is `true`"``."""
    if "any" in condition:
        return either([in_words(alternative) for alternative in condition["any"]])
    keys = condition["key"] if isinstance(condition["key"], list) else [condition["key"]]
    parts = [_described(name, condition) for name in OPERATORS if name in condition]
    default = " (the default)" if _holds_by_default(condition) and "words" not in condition else ""
    return f"{either([_key_text(key) for key in keys])} {' and '.join(parts)}{default}"


def either(texts: Sequence[str]) -> str:
    """Join alternatives: `a`, `b` or `c`."""
    *first, last = texts
    return f"{', '.join(first)} or {last}" if first else last


def _key_text(key: str) -> str:
    """Name a key of a condition in words, including `.*` (values of a map) and `.~` (names of a map)."""
    if key.endswith(".~"):
        return f"a name in `{key[:-2]}`"
    return f"a value in `{key[:-2]}`" if key.endswith(".*") else f"`{key}`"


def _described(operator: str, condition: Condition) -> str:
    wanted = condition[operator]
    words = condition.get("words", {})
    described = words if isinstance(words, str) else words.get(operator)
    if described and operator in ("matches", "notMatches", "eq", "empty"):
        return f"is {'not ' if operator == 'notMatches' else ''}{described}"
    if isinstance(wanted, bool) and (operator, wanted) in _OF_WHOLE:
        return _OF_WHOLE[operator, wanted]
    if wanted in ("", []):
        return "is empty" if operator == "eq" else "is not empty"
    values = wanted if isinstance(wanted, list) else [wanted]
    return _WORDS[operator].format(either([_value(value) for value in values]))


def _value(wanted: Any) -> str:
    """Write a value of a condition; a reference is written as the name of its key."""
    found = references(wanted)
    return f"the value of `{found[0]}`" if found == [str(wanted).strip("{}")] else f"`{shown(wanted)}`"


def _holds_by_default(condition: Condition) -> bool:
    """Return whether the default of a condition's key fulfils it; False if that depends on other keys."""
    names = [name for name in OPERATORS if name in condition and name not in _OF_KEY]
    if not names or "default" not in condition or any(references(condition[name]) for name in names):
        return False
    return all(OPERATORS[name](condition["default"], condition[name]) for name in names)
