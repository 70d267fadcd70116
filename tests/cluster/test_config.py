"""Configs in the cluster equal the output of `generator render`, with every way to install."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyhelm3 import Client

from generator.helm.binary import Binary
from tests.charts.conftest import ROOT
from tests.cluster.api import Api
from tests.cluster.documents import shell
from tests.cluster.helm import Helm
from tests.cluster.leftovers import Leftovers
from tests.cluster.sites import CHARTS, PROFILES, site

GENERATOR = ROOT / ".venv/bin/generator"
RELEASES = ("v1.16.6", "v1.23.1")


def printed(site_file: Path, *flags: str) -> list[dict[str, Any]]:
    """Return the documents that `generator render` prints for a site."""
    done = subprocess.run(
        [str(GENERATOR), "render", *flags, "-f", str(site_file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [found for found in yaml.safe_load_all(done.stdout) if found]


def configs(documents: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """Return the data of every ConfigMap by name."""
    return {found["metadata"]["name"]: found["data"] for found in documents if found["kind"] == "ConfigMap"}


def in_cluster(api: Api, names: set[str]) -> dict[str, dict[str, str]]:
    """Return the data of those ConfigMaps in the cluster."""
    found = {one["metadata"]["name"]: one["data"] for one in api.all("v1", "ConfigMap", "kubeedge")}
    return {name: found[name] for name in names if name in found}


@pytest.mark.parametrize("version", RELEASES)
@pytest.mark.parametrize("profile", PROFILES)
def test_installed_by_helm(
    kube_config: str, home: Path, api: Api, leftovers: Leftovers, tmp_path: Path, profile: str, version: str
) -> None:
    assert leftovers.now() == set()
    values = site(profile, kubeedgeVersion=version, crds={"enable": False})
    (tmp_path / "site.yaml").write_text(yaml.safe_dump(values), "utf-8")
    expected = configs(printed(tmp_path / "site.yaml"))
    assert {"cloudcore", "edgemesh-agent-cfg", "edgemesh-gateway-cfg"} < expected.keys()
    helm = Helm("helm-4.3", kube_config, home)
    for chart in CHARTS:
        helm.install(chart, values=values)
    assert in_cluster(api, set(expected)) == expected


def test_applied_with_kubectl(
    kube_config: str, home: Path, api: Api, leftovers: Leftovers, tmp_path: Path
) -> None:
    assert leftovers.now() == set()
    values = site("mtls", crds={"enable": False})
    (tmp_path / "site.yaml").write_text(yaml.safe_dump(values), "utf-8")
    # The namespace exists, and kubectl did not apply it.
    command = f"{GENERATOR} render -f site.yaml --without-namespace | kubectl apply -f -"
    done = shell(command, kube_config, home, folder=tmp_path)
    # kubectl prints what the server warns of.
    assert "Warning" not in done.err
    expected = configs(printed(tmp_path / "site.yaml"))
    assert in_cluster(api, set(expected)) == expected


def test_installed_with_pyhelm3(kube_config: str, api: Api, leftovers: Leftovers, helm: Helm) -> None:
    assert leftovers.now() == set()

    async def install() -> str:
        client = Client(executable=str(helm.path), kubeconfig=Path(kube_config))
        for chart in CHARTS:
            found = await client.get_chart(ROOT / "charts" / chart)
            await client.install_or_upgrade_release(chart, found, site("mtls"), namespace="kubeedge")
        first = await client.get_current_revision("edgemesh", namespace="kubeedge")
        return str(first.status.value)

    assert asyncio.run(install()) == "deployed"
    rendered = [
        document.data
        for chart in CHARTS
        for document in Binary(str(helm.path)).render(
            chart, site("mtls"), release=chart, namespace="kubeedge"
        )
    ]
    expected = configs(rendered)
    assert in_cluster(api, set(expected)) == expected
    assert helm.releases() == [("kubeedge", chart, "deployed") for chart in CHARTS]
