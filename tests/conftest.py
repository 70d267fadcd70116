"""Options of the test run."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples every time: a run that fails must fail again. A busy machine is no failure.
settings.register_profile("project", deadline=None, derandomize=True)
settings.load_profile("project")

CLUSTER = Path(__file__).parent / "cluster"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-golden", action="store_true", help="write the golden files instead of comparing"
    )
    parser.addoption(
        "--kube-config",
        help="kubeconfig of the cluster that tests/cluster uses (pytest-helm-charts: --kubeconfig)",
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave tests/cluster out unless `-p helm-charts` asks for it, as `make test-cluster` does.

    It starts a control plane, and needs the fixtures of that plugin.
    """
    asked = config.pluginmanager.has_plugin("helm-charts")
    return True if collection_path == CLUSTER and not asked else None
