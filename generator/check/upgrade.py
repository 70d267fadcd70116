"""What an upgrade to another release changes for given files: keys, defaults, definitions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generator.check.sources import Source
from generator.model import paths
from generator.upstream import KUBEEDGE, Release, config_fields, custom_resources
from generator.upstream.moves import moved_to


@dataclass(frozen=True)
class Step:
    """One thing that an upgrade changes: move, drop, default, or definition."""

    action: str
    file: str
    line: int
    key: str
    what: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " if self.file else ""
        return f"{where}{self.action} {self.key}: {self.what}"

    def as_dict(self) -> dict[str, Any]:
        """Return the step as plain data."""
        return {
            "action": self.action,
            "file": self.file,
            "line": self.line,
            "key": self.key,
            "message": self.what,
        }


def upgrade_steps(source: Source, old: Release, new: Release) -> Iterator[Step]:
    """Yield what a config file needs when its program goes from one release to another."""
    before, after = config_fields(source.kind, old), config_fields(source.kind, new)
    for path in _leaves(source.value):
        key = ".".join(map(str, path))
        if before.below(key) is None or after.below(key) is not None:
            continue
        move = moved_to(source.kind, new, key)
        if move:
            yield Step(
                "move", source.file, source.line(path), key, f"to {move.new}, read there from {move.since} on"
            )
        else:
            yield Step("drop", source.file, source.line(path), key, f"{new} does not read it any more")
    given = {".".join(map(str, path)) for path in _leaves(source.value)}
    for key, field in after.walk():
        old_field = before.below(key) if "[]" not in key and ".*" not in key else None
        if (
            old_field is None
            or field.fields
            or key in given
            or field.host
            or key in ("apiVersion", "edgecoreVersion")
        ):
            continue
        if field.default != old_field.default:
            change = f"from {_shown(old_field.default)} to {_shown(field.default)}"
            what = f"its default changes {change}; set it to keep the old"
            yield Step("default", source.file, source.line(()), key, what)
    api = after.fields["apiVersion"].default
    if source.value.get("apiVersion") not in (None, api):
        yield Step("set", source.file, source.line(("apiVersion",)), "apiVersion", f"to {api}")


def definition_steps(old: Release, new: Release) -> Iterator[Step]:
    """Yield the custom resource definitions to apply: Helm upgrades none that lie in crds/."""
    if new.program != KUBEEDGE:
        return
    for name, spans in sorted(custom_resources().items()):
        before = next((span for span in spans if old.within(span)), None)
        after = next((span for span in spans if new.within(span)), None)
        if after and after != before:
            versions = ", ".join(v["name"] + (" (stored)" if v["storage"] else "") for v in after["versions"])
            yield Step("apply", "", 0, name, f"{'new' if before is None else 'changed'}: {versions}")


def _leaves(value: Any, at: paths.Path = ()) -> Iterator[paths.Path]:
    if isinstance(value, dict) and value:
        for name, child in value.items():
            yield from _leaves(child, (*at, name))
    else:
        yield at


def _shown(value: Any) -> str:
    return "unset" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
