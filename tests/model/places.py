"""The place of each program's config in the values, for the tests of the model."""

from __future__ import annotations

from typing import Any

from generator import paths
from generator.components import SECTIONS
from generator.render.site import Rendering

COMPONENTS = {section: row.name for section, row in SECTIONS.items()}
CHARTS = {section: row.chart for section, row in SECTIONS.items()}


def field_of(key: str) -> tuple[str, str]:
    """Split a key of the values into its component and the path in that program's file."""
    top, _, rest = key.partition(".")
    return COMPONENTS[top], rest


def in_config(rendering: Rendering, key: str) -> Any:
    """Return the value in the rendered config of a program for a key of the values."""
    component, path = field_of(key)
    config = next(config for config in rendering.configs if config.component == component)
    return paths.first(config.data, path)
