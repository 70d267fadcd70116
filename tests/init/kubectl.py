"""A kubectl that prints the objects of a cluster that does not exist."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from generator.io import yaml_reader
from generator.load import load_site
from generator.render.site import render_site

ROOT = Path(__file__).parents[2]
KINDS = ("Deployment", "DaemonSet", "Service", "ConfigMap")
SCRIPT = """#!/bin/sh
case "$*" in
*--filename*) cat >/dev/null; cat {folder}/by-name ;;
*"get deployments,daemonsets,services,configmaps --namespace"*) cat {folder}/of-namespace ;;
*) echo "unexpected: $*" >&2; exit 1 ;;
esac
"""


class Cluster:
    """The objects that kubectl prints, and the script that prints them."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Create the script and let the generator use it."""
        self._folder = folder
        script = folder / "kubectl"
        script.write_text(SCRIPT.format(folder=folder))
        script.chmod(0o755)
        monkeypatch.setenv("KUBECTL", str(script))

    def has(self, objects: Iterable[dict[str, Any]]) -> None:
        """Let the cluster have objects, and what Kubernetes itself creates."""
        found = [_live(one) for one in objects]
        root = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "kube-root-ca.crt"}}
        self._write("of-namespace", [one for one in [*found, root] if one["kind"] in KINDS])
        self._write("by-name", [one for one in found if one["metadata"]["name"] == "cloudcore-edge-apis"])

    def has_site(self, name: str, profile: str) -> None:
        """Let the cluster have what the charts render for a values file."""
        rendering = render_site(load_site([str(ROOT / name)], profile=profile))
        documents = yaml_reader.read_all(rendering.manifests, "manifests")
        self.has(document.value for document in documents if document.value)

    def _write(self, name: str, items: list[dict[str, Any]]) -> None:
        listed = {"apiVersion": "v1", "kind": "List", "items": items}
        (self._folder / name).write_text(json.dumps(listed) if items else "")


def _live(found: dict[str, Any]) -> dict[str, Any]:
    """Return an object with the fields that the API server adds."""
    added = {"uid": "0", "resourceVersion": "1", "managedFields": [{"manager": "helm"}]}
    return {**found, "metadata": {**found["metadata"], **added}, "status": {}}
