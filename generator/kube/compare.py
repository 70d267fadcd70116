"""Compare two trees of values: each difference once, at the deepest path that names it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from generator.catalogue.message import Message, say
from generator.kube import equality
from generator.kube.pods import TEMPLATES
from generator.paths import Path


class _Nothing:
    """The value of a missing key, which is not null."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING: Any = _Nothing()
# Maps that have a meaning even if they are empty.
_PRESENT = {"emptyDir"}
_REFERENCE = re.compile(r"(?<!\$)(?:\$\$)*\$\(([^)]+)\)")


@dataclass(frozen=True)
class Change:
    """One difference: the path and the values of both sides (NOTHING for a missing key).

    A part of `path` in brackets names an item of a list by its key: `[cloudcore]`. `file` is the data
    key of the config that contains the path. In a `partial` change `before` and `after` hold only the
    removed and the added items of a list. Without `behaviour` the program does the same as before; `note`
    says why, or has another remark.
    """

    path: Path
    before: Any = NOTHING
    after: Any = NOTHING
    file: str = ""
    partial: bool = False
    behaviour: bool = True
    note: Message | None = None
    causes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def place(self) -> str:
        """Write where the change is: `cloudcore.yaml: modules.cloudHub.nodeLimit`."""
        where = path_text(self.path)
        return f"{self.file}: {where}" if self.file and where else self.file or where

    def inside(self, file: str) -> Change:
        """Return the same change, placed inside a config file."""
        return replace(self, file=file)


