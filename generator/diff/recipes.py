"""How a side is rendered. `renderings` renders it; this module imports neither Helm nor the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator import locations
from generator.components import CHARTS, NAMESPACE


# Compared by identity: `renderings` keeps the values of a recipe.
@dataclass(frozen=True, eq=False)
class Recipe:
    """Everything that a rendering depends on. `flags` maps set, set_string, set_file, set_json to their uses.

    `checked`: validate the values with the model, as `generator render` does. Charts of another commit have
    another model and validate their values themselves.
    """

    label: str
    files: tuple[str, ...] = ()
    flags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    profile: str | None = None
    charts: tuple[str, ...] = CHARTS
    folder: Path = locations.CHARTS
    checked: bool = True
    releases: Mapping[str, str] = field(default_factory=dict)
    namespace: str = NAMESPACE
    engine: str = "auto"
