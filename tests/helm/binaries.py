"""The Helm binaries for the tests, built by tools/helm.sh, oldest first."""

from __future__ import annotations

import re
from pathlib import Path

_SCRIPT = (Path(__file__).parents[2] / "tools/helm.sh").read_text("utf-8")
_ROWS = re.findall(r"^(\d+)\.(\d+) +\1\.\2\.\d+ ", _SCRIPT, re.MULTILINE)
# Each by its name in .tools/bin, with its major and minor version.
BINARIES = {f"helm-{major}.{minor}": (int(major), int(minor)) for major, minor in _ROWS}