def path_text(path: Path) -> str:
    """Write a path: `spec.template.spec.containers[cloudcore].image`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part.startswith("["):
            text += part
        elif "." in part or not part:
            text += f'["{part}"]'
        else:
            text += f".{part}"
    return text.removeprefix(".")


def compare(before: Any, after: Any, kind: str = "", *, kubernetes: bool = True) -> Iterator[Change]:
    """Yield how two values differ; with `kubernetes` the names of fields have their Kubernetes meaning."""
    return _Comparison(kind, kubernetes).at((), before, after)


@dataclass(frozen=True)
class _Comparison:
    kind: str
    kubernetes: bool

    def at(self, path: Path, before: Any, after: Any) -> Iterator[Change]:
        if before is after:
            return
        if isinstance(before, dict) and isinstance(after, dict):
            yield from self._maps(path, before, after)
        elif isinstance(before, list) and isinstance(after, list):
            yield from self._lists(path, before, after)
        elif not self._same(path, before, after):
            yield Change(path, before, after)

    def _same(self, path: Path, before: Any, after: Any) -> bool:
        if not self.kubernetes:
            equal = isinstance(before, bool) is isinstance(after, bool) and bool(before == after)
            # The field types of custom resources are unknown; fields of configs can be Go durations.
            return equal or (not self.kind and equality.same_duration(before, after))
        return equality.same(path, before, after, self.kind)

    def _maps(self, path: Path, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
        if self.kubernetes:
            before, after = _without_nulls(before), _without_nulls(after)
        for name, old in before.items():
            below = (*path, name)
            if name in after:
                yield from self.at(below, old, after[name])
            elif not self._means_nothing(below, old, after, before):
                yield Change(below, before=old)
        for name, new in after.items():
            below = (*path, name)
            if name not in before and not self._means_nothing(below, new, before, after):
                yield Change(below, after=new)

    def _means_nothing(self, path: Path, value: Any, other: dict[str, Any], own: dict[str, Any]) -> bool:
        """Return whether a key that only `own` has means the same as a missing key."""
        if not self.kubernetes:
            return False
        if value is None or equality.is_default(self.kind, path, value, other, own):
            return True
        # A map that has only defaults.
        if not isinstance(value, dict) or not value or path[0] in ("data", "stringData"):
            return False
        return path[-1] not in _PRESENT and all(
            self._means_nothing((*path, name), child, {}, value) for name, child in value.items()
        )

    def _lists(self, path: Path, before: list[Any], after: list[Any]) -> Iterator[Change]:
        if before == after and not _holds_numbers(before):
            return
        name = next((part for part in reversed(path) if isinstance(part, str) and part[:1] != "["), "")
        fields = equality.keys_of(name, before, after) if self._has_meaning(name) else None
        if fields and before and after:
            found = list(self._keyed(path, name, fields, before, after))
        elif self.kubernetes and equality.is_set(name):
            found = list(_sets(path, before, after, self._item_of(path)))
        else:
            found = list(self._ordered(path, before, after))
        yield from found or self._order(path, before, after, fields)

    def _ordered(self, path: Path, before: list[Any], after: list[Any]) -> Iterator[Change]:
        """Yield how two lists without item names differ."""
        if _reordered(before, after):
            yield Change(path, before, after, note=say("order-changed"))
        elif len(before) == len(after):
            for number, (old, new) in enumerate(zip(before, after, strict=True)):
                yield from self.at((*path, number), old, new)
        else:
            yield from _sets(path, before, after)

    def _order(
        self, path: Path, before: list[Any], after: list[Any], fields: tuple[str, ...] | None
    ) -> Iterator[Change]:
        """Yield a change of order that has no other effect than that the API server replaces the pods."""
        if not self._in_template(path):
            return
        old, new = ([self._in_order(path, item, fields) for item in items] for items in (before, after))
        if old != new:
            yield Change(path, before, after, behaviour=False, note=say("order-changed", "template"))

    def _in_template(self, path: Path) -> bool:
        template = TEMPLATES.get(self.kind)
        return template is not None and path[: len(template)] == template

    def _in_order(self, path: Path, item: Any, fields: tuple[str, ...] | None) -> str:
        """Return the name of a list item, or its whole content if it has no name."""
        if fields:
            return equality.item_name(item, fields)
        return json.dumps(equality.without_defaults(self.kind, path, item), sort_keys=True)

    def _item_of(self, path: Path) -> Callable[[Any], str]:
        return lambda item: equality.canonical(equality.without_defaults(self.kind, path, item))

    def _has_meaning(self, name: str) -> bool:
        return self.kubernetes or name == "relayNodes"

    def _keyed(
        self, path: Path, name: str, fields: tuple[str, ...], before: list[Any], after: list[Any]
    ) -> Iterator[Change]:
        old = {equality.item_name(item, fields): item for item in before}
        new = {equality.item_name(item, fields): item for item in after}
        for key, item in old.items():
            below = (*path, f"[{key}]")
            if key in new:
                yield from self.at(below, item, new[key])
            else:
                yield Change(below, before=item)
        for key, item in new.items():
            if key not in old:
                yield Change((*path, f"[{key}]"), after=item)
        common = [key for key in old if key in new]
        order = [key for key in new if key in old]
        # In other lists with item names the order has no meaning, except for variables that refer to others.
        if common != order and (name == "initContainers" or (name == "env" and _depends(common, order, new))):
            yield Change(path, common, order, note=say("order-changed"))


def _depends(order: list[str], other: list[str], entries: dict[str, Any]) -> bool:
    """Return whether environment variables have other values in another order."""
    return _refers(order, entries) != _refers(other, entries)


def _refers(order: list[str], entries: dict[str, Any]) -> set[tuple[str, str]]:
    """Return which variable uses which other variable: $(NAME) is replaced if NAME is defined above it."""
    found: set[tuple[str, str]] = set()
    above: set[str] = set()
    for name in order:
        value = entries[name].get("value")
        if isinstance(value, str):
            found |= {(name, other) for other in _REFERENCE.findall(value) if other in above}
        above.add(name)
    return found


def _without_nulls(fields: dict[str, Any]) -> dict[str, Any]:
    """Return a map without its nulls, which the API server drops; return the same map if it has none."""
    if None not in fields.values():
        return fields
    return {name: value for name, value in fields.items() if value is not None}


def _holds_numbers(items: list[Any]) -> bool:
    """Return whether two lists that Python calls equal can differ, because 1 equals true in Python."""
    return any(not isinstance(item, str) for item in items)


def _reordered(before: list[Any], after: list[Any]) -> bool:
    old, new = [*map(equality.canonical, before)], [*map(equality.canonical, after)]
    return old != new and Counter(old) == Counter(new)


def _sets(
    path: Path, before: list[Any], after: list[Any], text: Callable[[Any], str] = equality.canonical
) -> Iterator[Change]:
    """Yield one change with the items that only one list has; items with the same `text` are equal."""
    old, new = Counter(map(text, before)), Counter(map(text, after))
    gone, added = old - new, new - old
    if gone or added:
        yield Change(path, _picked(before, gone, text), _picked(after, added, text), partial=True)


def _picked(items: list[Any], wanted: Counter[str], text: Callable[[Any], str]) -> list[Any]:
    left = Counter(wanted)
    picked = []
    for item in items:
        name = text(item)
        if left[name] > 0:
            left[name] -= 1
            picked.append(item)
    return picked
