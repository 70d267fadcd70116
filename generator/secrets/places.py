"""Decides by the path of a value whether it is a secret; in a JSON schema only examples are secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from generator.secrets.values import KEYWORDS, is_value, names_secret

_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
# Keywords of a JSON schema: maps of property names to schemas, and keywords that describe the same value.
_NAMES = {"properties", "patternProperties", "definitions", "$defs"}
_PARTS = {"items", "additionalProperties", "allOf", "anyOf", "oneOf", "not"}
_FLAG = re.compile(r"--?[\w.-]+")
_LOGIN_FLAGS = {"-u", "--user", "--proxy-user"}
_LOGIN = re.compile(r"(?!\d+:\d+$)[^:/]+:.+")


class Place(NamedTuple):
    """A place in a tree: whether its value is `secret`, and which part of a JSON schema it is.

    `schema` is "names" if the keys are names of properties, "node" in the schema of a value, "description" in
    a text about that value. In a schema, `secret` is about the described value.
    """

    secret: bool = False
    schema: str = ""

    @property
    def hidden(self) -> bool:
        """Return whether a string or number in this place is a secret."""
        return self.secret and not self.schema

    def below(self, name: str, value: Any, holder: dict[str, Any] | None = None) -> Place:
        """Return the place of a value under a name; `holder` is the map that has it."""
        if name == "value" or (holder and holder.get("kind") == "Secret"):
            return self._below(name, value, holder)
        return _of_type(self, name, _type_of(value))

    def _below(self, name: str, value: Any, holder: dict[str, Any] | None) -> Place:
        if self.hidden or self.schema == "description":
            return self
        if self.schema == "names":
            deeper = isinstance(value, dict | list)
            return Place(self.secret or names_secret(name, single=True), "node" if deeper else "")
        if name in _NAMES and isinstance(value, dict):
            return Place(self.secret, "names")
        if name == "openAPIV3Schema":
            return Place(schema="node")
        return self._in_node(name, value) or _by_name(name, value, holder)

    def _in_node(self, name: str, value: Any) -> Place | None:
        """Return the place under a schema keyword; an unknown keyword is secret if the described value is."""
        if self.schema != "node":
            return None
        if name in _PARTS:
            return self
        if (name in KEYWORDS and not isinstance(value, dict)) or name.startswith("x-"):
            return Place(schema="description")
        return SECRET if self.secret else None


NO_SECRET, SECRET = Place(), Place(secret=True)


@lru_cache(maxsize=8192)
def is_harmless(name: str) -> bool:
    """Return whether a string or number with this name is no secret, outside of Secrets and schemas."""
    # Whether `value` holds a secret depends on the name beside it.
    return name != "value" and NO_SECRET.below(name, "") == NO_SECRET


@lru_cache(maxsize=8192)
def is_harmless_map(name: str) -> bool:
    """Return whether the name of a map says nothing about its values, outside of Secrets and schemas."""
    return name != "value" and NO_SECRET.below(name, {}) == NO_SECRET


def _by_name(name: str, value: Any, holder: dict[str, Any] | None) -> Place:
    """Return the place below a name outside a schema; handles the values of `env` and of Secrets."""
    if holder and holder.get("kind") == "Secret" and name in ("data", "stringData"):
        return SECRET
    own = (holder.get("name") or holder.get("key")) if holder and name == "value" else None
    pair = isinstance(own, str) and names_secret(own, single=True)
    return SECRET if pair or name == _APPLIED or names_secret(name, single=_is_single(value)) else NO_SECRET


# Values that stand for all values of their type: the place depends on the name and the type only.
_TYPES: dict[str, Any] = {"map": {}, "maps": [{}], "list": [], "single": ""}


def _type_of(value: Any) -> str:
    if isinstance(value, str):
        return "single"
    if isinstance(value, dict):
        return "map"
    return "single" if not isinstance(value, list) else "list" if _is_single(value) else "maps"


@lru_cache(maxsize=8192)
def _of_type(place: Place, name: str, kind: str) -> Place:
    return place._below(name, _TYPES[kind], None)


def _is_single(value: Any) -> bool:
    if isinstance(value, list):
        return not any(isinstance(item, dict | list) for item in value)
    return not isinstance(value, dict)


def place_of(path: Iterable[Any], value: Any) -> Place:
    """Return the place of a value; the path has the form of `Change.path`."""
    place, parts, item = NO_SECRET, tuple(path), ""
    for at, part in enumerate(parts):
        if _is_item(part):
            item = part[1:-1] if isinstance(part, str) else ""
            continue
        last = at + 1 == len(parts)
        child: Any = value if last else [] if _is_item(parts[at + 1]) else {}
        place, item = place.below(part, child, {"name": item}), ""
    return place


def _is_item(part: Any) -> bool:
    return not isinstance(part, str) or part.startswith("[")


def after_flags(items: list[Any]) -> set[int]:
    """Return the numbers of the list items that are the value of the secret flag before them: `--token`."""
    return {
        at
        for at, (flag, item) in enumerate(pairwise(items), 1)
        if isinstance(flag, str) and isinstance(item, str) and _has_secret(flag, item)
    }


def _has_secret(flag: str, value: str) -> bool:
    if flag in _LOGIN_FLAGS:
        return _LOGIN.fullmatch(value) is not None
    named = _FLAG.fullmatch(flag) and names_secret(flag, single=True)
    return bool(named) and not value.startswith("-") and is_value(value)
