"""Fields that keadm cannot set: in ConfigUpdateJobs, and in calls of keadm in scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.catalogue import area
from generator.check.findings import Finding
from generator.check.report import check_files
from generator.cli.main import cli

# A text of --set, and the code of its finding ("" for none).
SETTINGS = {
    "modules.metaManager.metaServer.enable=true": "",
    "modules.edgeStream.server=192.0.2.10:10004": "",
    "modules.edgeHub.heartbeat=20": "",
    "Modules.Edged.HostnameOverride=edge-1": "",
    "Modules.Edged.TailoredKubeletConfig.ClusterDNS[0]=169.254.96.16": "",
    "modules.edged.tailoredKubeletConfig.clusterDNS={169.254.96.16,10.0.0.10}": "",
    'modules.eventBus.mqttPassword="12345"': "",
    "modules.eventBus.mqttPassword=$PASSWORD": "",
    "featureGates={requireAuthorization:true}": "",
    "modules.edged.hostnameOverride=edge-1": "keadm-embedded-field",
    "modules.edged.nodeLabels={a:b}": "keadm-embedded-field",
    "modules.edged.tailoredKubeletConfig.runtimeRequestTimeout=30s": "",
    "modules.eventBus.mqttPassword=abc==": "keadm-equals-in-value",
    'modules.eventBus.mqttPassword="abc="': "keadm-equals-in-value",
    "modules.eventBus.mqttPassword=12345": "keadm-number-in-text",
    "modules.eventBus.mqttPassword=true": "keadm-number-in-text",
    "Modules.Edged.HostnameOverride=123": "keadm-number-in-text",
    "modules.metaManager.metaServer.apiAudiences={https://a.example.com}": "keadm-colon-in-list",
    "modules.edged.tailoredKubeletConfig.clusterDNS={fd00::10}": "keadm-colon-in-list",
    "modules.edged.tailoredKubeletConfig.clusterDNS[0]=169.254.96.16": "keadm-index",
    "featureGates.requireAuthorization=true": "keadm-key-inside-map",
    "modules.edged.tailoredKubeletConfig.featureGates.X=true": "keadm-key-inside-map",
    "featureGates={requireAuthorisation:true}": "unknown-gate",
    "modules.metaManager.metaServer.enable=1": "keadm-no-boolean",
    "modules.metaManager.metaServer.enable=yes": "keadm-no-boolean",
    "modules.edgeHub.heartbeat=1.5": "keadm-fraction",
    "modules.edgeHub.heartbeat=fast": "wrong-type",
    "modules.edgeHub.hartbeat=20": "keadm-no-such-field",
    "Modules.EdgeHub.Hartbeat=20": "keadm-no-such-field",
    "modules.edgeHub.projectID=a,b": "keadm-comma-in-value",
    "modules.edgeHub.heartbeat": "keadm-no-value",
}


def codes(findings: list[Finding]) -> list[str]:
    """Return the codes of findings that are about settings."""
    return [finding.code for finding in findings if finding.code in {*area("keadm"), *area("keys")}]


def script(folder: Path, text: str) -> list[Finding]:
    """Check a script."""
    (folder / "join.sh").write_text(text, "utf-8")
    return check_files([str(folder / "join.sh")]).findings


@pytest.mark.parametrize(("text", "code"), SETTINGS.items())
def test_settings_in_a_script_are_checked(text: str, code: str, tmp_path: Path) -> None:
    quoted = text.replace("$PASSWORD", "'\"$PASSWORD\"'")
    found = script(tmp_path, f"#!/bin/sh\nset -eu\nkeadm join --token=$TOKEN \\\n  --set '{quoted}'\n")
    assert codes(found) == ([code] if code else [])
    assert all(finding.line == 4 for finding in found)


@pytest.mark.parametrize(("text", "code"), SETTINGS.items())
def test_settings_in_a_job_are_checked(text: str, code: str, tmp_path: Path) -> None:
    key, _, value = text.partition("=")
    job = {
        "apiVersion": "operations.kubeedge.io/v1alpha2",
        "kind": "ConfigUpdateJob",
        "metadata": {"name": "set"},
        "spec": {"nodeNames": ["edge-1"], "timeoutSeconds": 300, "updateFields": {key: value}},
    }
    (tmp_path / "job.yaml").write_text(json.dumps(job), "utf-8")
    found = codes(check_files([str(tmp_path / "job.yaml")]).findings)
    expected = {code} - {""}
    if text.startswith(("featureGates={", "modules.edged.nodeLabels={")):
        expected.add("keadm-map-replaced")
    if code == "keadm-no-value":
        expected = {"wrong-type"}
    assert set(found) == expected


def test_the_value_of_a_setting_is_not_shown(tmp_path: Path) -> None:
    for text in ("a.b=s3cret,t0ken", "modules.eventBus.mqttPassword=s3cret=t0ken"):
        shown = " ".join(map(str, script(tmp_path, f"keadm join --set {text}\n")))
        assert "s3cret" not in shown
        assert "t0ken" not in shown


def test_a_line_of_yaml_with_keadm_is_found(tmp_path: Path) -> None:
    text = "#cloud-config\nruncmd:\n- keadm join -e 192.0.2.10:10000 --set modules.edged.nodeIP=192.0.2.7\n"
    found = script(tmp_path, text)
    assert [(finding.code, finding.line) for finding in found] == [("keadm-embedded-field", 3)]


def test_a_call_in_a_comment_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "join.sh").write_text("# keadm join --set a=b\necho\n", "utf-8")
    done = CliRunner().invoke(cli, ["check", str(tmp_path / "join.sh")])
    assert done.exit_code == 2


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("join --kubeedge-version=v1.17.0 --set modules.edgeHub.heartbeat=9", ["keadm-release"]),
        ("join --kubeedge-version=v1.18.0 --set modules.edgeHub.heartbeat=9", []),
        ("config-update --set modules.edgeHub.heartbeat=9", []),
        ("config-update --set featureGates={requireAuthorization:true}", ["keadm-map-replaced"]),
        ("join --set modules.edgeHub.heartbeat=9 && echo --set a=b", []),
        ("join --set 'a", ["keadm-quotes"]),
    ],
)
def test_calls_of_keadm_are_checked(call: str, found: list[str], tmp_path: Path) -> None:
    assert codes(script(tmp_path, f"sudo keadm {call}\n")) == found


def test_config_update_of_a_file_without_the_section(tmp_path: Path) -> None:
    (tmp_path / "edgecore.yaml").write_text("modules: {edgeHub: {heartbeat: 15}}\n", "utf-8")
    text = "keadm config-update --set modules.metaManager.metaServer.enable=true\n"
    (tmp_path / "set.sh").write_text(text, "utf-8")
    files = [str(tmp_path / "edgecore.yaml"), str(tmp_path / "set.sh")]
    assert codes(check_files(files).findings) == ["keadm-missing-section"]


SET = "timeoutSeconds: 9, updateFields: {database.driverName: x}"
JOBS = {
    f"nodeNames: [a], {SET}": [],
    "nodeNames: [a], updateFields: {database.driverName: x}": ["job-no-timeout"],
    SET: ["job-nodes"],
    f"nodeNames: [a], labelSelector: {{matchLabels: {{a: b}}}}, {SET}": ["job-nodes"],
    "nodeNames: [a], timeoutSeconds: 9": ["job-no-fields"],
    "nodeNames: [a], timeoutSeconds: 9, updateFields: {modules.edgeHub.heartbeat: 9}": ["job-type"],
    "nodeNames: [a], timeoutSeconds: 9, updateFields: {modules.edgeHub.heartbeat: null}": ["job-type"],
    f"nodeNames: [a], failureTolerate: 0.1, {SET}": ["job-type"],
    f"nodeNames: [a], image: x, {SET}": ["job-unknown-field"],
}


@pytest.mark.parametrize(("spec", "found"), JOBS.items())
def test_fields_of_a_job_are_checked(spec: str, found: list[str], tmp_path: Path) -> None:
    head = "apiVersion: operations.kubeedge.io/v1alpha2\nkind: ConfigUpdateJob\nmetadata: {name: j}\n"
    text = f"{head}spec: {{{spec}}}\n"
    (tmp_path / "job.yaml").write_text(text, "utf-8")
    assert [finding.code for finding in check_files([str(tmp_path / "job.yaml")]).findings] == found
