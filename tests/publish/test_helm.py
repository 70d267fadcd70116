"""Helm accepts the archives: as files, from a Helm repository, and from an OCI registry."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.components import CHARTS
from tests.helm.binaries import BINARIES
from tests.publish.registry import Registry, helm, web_server

ENDS = ("helm-3.10", "helm-4.3")
VALUES = (
    "--namespace=kubeedge",
    "--set=profile=one-way-verified",
    "--set=cloudCore.modules.cloudHub.advertiseAddress[0]=192.0.2.10",
)


@pytest.mark.parametrize("binary", BINARIES)
@pytest.mark.parametrize("chart", CHARTS)
def test_an_archive_gives_the_documents_of_the_folder(
    exported: Path, chart: str, binary: str, tmp_path: Path
) -> None:
    archive, folder = f"./{chart}-0.1.0.tgz", f"{exported}/folder/{chart}"
    found = helm(binary, tmp_path, "template", chart, archive, *VALUES, folder=exported / "tgz")
    assert found.count("\nkind: ") > 0
    assert found == helm(binary, tmp_path, "template", chart, folder, *VALUES)


@pytest.mark.parametrize("binary", ENDS)
@pytest.mark.parametrize("chart", CHARTS)
def test_helm_lints_and_shows_an_archive(exported: Path, chart: str, binary: str, tmp_path: Path) -> None:
    archive = str(exported / f"tgz/{chart}-0.1.0.tgz")
    assert "0 chart(s) failed" in helm(binary, tmp_path, "lint", "--strict", archive)
    values = (exported / f"folder/{chart}/values.yaml").read_text("utf-8")
    assert helm(binary, tmp_path, "show", "values", archive).rstrip("\n") == values.rstrip("\n")


@pytest.mark.parametrize("binary", ENDS)
def test_the_folder_is_a_helm_repository(exported: Path, binary: str, tmp_path: Path) -> None:
    with web_server(exported / "tgz") as address:
        helm(binary, tmp_path, "repo", "add", "ours", address)
        for chart in CHARTS:
            helm(binary, tmp_path, "pull", f"ours/{chart}", "--version", "0.1.0")
            pulled = (tmp_path / f"{chart}-0.1.0.tgz").read_bytes()
            assert pulled == (exported / f"tgz/{chart}-0.1.0.tgz").read_bytes()


@pytest.mark.parametrize("binary", BINARIES)
def test_an_oci_registry_keeps_the_bytes(exported: Path, oci: Registry, binary: str, tmp_path: Path) -> None:
    for chart in CHARTS:
        archive = exported / f"tgz/{chart}-0.1.0.tgz"
        address = f"oci://{oci.address}/kubeedge"
        helm(binary, tmp_path, "push", str(archive), address, *oci.flags(binary))
        helm(binary, tmp_path, "pull", f"{address}/{chart}", "--version", "0.1.0", *oci.flags(binary))
        assert (tmp_path / archive.name).read_bytes() == archive.read_bytes()
