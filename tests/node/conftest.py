"""The fake node, once with the programs of this machine and once with those of busybox."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.node.node import SHELLS, Node
from tests.node.pod import Pod


@pytest.fixture(params=SHELLS)
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Node:
    """Return a joined node with an edgecore.yaml, and another one that it should have."""
    return Node(tmp_path, request.param)


@pytest.fixture
def pod(node: Node) -> Pod:
    """Return a pod on a node with systemd."""
    return Pod(node)
