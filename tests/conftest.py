"""Options of the test run."""

from __future__ import annotations

import pytest
from hypothesis import settings

# The same examples every time: a run that fails must fail again. A busy machine is no failure.
settings.register_profile("project", deadline=None, derandomize=True)
settings.load_profile("project")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-golden", action="store_true", help="write the golden files instead of comparing"
    )
