"""Pairs the objects of two sides: by identity, and renamed objects by their content."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from generator.kube.equality import canonical
from generator.kube.objects import Identity, Object

# The part of the content that must be equal before two objects of one kind count as one renamed object.
ALIKE = 0.7
# With more pairs than this, only renamed objects with equal content are found.
_MOST_PAIRS = 10_000
# The group `extensions`, and the groups that its kinds moved to.
_ONCE_EXTENSIONS = {"extensions", "apps", "networking.k8s.io", "policy"}


@dataclass(frozen=True)
class Pair:
    """An object before and after the change; one of them is None if it was added or deleted."""

    before: Object | None
    after: Object | None

    @property
    def renamed(self) -> bool:
        """Return whether the object has another identity after the change."""
        return bool(self.before and self.after and self.before.identity != self.after.identity)

    @property
    def served_again(self) -> bool:
        """Return whether the object only moved from or to the group `extensions`: nothing is deleted."""
        if not (self.before and self.after and self.before.identity[1:] == self.after.identity[1:]):
            return False
        groups = {self.before.group, self.after.group}
        return "extensions" in groups and groups < _ONCE_EXTENSIONS


def pair(before: Iterable[Object], after: Iterable[Object]) -> list[Pair]:
    """Pair the objects of two sides, in the order of the second side; deleted objects come last."""
    old, new = identified(before), identified(after)
    gone = [found for identity, found in old.items() if identity not in new]
    added = [found for identity, found in new.items() if identity not in old]
    renamed = _renames(gone, added) if gone and added else {}
    origins = {id(target): origin for origin, target in renamed.items()}
    pairs = [Pair(old.get(identity) or origins.get(id(found)), found) for identity, found in new.items()]
    return [*pairs, *(Pair(found, None) for found in gone if found not in renamed)]


def identified(objects: Iterable[Object]) -> dict[tuple[Identity, int], Object]:
    """Map objects by identity; of two with the same identity the last one counts, as for Helm and kubectl.

    An object with generateName is a new object at each apply, so it is identified by its position too.
    """
    found: dict[tuple[Identity, int], Object] = {}
    numbers: Counter[Identity] = Counter()
    for one in objects:
        identity = one.identity
        if not one.metadata.get("name"):
            numbers[identity] += 1
        found[identity, numbers[identity]] = one
    return found


def _renames(gone: list[Object], added: list[Object]) -> dict[Object, Object]:
    """Map deleted objects to the added objects that replace them; the most similar pairs come first."""
    by_kind: dict[str, list[Object]] = defaultdict(list)
    for found in added:
        by_kind[found.kind].append(found)
    renamed: dict[Object, Object] = {}
    for kind in dict.fromkeys(found.kind for found in gone):
        old = [found for found in gone if found.kind == kind]
        renamed |= _same_content(old, by_kind[kind])
        taken = set(map(id, renamed.values()))
        rest = [found for found in old if found not in renamed]
        free = [found for found in by_kind[kind] if id(found) not in taken]
        if len(rest) * len(free) <= _MOST_PAIRS:
            renamed |= _alike(rest, free)
    return renamed


def _same_content(gone: list[Object], added: list[Object]) -> dict[Object, Object]:
    there: dict[str, list[Object]] = defaultdict(list)
    for found in added:
        there[canonical(_content(found))].append(found)
    renamed = {}
    for found in gone:
        same = there[canonical(_content(found))]
        if same:
            renamed[found] = same.pop(0)
    return renamed


def _alike(gone: list[Object], added: list[Object]) -> dict[Object, Object]:
    old = [(found, set(_leaves(_content(found)))) for found in gone]
    new = [(found, set(_leaves(_content(found)))) for found in added]
    ranked = sorted(
        (
            (_likeness(left, right), i, j)
            for i, (_, left) in enumerate(old)
            for j, (_, right) in enumerate(new)
        ),
        key=lambda entry: (-entry[0], entry[1], entry[2]),
    )
    renamed: dict[Object, Object] = {}
    taken: set[int] = set()
    for likeness, i, j in ranked:
        if likeness >= ALIKE and old[i][0] not in renamed and j not in taken:
            renamed[old[i][0]] = new[j][0]
            taken.add(j)
    return renamed


def _likeness(left: set[str], right: set[str]) -> float:
    return 2 * len(left & right) / (len(left) + len(right)) if left or right else 0.0


def _content(found: Object) -> dict[str, Any]:
    """Return the content of an object without its identity and metadata, but with its labels."""
    content = {
        name: value for name, value in found.data.items() if name not in ("apiVersion", "kind", "metadata")
    }
    labels = found.metadata.get("labels")
    return {**content, "labels": labels} if labels else content


def _leaves(value: Any, at: str = "") -> Iterator[str]:
    if isinstance(value, dict) and value:
        for name, child in value.items():
            yield from _leaves(child, f"{at}/{name}")
    elif isinstance(value, list) and value:
        for item in value:
            yield from _leaves(item, f"{at}[]")
    elif isinstance(value, str) and "\n" in value:
        yield from (f"{at}={line}" for line in value.splitlines())
    else:
        yield f"{at}={value!r}"
