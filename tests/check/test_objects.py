"""Kubernetes objects that belong to the configs: the PSK of EdgeMesh, and the certificates in pods."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator import go_yaml, paths
from generator.check import check_files
from tests.check.configs import MESH, SECURITY

KEY = "cLk1p0mM0ZxYb2nQm6aVd8f3r7sWq5tUe9hJ4gKxLzA="


def stream(*objects: dict[str, Any]) -> str:
    """Write objects as a stream."""
    return "---\n".join(go_yaml.dump(value) for value in objects)


def holder(kind: str, name: str, part: str, key: str) -> dict[str, Any]:
    """Return an object that contains the PSK of the network."""
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, part: {"psk": key}}


PUBLIC = "JugH9HP1XBouyO5pWGeZa8LtipDURrf17EJvUHcJGuQ="
KEYS: list[tuple[list[dict[str, Any]], list[str]]] = [
    ([holder("Secret", "a", "stringData", KEY)], []),
    ([holder("Secret", "a", "stringData", KEY), holder("Secret", "b", "stringData", KEY)], []),
    ([holder("ConfigMap", "a", "data", KEY)], ["psk-in-config-map"]),
    ([holder("Secret", "a", "stringData", "short")], ["psk-invalid"]),
    ([holder("Secret", "a", "stringData", PUBLIC)], ["public-psk"]),
    ([holder("Secret", "a", "stringData", KEY), holder("Secret", "b", "stringData", PUBLIC)],
     ["public-psk", "psk-objects-differ"]),
]  # fmt: skip


@pytest.mark.parametrize(("objects", "rules"), KEYS)
def test_psks_of_the_network_are_compared(
    objects: list[dict[str, Any]], rules: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "mesh.yaml"
    file.write_text(stream(*objects), "utf-8")
    report = check_files([str(file)])
    assert [finding.code for finding in report.findings] == rules
    assert KEY not in "".join(map(str, report.findings))


def pods(mount: str) -> dict[str, Any]:
    """Return the DaemonSet of the agent with one volume mount."""
    container = {
        "name": "agent",
        "image": "registry.example/kubeedge/edgemesh-agent:v1.17.0",
        "volumeMounts": [{"name": "x", "mountPath": mount}],
    }
    spec = {"template": {"spec": {"containers": [container]}}}
    return {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent"}, "spec": spec}


@pytest.mark.parametrize(
    ("mount", "key", "value", "rules"),
    [
        ("/etc/edgemesh/metaserver", SECURITY, True, []),
        ("/etc/edgemesh/metaserver/", SECURITY, True, []),
        ("/etc/edgemesh/config", SECURITY, True, ["certificates-not-mounted"]),
        ("/etc/edgemesh/config", SECURITY, False, []),
    ],
)
def test_the_agent_needs_its_certificates_mounted(
    mount: str, key: str, value: Any, rules: list[str], tmp_path: Path
) -> None:
    agent = go_yaml.load(go_yaml.dump(MESH))
    paths.put(agent, key, value)
    config = {
        "kind": "ConfigMap",
        "metadata": {"name": "cfg"},
        "data": {"edgemesh-agent.yaml": go_yaml.dump(agent)},
    }
    file = tmp_path / "mesh.yaml"
    file.write_text(stream(config, pods(mount)), "utf-8")
    assert [finding.code for finding in check_files([str(file)]).findings] == rules
