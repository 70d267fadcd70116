"""The command, run in this process in an empty folder."""

from tests.cli.conftest import run

__all__ = ["run"]
