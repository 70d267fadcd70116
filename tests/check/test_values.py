"""Values files: the release they are checked against, and warnings beside errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from generator.check import CheckReport, check_files
from generator.cli.main import cli

OF_1_15 = """\
cloudCore:
  image: {repository: kubeedge/cloudcore, tag: v1.15.0}
  modules:
    cloudHub: {advertiseAddress: ["192.0.2.10"]}
    nodeUpgradeJobController: {enable: true}
"""
# The values of upstream's edgemesh chart, with its published PSK.
MESH = """\
agent:
  psk: JugH9HP1XBouyO5pWGeZa8LtipDURrf17EJvUHcJGuQ=
  modules: {edgeProxy: {enable: true}, edgeTunnel: {enable: true}}
spiderpool: {coordinator: {enabled: false}}
"""


def report_of(folder: Path, text: str, **options: Any) -> CheckReport:
    file = folder / "values.yaml"
    file.write_text(text, "utf-8")
    return check_files([str(file)], **options)


def problems(report: CheckReport) -> list[str]:
    return [f"{one.key}: {one.what}" for one in report.findings if one.level == "error"]


def test_values_are_checked_against_the_release_of_their_image(tmp_path: Path) -> None:
    report = report_of(tmp_path, OF_1_15)
    assert problems(report) == []
    assert (report.kubeedge.minor, report.assumed) == ("1.15", False)


@pytest.mark.parametrize("version", ["v1.18.3", "1.23"])
def test_the_option_wins_over_the_image(tmp_path: Path, version: str) -> None:
    (found,) = problems(report_of(tmp_path, OF_1_15, kubeedge=version))
    assert found.startswith("cloudCore.modules.nodeUpgradeJobController: not read by KubeEdge 1.")


def test_the_option_wins_over_the_version_of_a_site(tmp_path: Path) -> None:
    site = "kubeedgeVersion: v1.18.3\n" + OF_1_15.replace(", tag: v1.15.0", "")
    assert problems(report_of(tmp_path, site, kubeedge="1.15")) == []
    assert len(problems(report_of(tmp_path, site))) == 1


def test_an_unknown_version_of_a_site_is_reported(tmp_path: Path) -> None:
    (found,) = problems(report_of(tmp_path, "kubeedgeVersion: v1.99.0\nprofile: plain\n"))
    assert found.startswith("kubeedgeVersion: unknown release KubeEdge v1.99.0")


def test_the_report_names_the_edgemesh_version_of_a_site(tmp_path: Path) -> None:
    report = report_of(tmp_path, "edgemeshVersion: v1.14.0\nprofile: plain\n")
    assert str(report.edgemesh) == "EdgeMesh 1.14"
    assert str(report_of(tmp_path, "profile: plain\n").edgemesh) == "EdgeMesh 1.17"


# --- warnings beside errors --------------------------------------------------------------------


def test_a_warning_is_reported_beside_an_error(tmp_path: Path) -> None:
    found = report_of(tmp_path, MESH.replace("edgeTunnel:", "edgeTunel:")).findings
    places = [(one.level, one.key) for one in found]
    assert places == [("warning", "agent.psk"), ("error", "agent.modules.edgeTunel")]


def test_render_reports_a_warning_beside_an_error(tmp_path: Path) -> None:
    file = tmp_path / "values.yaml"
    file.write_text(MESH, "utf-8")
    done = CliRunner().invoke(cli, ["render", "-f", str(file), "-o", str(tmp_path / "out")])
    assert done.exit_code == 1
    assert f"warning: {file}:2: agent.psk: is the PSK published in the upstream chart" in done.stderr
    assert f"{file}:4: spiderpool: " in done.stderr
    assert done.stderr.endswith("1 problem; nothing was written.\n")


# --- objects that upstream's charts create -------------------------------------------------------

STREAM = "cloudCore: {modules: {cloudHub: {advertiseAddress: [192.0.2.10]}, cloudStream: {enable: true}}}\n"


def test_upstreams_values_need_no_stream_certificate(tmp_path: Path) -> None:
    report = report_of(tmp_path, f'appVersion: "1.18.3"\n{STREAM}')
    assert problems(report) == []
    assert not [one for one in report.findings if "stream" in one.code]


def test_values_that_fit_both_charts_warn_about_the_stream_certificate(tmp_path: Path) -> None:
    (found,) = report_of(tmp_path, STREAM).findings
    assert (found.level, found.code) == ("warning", "stream-certificate-upstream-only")
    assert found.what == (
        "this project's chart creates no stream certificate, the upstream chart does; cloudcore exits"
        " without one"
    )
    assert found.fix == "for this project's chart, set cloudCore.streamCertificate, or remove this key"


def test_a_site_needs_a_stream_certificate(tmp_path: Path) -> None:
    (found,) = problems(report_of(tmp_path, f"profile: plain\n{STREAM}"))
    assert "cloudStream has no certificate; cloudcore exits" in found


# --- upstream's own values ---------------------------------------------------------------------

CORPUS = Path(__file__).parent / "corpus"
UPSTREAM = sorted(path.name for path in CORPUS.glob("upstream-*-1.*"))


@pytest.mark.parametrize("case", UPSTREAM)
def test_upstreams_own_values_are_no_error(case: str) -> None:
    version = case.rpartition("-")[2]
    kubeedge = version if "cloudcore" in case else None
    report = check_files([str(CORPUS / case / "values.yaml")], kubeedge=kubeedge)
    assert problems(report) == []


@pytest.mark.parametrize("case", [name for name in UPSTREAM if "edgemesh" in name])
def test_the_published_psk_is_the_only_finding_in_upstreams_edgemesh_values(case: str) -> None:
    report = check_files([str(CORPUS / case / "values.yaml")])
    assert [(one.level, one.key) for one in report.findings] == [("warning", "agent.psk")]


def test_upstreams_edgecni_is_a_warning(tmp_path: Path) -> None:
    text = "agent: {modules: {edgeCNI: {enable: true}}}\nspiderpool: {sriov: {install: false}}\n"
    (found,) = report_of(tmp_path, text).findings
    assert (found.level, found.key) == ("warning", "agent.modules.edgeCNI.enable")
    assert (
        found.what == "this project's chart does not contain edgeCNI and spiderpool; the upstream chart does"
    )


def test_keys_without_effect_are_findings_in_a_site(tmp_path: Path) -> None:
    text = "profile: plain\nappVersion: 1.23.0\nglobal: {}\nspiderpool: {sriov: {install: false}}\n"
    found = {(one.level, one.key) for one in report_of(tmp_path, text).findings}
    assert found >= {("warning", "appVersion"), ("error", "global"), ("error", "spiderpool")}


@pytest.mark.parametrize(("name", "found"), [("edge-1", 1), ("edge-2", 0)])
def test_a_node_name_used_in_two_node_groups_of_a_site_is_found(
    name: str, found: int, tmp_path: Path
) -> None:
    site = (
        "profile: mtls\nedgeCore:\n  nodeGroups:\n"
        "    line-a: {modules: {edged: {hostnameOverride: edge-1}}}\n"
        f"    line-b: {{modules: {{edged: {{hostnameOverride: {name}}}}}}}\n"
    )
    report = report_of(tmp_path, site)
    names = [one for one in report.findings if one.code == "node-name-twice"]
    assert [(one.level, one.line) for one in names] == [("error", 5)] * found
