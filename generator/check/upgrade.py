"""What an upgrade to another release changes for config files: keys, types, defaults, behaviour, CRDs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generator import paths
from generator.catalogue.message import Message, say
from generator.check.findings import of_groups
from generator.check.sources import Source
from generator.components import KUBEEDGE, project_of
from generator.errors import Coded
from generator.upstream import Field, Release, config_fields
from generator.upstream.changes import changed_crds, changed_defaults, default_text, new_behaviour
from generator.upstream.check import fits, words_of
from generator.upstream.moves import Move, moved_to, uses


@dataclass(frozen=True)
class UpgradeStep(Coded):
    """One thing that an upgrade changes: move, drop, change, default, set, know (behaviour) or apply."""

    action: str
    file: str
    line: int
    key: str
    message: Message
    groups: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " if self.file else ""
        groups = of_groups(self.groups)
        return f"{where}{self.action} {self.key}: {self.sentence}{groups} [{self.code}]"

    def as_dict(self) -> dict[str, Any]:
        """Return the step as plain data."""
        return {
            "ruleId": self.code,
            "action": self.action,
            "file": self.file,
            "line": self.line,
            "key": self.key,
            "message": self.what,
            "fix": self.fix,
            "groups": list(self.groups),
        }


def _step(action: str, source: Source, path: paths.Path, key: str, message: Message) -> UpgradeStep:
    return UpgradeStep(action, source.file, source.line(path), key, message)


def upgrade_steps(source: Source, old: Release, new: Release) -> Iterator[UpgradeStep]:
    """Yield what a config file needs for an upgrade of KubeEdge from one release to another."""
    if project_of(source.kind) == KUBEEDGE:
        yield from field_steps(source, old, new)
    yield from behaviour_steps(source, old, new)


def field_steps(source: Source, old: Release, new: Release, prefix: str = "") -> Iterator[UpgradeStep]:
    """Yield the changes for the keys of a config, and for the defaults of keys that it does not set.

    `prefix` is the text before every key in the file, `cloudCore.` for example.
    """
    before, after = config_fields(source.kind, old), config_fields(source.kind, new)
    for path, move in lost_keys(source, old, new):
        key = ".".join(map(str, path))
        if move:
            message = say("upgrade-moves-key", to=f"{prefix}{move.new}", since=move.since)
            yield _step("move", source, path, key, message)
        else:
            yield _step("drop", source, path, key, say("upgrade-drops-key", release=str(new)))
    yield from _retyped(source, before, after, new)
    yield from _defaults(source, old, new)
    api = after.fields["apiVersion"].default
    if source.value.get("apiVersion") not in (None, api):
        message = say("upgrade-changes-api-version", to=api)
        yield _step("set", source, ("apiVersion",), "apiVersion", message)


def lost_keys(source: Source, old: Release, new: Release) -> Iterator[tuple[paths.Path, Move | None]]:
    """Yield the keys that the new release does not read, with their new places; a moved map is one key."""
    before, after = config_fields(source.kind, old), config_fields(source.kind, new)
    seen: set[paths.Path] = set()
    for leaf, _ in paths.leaves(source.value, empty=True):
        if before.below(".".join(map(str, leaf))) is None or uses(after, ".".join(map(str, leaf))):
            continue
        above = (leaf[:length] for length in range(1, len(leaf) + 1))
        moves = ((path, moved_to(source.kind, new, ".".join(map(str, path)))) for path in above)
        path, move = next(((path, move) for path, move in moves if move), (leaf, None))
        if path not in seen:
            seen.add(path)
            yield path, move


def _retyped(source: Source, before: Field, after: Field, new: Release) -> Iterator[UpgradeStep]:
    for path, _ in paths.leaves(source.value, empty=True):
        key, value = ".".join(map(str, path)), paths.at(source.value, path)
        old_field, field = before.below(key), after.below(key)
        if old_field and field and _takes(old_field, value) and not _takes(field, value):
            message = say("upgrade-changes-type", release=str(new), wanted=words_of(field))
            yield _step("change", source, path, key, message)


def _takes(field: Field, value: Any) -> bool:
    return any(fits(value, name) for name in (field.type, *field.also))


def _defaults(source: Source, old: Release, new: Release) -> Iterator[UpgradeStep]:
    given = {".".join(map(str, path)) for path, _ in paths.leaves(source.value, empty=True)}
    for key, before, after in changed_defaults(source.kind, old, new):
        if key not in given:
            message = say("upgrade-changes-default", old=default_text(before), new=default_text(after))
            yield _step("default", source, (), key, message)


def behaviour_steps(source: Source, old: Release, new: Release) -> Iterator[UpgradeStep]:
    """Yield what a program does differently with the same fields."""
    for one in new_behaviour(old, new):
        value = paths.first(source.value, one.key) if one.component == source.kind else None
        if value not in (None, False):
            yield _step("know", source, tuple(one.key.split(".")), one.key, say(one.code))


def crd_steps(old: Release, new: Release) -> Iterator[UpgradeStep]:
    """Yield the CRDs to apply: Helm does not upgrade those in the folder crds/."""
    for crd in changed_crds(old, new):
        versions = [f"{name} (stored)" if name == crd.stored else name for name in crd.versions]
        message = say("upgrade-changes-crd", "new" if crd.new else "", versions=versions)
        yield UpgradeStep("apply", "", 0, crd.name, message)
