"""Two trees of values compared: what differs, each difference once, at the deepest place that names it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from generator.diff import values
from generator.model.paths import Path


class _Nothing:
    """Stands for the value of a key that is not there, which null is not."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING: Any = _Nothing()


@dataclass(frozen=True)
class Change:
    """One difference: the path, the value on either side (NOTHING where there is none).

    A part of `path` in brackets names an item of a list by its key: `[cloudcore]`. `file` is the data
    key of the config that the path is inside of. Of a `partial` change, `before` and `after` hold only
    the items of the list that are gone or new. Without `behaviour` the program does the same as before;
    `note` says why, or what else is to be known.
    """

    path: Path
    before: Any = NOTHING
    after: Any = NOTHING
    file: str = ""
    partial: bool = False
    behaviour: bool = True
    note: str = ""
    causes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def place(self) -> str:
        """Write where the change is: `cloudcore.yaml: modules.cloudHub.nodeLimit`."""
        where = path_text(self.path)
        return f"{self.file}: {where}" if self.file and where else self.file or where

    def inside(self, file: str) -> Change:
        """Return the change as one of a config."""
        return replace(self, file=file)


def path_text(path: Path) -> str:
    """Write a path as it is read: `spec.template.spec.containers[cloudcore].image`."""
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
    """Yield how two values differ; `kubernetes` says that names of fields have their Kubernetes meaning."""
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
        elif not self._same(path, before, after) and not self._both_nothing(path, before, after):
            yield Change(path, before, after)

    def _same(self, path: Path, before: Any, after: Any) -> bool:
        if not self.kubernetes:
            equal = isinstance(before, bool) is isinstance(after, bool) and bool(before == after)
            # Of a custom resource nobody knows whether a field is a duration of Go; of a config it is known.
            return equal or (not self.kind and values.same_duration(before, after))
        return values.same(path, before, after)

    def _both_nothing(self, path: Path, before: Any, after: Any) -> bool:
        if before is not None and after is not None:
            return False
        return self._means_nothing(path, before) and self._means_nothing(path, after)

    def _maps(self, path: Path, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
        for name, old in before.items():
            below = (*path, name)
            if name in after:
                yield from self.at(below, old, after[name])
            elif not self._means_nothing(below, old):
                yield Change(below, before=old)
        for name, new in after.items():
            below = (*path, name)
            if name not in before and not self._means_nothing(below, new):
                yield Change(below, after=new)

    def _means_nothing(self, path: Path, value: Any) -> bool:
        """Say whether a key that only one side has means what its absence means."""
        if not self.kubernetes:
            return False
        # The API server drops a null.
        if value is None or values.is_default(self.kind, path, value):
            return True
        # A map of nothing but defaults.
        if not isinstance(value, dict) or not value or path[0] in ("data", "stringData"):
            return False
        return all(self._means_nothing((*path, name), child) for name, child in value.items())

    def _lists(self, path: Path, before: list[Any], after: list[Any]) -> Iterator[Change]:
        if before == after and not _holds_numbers(before):
            return
        name = next((part for part in reversed(path) if isinstance(part, str) and part[0] != "["), "")
        fields = values.keys_of(name, before, after) if self._has_meaning(name) else None
        if fields and before and after:
            yield from self._keyed(path, name, fields, before, after)
        elif self.kubernetes and values.is_set(name):
            yield from _sets(path, before, after, self._item_of(path))
        elif _reordered(before, after):
            yield Change(path, before, after, note="the order")
        elif len(before) == len(after):
            for number, (old, new) in enumerate(zip(before, after, strict=True)):
                yield from self.at((*path, number), old, new)
        else:
            yield from _sets(path, before, after)

    def _item_of(self, path: Path) -> Callable[[Any], str]:
        return lambda item: values.canonical(values.without_defaults(self.kind, path, item))

    def _has_meaning(self, name: str) -> bool:
        return self.kubernetes or name == "relayNodes"

    def _keyed(
        self, path: Path, name: str, fields: tuple[str, ...], before: list[Any], after: list[Any]
    ) -> Iterator[Change]:
        old = {values.item_name(item, fields): item for item in before}
        new = {values.item_name(item, fields): item for item in after}
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
        # The other lists with names are sets of them.
        if name == "initContainers" and common != order:
            yield Change(path, common, order, note="the order")


def _holds_numbers(items: list[Any]) -> bool:
    """Say whether equality of two lists may be one of 1 and true."""
    return any(not isinstance(item, str) for item in items)


def _reordered(before: list[Any], after: list[Any]) -> bool:
    old, new = [*map(values.canonical, before)], [*map(values.canonical, after)]
    return old != new and Counter(old) == Counter(new)


def _sets(
    path: Path, before: list[Any], after: list[Any], text: Callable[[Any], str] = values.canonical
) -> Iterator[Change]:
    """Yield one change with the items that only one of two lists has; those of one `text` are the same."""
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
