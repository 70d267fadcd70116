"""`generator check`: existing files, judged, explained, and brought right where that is safe."""

from generator.check.report import Report, check_files

__all__ = ["Report", "check_files"]
