"""Each cause that the cluster shows: the exact message and fix, as the most likely cause and the only one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import generator.doctor
from generator.doctor.diagnose import diagnose
from generator.doctor.report import as_json, as_text
from generator.errors import Problem
from tests.doctor import cloud_cases, edge_cases
from tests.doctor.cases import Case, Site
from tests.doctor.changes import away
from tests.doctor.clusters import NOW, SECRETS

pytestmark = pytest.mark.long

CASES = [*cloud_cases.CASES, *edge_cases.CASES]


# tests/doctor/test_probe.py has this one.
OTHERS = {"probe-not-run"}
_SAID = re.compile(r'say\(\s*"([a-z-]+)"')


def lines(one: Problem) -> str:
    """Return a finding as a line with the message and a line with the fix."""
    where = "".join(f"{part}: " for part in (one.where, one.key) if part)
    return f"{where}{one.what} [{one.code}]\nfix: {one.fix}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_cause_is_found(case: Case) -> None:
    cluster = case.site.install()
    case.change(cluster)
    report = diagnose(cluster, now=NOW)
    assert report.cause is not None
    assert lines(report.cause) == case.text
    others = {one.code for one in report.findings} - {report.cause.code}
    assert others == set(case.also)
    for text in (as_text(report), as_json(report)):
        assert not any(one in text for one in SECRETS)


@pytest.mark.parametrize(
    ("number", "last"),
    [
        (
            29,
            (
                "9 more nodes are not Ready: edge-21, edge-22, edge-23, edge-24, edge-25 and 4 more "
                "[node-not-ready]\n"
                "fix: on the node: sh doctor.sh, or systemctl status edgecore and journalctl --unit edgecore"
            ),
        ),
        (
            28,
            (
                "8 more nodes are not Ready: edge-21, edge-22, edge-23, edge-24, edge-25 and 3 more "
                "[some-nodes-not-ready]\n"
                "fix: generator doctor --node NAME checks one node; on the node: sh doctor.sh"
            ),
        ),
    ],
    ids=["all", "all-but-one"],
)
def test_nodes_after_the_first_20_are_reported_together(number: int, last: str) -> None:
    nodes = [f"edge-{n}" for n in range(1, 30)]
    cluster = Site(profile="plain", nodes=tuple(nodes)).install()
    away(cluster, *nodes[:number])
    *first, rest = diagnose(cluster, now=NOW).findings
    assert [one.where for one in first] == [f"node {name}" for name in nodes[:20]]
    assert {one.code for one in first} == {rest.code}
    assert lines(rest) == last


def test_every_code_has_a_case() -> None:
    modules = Path(generator.doctor.__file__).parent.glob("*.py")
    said = {code for path in modules for code in _SAID.findall(path.read_text("utf-8"))}
    found = {code for case in CASES for code in re.findall(r"\[([a-z-]+)\]\n", case.text)}
    assert said - found == OTHERS
