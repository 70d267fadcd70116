"""A report as text, Markdown, HTML, JSON, annotations of GitHub, SARIF and JUnit: one module each."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from generator.diff.report import DiffReport

FORMATS = ("text", "markdown", "html", "json", "github", "sarif", "junit")
Writer = Callable[[DiffReport], str]


def writer(name: str) -> Writer:
    """Return what writes a report in a format."""
    if name not in FORMATS:
        raise KeyError(name)
    # json is the standard library's.
    module = import_module(f"generator.diff.formats.{'as_json' if name == 'json' else name}")
    found: Writer = module.write
    return found
