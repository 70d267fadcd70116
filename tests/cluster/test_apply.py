"""`generator render | kubectl apply -f -` on a cluster without the namespace and the CRDs of KubeEdge."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from generator import load_site, render_site
from generator.locations import ROOT
from tests.cluster.control_plane import ControlPlane
from tests.levels import program


@pytest.mark.helm
def test_the_stream_applies_twice_to_a_fresh_cluster(tmp_path: Path) -> None:
    site = load_site([str(ROOT / "values/examples/factory.yaml")], profile="mtls", set=["crds.istio=true"])
    stream = render_site(site, engine="embedded", with_namespace=True).manifests
    plane = ControlPlane(tmp_path)
    try:
        command = [program("kubectl"), "--kubeconfig", str(plane.kubeconfig), "apply", "--filename=-"]
        for actions in ({"created"}, {"configured", "unchanged"}):
            done = subprocess.run(command, input=stream, capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr) == (0, "")
            assert {line.rpartition(" ")[2] for line in done.stdout.splitlines()} <= actions
        assert done.stdout.startswith("namespace/kubeedge unchanged\n")
    finally:
        plane.stop()
