"""The values model as a tree of keys; values.yaml, schemas and README tables are generated from it."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from generator.model.common import ConfigSection


@dataclass(frozen=True)
class Key:
    """One key: its path, text and default, and the section below it, if any."""

    path: str
    name: str
    text: str
    default: Any
    unit: str = ""
    unset: str = ""
    example: Any = None
    section: type[BaseModel] | None = None

    @property
    def open(self) -> bool:
        """Return whether the section allows fields that are not documented."""
        return self.section is not None and issubclass(self.section, ConfigSection)

    def children(self) -> Iterator[Key]:
        """Yield the keys of the section below."""
        if self.section is not None:
            yield from keys(self.section, self.path)


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[Key]:
    """Yield the direct keys of a section in their order."""
    for name, info in model.model_fields.items():
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        below = _section(info)
        yield Key(
            path=f"{prefix}.{name}" if prefix else name,
            name=name,
            text=info.description or "",
            default=None if below else info.get_default(call_default_factory=True),
            unit=str(extra.get("unit", "")),
            unset=str(extra.get("unset", "")),
            example=extra.get("example", _placeholder(info)),
            section=below,
        )


def _placeholder(info: FieldInfo) -> Any:
    """Return an empty value of a field's type, to show for a key without default and example."""
    named = str(info.annotation)
    kinds: list[tuple[str, Any]] = [("bool", False), ("int", 0), ("list", []), ("dict", {})]
    return next((empty for kind, empty in kinds if kind in named), "")


def _section(info: FieldInfo) -> type[BaseModel] | None:
    kind = info.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def walk(model: type[BaseModel], prefix: str = "") -> Iterator[Key]:
    """Yield every key of a section and of those below it."""
    for child in keys(model, prefix):
        yield child
        if child.section:
            yield from walk(child.section, child.path)


def defaults(model: type[BaseModel]) -> dict[str, Any]:
    """Return the defaults of a section as in values.yaml, without unset keys."""
    found: dict[str, Any] = {}
    for child in keys(model):
        value = defaults(child.section) if child.section else child.default
        if value is not None and not (child.section and not value):
            found[child.name] = value
    return found


def item_section(info: FieldInfo) -> type[BaseModel] | None:
    """Return the section of a list's items or a map's values, if they are sections."""
    for argument in typing.get_args(info.annotation):
        if isinstance(argument, type) and issubclass(argument, BaseModel):
            return argument
    return None
