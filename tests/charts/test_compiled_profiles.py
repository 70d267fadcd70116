"""The tables of the profiles in the charts: constants, entries, and the entries that are left out.

`test_matrix.py` renders them; here are the cases that no profile has today.
"""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from generator.chart_files import profiles
from generator.components import CHARTS
from generator.model.profiles import PROFILES, UNSET, profile, stream_entries

KEY = "edgeCore.modules.edgeHub.heartbeat"
OLD = {"to": "1.16"}
FILLED = {"value": "{metaServer.address}:{metaServer.port}"}
PART = {"value": "{metaServer.address}"}


@pytest.mark.parametrize(
    ("entries", "always", "values"),
    [
        ([{"value": 1}], 1, []),
        ([{"value": 1}, {"value": False}], False, []),
        # A later entry for some releases leaves the earlier one to the others.
        ([{"value": 1}, {"value": 2, "kubeedge": OLD}], None, [1, 2]),
        ([{"value": 1, "kubeedge": OLD}, {"value": 2}], 2, []),
        # A later entry whose reference is empty leaves the earlier one.
        ([{"value": 1}, FILLED], None, [1, FILLED["value"]]),
        ([FILLED, PART], None, [PART["value"]]),
        ([PART, FILLED], None, [PART["value"], FILLED["value"]]),
        ([FILLED, {"value": 1}], 1, []),
    ],
)
def test_entries_of_one_key(entries: list[dict[str, Any]], always: Any, values: list[Any]) -> None:
    table = profiles._table("edgecore", [{"key": KEY, **entry} for entry in entries])
    hub = {"edgeCore": {"modules": {"edgeHub": {"heartbeat": always}}}}
    assert table["set"] == ({} if always is None else hub)
    assert [entry["value"] for entry in table["entries"]] == values


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{a.b}", {"of": [{"mark": "{a.b}", "path": ["a", "b"]}], "whole": True}),
        ("{host:a.b}", {"of": [{"mark": "{host:a.b}", "path": ["a", "b"], "host": True}]}),
        ("{a.0}:1", {"of": [{"mark": "{a.0}", "path": ["a", 0.0]}]}),
        ("text", {}),
    ],
)
def test_references_are_paths(value: str, expected: dict[str, Any]) -> None:
    assert profiles._value(value) == {"value": value, **expected}
    listed = {"list": True} if expected else {}
    assert profiles._value([value]) == {"value": value if expected else [value], **expected, **listed}


def test_a_chart_has_the_entries_that_it_reads() -> None:
    entries = [{"key": "agent.enable", "value": True}, {"key": "cloudCore.replicaCount", "value": 2}]
    found = {chart: [*profiles._table(chart, entries)["set"]] for chart in CHARTS}
    assert found == {"cloudcore": ["cloudCore"], "edgecore": ["agent"], "edgemesh": ["agent"]}


def test_no_key_is_a_part_of_another() -> None:
    # So the order of different keys does not matter.
    entries = [entry for name in (UNSET, *PROFILES) for entry in profile(name).entries]
    entries += [entry for found in stream_entries().values() for entry in found]
    keys = {entry["key"] for entry in entries}
    assert [(one, two) for one, two in permutations(keys, 2) if one.startswith(f"{two}.")] == []
