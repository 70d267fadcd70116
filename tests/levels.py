"""The two levels of tests: `make test` leaves out some tests, `make test-all` runs every test.

A test is left out by a marker of LEFT_OUT. `mark` adds the markers from parameters, fixtures and folders, and
`random` from Hypothesis; `long` is always written in the test. `program` is the only way to the programs in
.tools/bin. It fails in a test without the marker, so no test of `make test` can need a program by mistake.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helm.binaries import BINARIES

TOOLS = Path(__file__).resolve().parents[1] / ".tools" / "bin"

# The file with the CRDs of Argo CD, Flux and External Secrets.
CRDS = "gitops-crds"

# Each marker with the end of "make test left out 3 tests that ...".
LEFT_OUT = {
    "helm": "need a helm binary",
    "loaders": "need the Go code of KubeEdge",
    "crds": "need the CRDs of Argo CD and Flux",
    "nodes": "run the scripts of edge nodes",
    "browser": "need Chromium",
    "random": "try random input",
    "long": "take long",
}
# The folders in which every test has a marker. The scripts of edge nodes need busybox, curl and wget.
FOLDERS = {"second_opinion": "loaders", "node": "nodes"}
# A parameter with one of these values marks the test.
VALUES = dict.fromkeys(BINARIES, "helm")
# A fixture with one of these names marks the test.
FIXTURES = {"helm": "helm"}

# The markers of the test that runs.
_running: set[str] = set()


def program(name: str) -> str:
    """Return the path of a program in .tools/bin; fail if it is missing or the test lacks the marker.

    Modules cannot call this at import, because no test runs then.
    """
    path = TOOLS / name
    assert os.access(path, os.X_OK), f"{path} is missing; run `make tools opinions`"
    wanted = "loaders" if name.startswith("opinion-") else "crds" if name == CRDS else "helm"
    assert wanted in _running, f"this test starts {name}: give it @pytest.mark.{wanted}"
    return str(path)


def start(item: pytest.Item | None) -> None:
    """Remember the markers of the test that starts; None is the end of a test."""
    global _running
    _running = set() if item is None else {mark.name for mark in item.iter_markers()}


def mark(item: pytest.Item) -> None:
    """Add the markers of the programs that a test needs."""
    for name in {*_found(item)}:
        item.add_marker(name)


def _found(item: pytest.Item) -> Iterator[str]:
    if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
        yield "random"
    parts = item.nodeid.split("::")[0].split("/")
    yield from (marker for folder, marker in FOLDERS.items() if folder in parts)
    call = getattr(item, "callspec", None)
    values = [value for value in call.params.values() if isinstance(value, str)] if call else []
    yield from (VALUES[value] for value in values if value in VALUES)
    yield from (FIXTURES[name] for name in getattr(item, "fixturenames", ()) if name in FIXTURES)


def reason(item: pytest.Item) -> str | None:
    """Return the marker because of which `make test` leaves a test out, None if it runs the test."""
    markers = {mark.name for mark in item.iter_markers()}
    return next((name for name in LEFT_OUT if name in markers), None)


def summary(left_out: dict[str, int]) -> str:
    """Return the last line of `make test`."""
    parts = [f"{left_out[name]} {text}" for name, text in LEFT_OUT.items() if name in left_out]
    total = sum(left_out.values())
    return f"make test left out {total} tests: {', '.join(parts)}. make test-all runs them too."
