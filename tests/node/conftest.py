"""The fake node, once with the programs of this machine and once with those of busybox."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.node.node import SHELLS, Node


@pytest.fixture(params=SHELLS)
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Node:
    """Return a joined node with an edgecore.yaml, and another one that it should have."""
    return Node(tmp_path, request.param)
