"""`generator check`: existing files, judged, explained, and brought right where that is safe."""

from generator.check.report import check_files
from generator.check.results import CheckReport

__all__ = ["CheckReport", "check_files"]
