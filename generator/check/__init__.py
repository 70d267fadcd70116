"""`generator check`: checks existing files, explains what is wrong, and makes safe fixes.

From Python: `from generator.check import check_files`. `generator diff` uses single modules of this package.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.check.report import check_files
    from generator.check.results import CheckReport

__all__ = ["CheckReport", "check_files"]

_HOME = {"CheckReport": "generator.check.results", "check_files": "generator.check.report"}


def __getattr__(name: str) -> Any:
    """Import the check of files on first use: it imports the whole package."""
    if name not in _HOME:
        raise AttributeError(f"module 'generator.check' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
