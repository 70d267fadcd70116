"""The command `generator`. The only place that prints or chooses an exit code.

Commands import what they need when they run: `generator --help` loads Click and nothing else.
"""

from generator.cli.main import main

__all__ = ["main"]
