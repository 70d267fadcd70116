"""The command `generator`. The only place that prints or chooses an exit code.

Commands import what they need when they run: `generator --help` loads Click and nothing else.
"""

import gc

# Almost everything is freed without the garbage collector, so let it run rarely, also during the imports.
gc.set_threshold(50_000, 20, 20)

from generator.cli.main import main  # noqa: E402

__all__ = ["main"]
