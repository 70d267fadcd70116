"""The order of the tests, and the distribution of files to the processes of pytest-xdist."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

# Files with few slow tests. They begin first, so that no process works alone at the end.
FIRST = (
    "ci/test_render_and_diff.py",
    "ci/test_pre_commit.py",
    "importer/test_round_trip.py",
    "charts/test_any_values.py",
    "charts/test_matrix.py",
    "fuzz/",
    "node/",
    "check/test_properties.py",
    "diff/test_properties.py",
    "test_stops.py",
    "test_tools.py",
    "render/test_scale.py",
)


def rank(item: pytest.Item) -> int:
    """Return 0 for a test of a slow file, 1 for the others."""
    return 0 if any(name in item.nodeid.split("::")[0] for name in FIRST) else 1


def by_file(config: pytest.Config, log: Any) -> Any:
    """Return a scheduler that gives whole files to the processes, in the order of collection."""
    config.option.loadscopereorder = False
    return LoadFileScheduling(config, log)
