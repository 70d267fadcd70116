"""`generator check`: checks existing files, explains what is wrong, and makes safe fixes."""

from generator.check.report import check_files
from generator.check.results import CheckReport

__all__ = ["CheckReport", "check_files"]
