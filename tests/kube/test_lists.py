"""Lists with natural keys: from Kubernetes' OpenAPI data, and others added by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from generator.kube.compare import compare
from generator.kube.equality import item_name, keys_of

ROOT = Path(__file__).parent.parent.parent


def test_the_table_is_that_of_the_installed_openapi_data() -> None:
    command = [sys.executable, "tools/kubernetes_lists.py", "--check"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "item", "expected"),
    [
        ("volumeMounts", {"name": "a", "mountPath": "/a"}, "/a"),
        ("schedulingGates", {"name": "gate"}, "gate"),
        ("topologySpreadConstraints", {"topologyKey": "zone", "whenUnsatisfiable": "X"}, "zone/X"),
        ("ports", {"containerPort": 80, "protocol": "UDP"}, "80"),
        ("relayNodes", {"nodeName": "relay-1"}, "relay-1"),
    ],
)
def test_items_are_named_by_their_natural_key(name: str, item: dict[str, object], expected: str) -> None:
    fields = keys_of(name, [item])
    assert fields is not None
    assert item_name(item, fields) == expected


def test_a_key_shared_by_two_items_is_not_used() -> None:
    assert keys_of("volumes", [{"name": "a"}, {"name": "a"}]) is None


def test_the_order_of_keyed_items_is_no_change() -> None:
    gates = [{"name": "a"}, {"name": "b"}]
    old, new = ({"spec": {"schedulingGates": items}} for items in (gates, gates[::-1]))
    assert [change for change in compare(old, new, "Pod") if change.behaviour] == []
