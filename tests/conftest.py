"""Options of the test run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests import codes, levels, schedule

# Use the same examples in every run, so that failures repeat. No deadline: a slow machine is no failure.
settings.register_profile("project", deadline=None, derandomize=True)
settings.load_profile("project")

EVERY_CODE = pytest.StashKey[set[str]]()
LEFT_OUT = pytest.StashKey[dict[str, int]]()
CLUSTER, EDGE = (Path(__file__).parent / name for name in ("cluster", "edge"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-golden", action="store_true", help="write the golden files instead of comparing"
    )
    parser.addoption(
        "--every-code",
        action="store_true",
        help="fail unless every code of generator/catalogue was produced by some input (whole runs only)",
    )
    parser.addoption(
        "--quick",
        action="store_true",
        help="leave out the tests that need programs which make builds, or take long (make test)",
    )
    parser.addoption("--left-out", action="store_true", help="run only the tests that --quick leaves out")
    parser.addoption(
        "--codes-file", type=Path, help="add the codes of this run to those of an earlier run (--every-code)"
    )
    parser.addoption(
        "--kube-config",
        help="kubeconfig of the cluster that tests/cluster uses (pytest-helm-charts: --kubeconfig)",
    )
    parser.addoption("--edge-release", help="run tests/edge for this KubeEdge release (python -m tests.edge)")
    parser.addoption("--edge-profile", help="run the tests of tests/edge that take a profile with this one")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out tests/cluster without `-p helm-charts`, and tests/edge without `--edge-release`.

    Both start a control plane. tests/cluster needs the fixtures of that plugin, tests/edge own namespaces.
    """
    if collection_path == CLUSTER and not config.pluginmanager.has_plugin("helm-charts"):
        return True
    return True if collection_path == EDGE and not config.getoption("--edge-release") else None


# --- the tests that `make test` leaves out (tests/levels.py) ---------------------------------


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        levels.mark(item)
    items.sort(key=schedule.rank)
    if not (config.getoption("--quick") or config.getoption("--left-out")):
        return
    reasons = [levels.reason(item) for item in items]
    config.stash[LEFT_OUT].update(Counter(reason for reason in reasons if reason))
    parts: dict[bool, list[pytest.Item]] = {True: [], False: []}
    for item, reason in zip(items, reasons, strict=True):
        parts[bool(reason) == config.getoption("--left-out")].append(item)
    config.hook.pytest_deselected(items=parts[False])
    items[:] = parts[True]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Let one process run all tests of a file, which share what they render; tests/cluster is spread."""
    return None if config.pluginmanager.has_plugin("helm-charts") else schedule.by_file(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    levels.start(item)
    result = yield
    levels.start(None)
    return result


# --- every code is produced (tests/codes.py) ------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    config.stash[EVERY_CODE] = set()
    config.stash[LEFT_OUT] = {}
    for name, text in levels.LEFT_OUT.items():
        config.addinivalue_line("markers", f"{name}: tests that {text} (tests/levels.py)")
    codes.record()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add the codes that a process of pytest-xdist recorded; every process leaves out the same tests."""
    output = getattr(node, "workeroutput", {})
    node.config.stash[EVERY_CODE].update(output.get("codes", ()))
    node.config.stash[LEFT_OUT].update(output.get("left out", {}))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["codes"] = sorted(codes.produced())
        output["left out"] = session.config.stash[LEFT_OUT]
    else:
        _end(session)
    yield
    # After the lines of pytest, so that this is the last line.
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and output is None and session.config.getoption("--quick"):
        reporter.write_line(levels.summary(session.config.stash[LEFT_OUT]))


def _end(session: pytest.Session) -> None:
    """Add the codes of this process, and of an earlier run; fail if one is missing."""
    found, file = session.config.stash[EVERY_CODE], session.config.getoption("--codes-file")
    found |= codes.produced()
    if file:
        found |= set(file.read_text("utf-8").split()) if file.exists() else set()
        file.write_text("\n".join(sorted(found)), "utf-8")
    if session.config.getoption("--every-code") and _lacking(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _lacking(config: pytest.Config) -> list[str]:
    return codes.missing(config.stash[EVERY_CODE])


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if config.getoption("--every-code"):
        for code in _lacking(config):
            terminalreporter.write_line(f"no test input produces the code {code}")
