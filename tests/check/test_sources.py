"""The detected kind of a document, and the lines of its keys in the outer file."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.check import check_files
from generator.check.sources import KINDS, read_sources

RECOGNISED = {
    "kind: CloudCore": "cloudcore",
    "kind: EdgeCore": "edgecore",
    "kind: EdgeMeshAgent": "edgemesh-agent",
    "kind: EdgeMeshGateway": "edgemesh-gateway",
    "modules: {cloudHub: {nodeLimit: 5}}": "cloudcore",
    "modules: {edged: {enable: true}}": "edgecore",
    "modules: {edgeProxy: {enable: true}}": "edgemesh-agent",
    "modules: {edgeGateway: {enable: true}, edgeTunnel: {enable: true}}": "edgemesh-gateway",
    "featureGates: {requireAuthorization: true}": "cloudcore",
    "cloudCore: {hostNetWork: true}": "cloudcore-values",
    "mosquitto: {enable: false}": "cloudcore-values",
    "agent: {psk: x}": "edgemesh-values",
    "spiderpool: {}": "edgemesh-values",
    "nodeName: gw\nmodules: {edgeGateway: {enable: true}}": "gateway-values",
    "profile: mtls": "site",
    "cloudCore: {}\nagent: {}": "site",
    "edgeCore: {}": "site",
    "kind: Service\nmetadata: {name: x}": None,
    "some: thing": None,
}


@pytest.mark.parametrize(("text", "kind"), RECOGNISED.items())
def test_the_kind_of_a_document_is_detected(text: str, kind: str | None, tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    file.write_text(text + "\n", "utf-8")
    assert [source.kind for source in read_sources([str(file)]).sources] == ([kind] if kind else [])


@pytest.mark.parametrize("kind", KINDS)
def test_the_given_kind_overrides_the_detected_kind(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    file.write_text("some: thing\n", "utf-8")
    assert [source.kind for source in read_sources([str(file)], kind).sources] == [kind]


CONFIG = "# head\nmodules:\n  cloudHub:\n    nodeLimit: 5\n\n  dynamicControler:\n    enable: true\n"


HOLDER = "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cloudcore\ndata:\n  cloudcore.yaml: "


def embedded(style: str) -> str:
    """Return a ConfigMap that holds CONFIG in one of YAML's styles."""
    if style == '"':
        return HOLDER + '"' + CONFIG.replace("\n", "\\n") + '"\n'
    body = "".join(f"    {line}\n" if line else "\n" for line in CONFIG.splitlines())
    return f"{HOLDER}{style}\n{body}"


@pytest.mark.parametrize("style", ["|", "|-", "| # comment"])
def test_lines_inside_a_literal_block_are_those_of_the_file(style: str, tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    text = embedded(style)
    file.write_text(text, "utf-8")
    found = [f for f in check_files([str(file)]).findings if f.code == "unknown-key"]
    assert [finding.key for finding in found] == ["modules.dynamicControler"]
    assert text.splitlines()[found[0].line - 1].strip() == "dynamicControler:"


def test_text_in_quotes_has_the_line_of_its_key(tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    file.write_text(embedded('"'), "utf-8")
    found = [f for f in check_files([str(file)]).findings if f.code == "unknown-key"]
    assert [finding.line for finding in found] == [7]


def test_a_syntax_error_inside_a_config_map_has_its_line(tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    file.write_text(embedded("|").replace("nodeLimit: 5", "nodeLimit: [5"), "utf-8")
    problems = read_sources([str(file)]).unreadable
    assert [problem.where for problem in problems] == [f"{file}:13"]


def test_every_config_in_a_stream_and_a_list_is_read(tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    item = "\n".join(f"  {line}" for line in embedded("|").removeprefix("---\n").splitlines())
    file.write_text(f"{embedded('|')}---\nkind: List\nitems:\n- \n{item}\n", "utf-8")
    lines = file.read_text("utf-8").splitlines()
    found = [f for f in check_files([str(file)]).findings if f.code == "unknown-key"]
    assert len(found) == 2
    assert {lines[finding.line - 1].strip() for finding in found} == {"dynamicControler:"}


def test_the_output_of_helm_get_values_is_read(tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    file.write_text("USER-SUPPLIED VALUES:\nagent:\n  pks: x\n", "utf-8")
    found = check_files([str(file)]).findings
    assert [(finding.line, finding.key) for finding in found] == [(3, "agent.pks")]
