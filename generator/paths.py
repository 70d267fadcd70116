"""Dotted paths into nested values: `a.b`, `a.list.0`, `a.list[].name` (any item).

At the end of a path, `a.map.*` means any value of a map, and `a.map.~` any key of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from generator.secrets.safe_text import safe_path

Path = tuple[str | int, ...]

_OF_MAP = ("*", "~")


def find(values: Any, path: str) -> Iterator[tuple[Path, Any]]:
    """Yield every value at a path with its exact path; skip nulls, which count as not set."""
    plain = _plain(path)
    if plain is None:
        yield from _find(values, path.split("."), ())
        return
    value = at(values, plain)
    if value is not None:
        yield plain, value


@cache
def _plain(path: str) -> Path | None:
    """Return a path that goes through maps only; None if it can go through a list."""
    parts = path.split(".")
    special = any(part.isdigit() or part in _OF_MAP or part.endswith("[]") for part in parts)
    return None if special else tuple(parts)


def _find(here: Any, parts: list[str], at: Path) -> Iterator[tuple[Path, Any]]:
    if not parts:
        if here is not None:
            yield at, here
        return
    name, rest = parts[0].removesuffix("[]"), parts[1:]
    if name in _OF_MAP:
        for key, value in here.items() if isinstance(here, dict) else ():
            yield (*at, key), value if name == "*" else key
    elif isinstance(here, dict) and name in here:
        child = here[name]
        if parts[0].endswith("[]") and isinstance(child, list):
            for number, item in enumerate(child):
                yield from _find(item, rest, (*at, name, number))
        else:
            yield from _find(child, rest, (*at, name))
    elif isinstance(here, list) and name.isdigit() and int(name) < len(here):
        yield from _find(here[int(name)], rest, (*at, int(name)))


def first(values: Any, path: str) -> Any:
    """Return the first value at a path, or None."""
    return next((value for _, value in find(values, path)), None)


def at(values: Any, path: Path) -> Any:
    """Return the value at an exact path, None if it does not exist."""
    for part in path:
        try:
            values = values[part]
        except (LookupError, TypeError):
            return None
    return values


def put(values: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a path; create missing maps."""
    *parents, last = path.split(".")
    for name in parents:
        child = values.get(name)
        if not isinstance(child, dict):
            child = values[name] = {}
        values = child
    values[last] = value


def text(path: Path) -> str:
    """Write a path as a user types it, with secrets hidden: `agent.relayNodes[0].nodeName`."""
    dotted = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in safe_path(path))
    return dotted.removeprefix(".")


def leaves(value: Any, at: Path = (), *, empty: bool = False) -> Iterator[tuple[Path, Any]]:
    """Yield the values in nested maps with their paths; lists, and with `empty` empty maps, are one value."""
    if isinstance(value, dict) and value:
        for name, child in value.items():
            yield from leaves(child, (*at, name), empty=empty)
    elif empty or (at and value != {}):
        yield at, value


def below(value: Any, at: Path = ()) -> Iterator[Path]:
    """Yield the path of every value inside maps and lists, outer paths before inner paths."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in items:
        yield (*at, name)
        yield from below(child, (*at, name))
