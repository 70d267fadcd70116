"""Every kind of note of an import, with its exact sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator import go_yaml
from generator.importer import ImportDifference, import_files
from tests.importer import files
from tests.importer.test_round_trip import imported_from

CORPUS = Path(__file__).parents[1] / "check" / "corpus"


def lines(folder: Path, **texts: Any) -> list[str]:
    """Import files of these names; return the assumptions and notes, without the folder."""
    written = {
        f"{name}.yaml": text if isinstance(text, str) else go_yaml.dump(text) for name, text in texts.items()
    }
    imported = imported_from(folder, written)
    return [f"{label}: {one}".replace(f"{folder}/", "") for label, one in imported.remarks()]


def joined(*parts: str) -> str:
    """Return one line made of several parts."""
    return " ".join(parts)


def edge(edged: dict[str, Any], layout: str = "v1alpha2", **modules: Any) -> dict[str, Any]:
    """Return an edgecore.yaml with a section edged and other modules."""
    return {
        "apiVersion": f"edgecore.config.kubeedge.io/{layout}",
        "kind": "EdgeCore",
        "modules": {"edged": edged, **modules},
    }


def test_a_release_and_values_that_no_file_has_are_assumed(tmp_path: Path) -> None:
    assert lines(tmp_path, site="agent: {relayNodes: []}\n") == [
        joined(
            "assumed: kubeedgeVersion: v1.23.1, the default; no file names the release",
            "(set another with --kubeedge-version) [release-not-named]",
        ),
        joined(
            "assumed: edgemeshVersion: v1.17.0, the default; no file names the release",
            "(set another with --edgemesh-version) [release-not-named]",
        ),
        "assumed: no file is about cloudcore, edgecore; the default values apply [chart-not-in-files]",
    ]


def test_fields_that_the_program_sets_are_noted(tmp_path: Path) -> None:
    config = {"kind": "CloudCore", "kubeAPIConfig": {"qps": 7}, "commonConfig": {"tunnelPort": 10351}}
    agent = {"kind": "EdgeMeshAgent", "modules": {"edgeProxy": {"listenInterface": "eth7"}}}
    found = lines(tmp_path, cloudcore=config, mesh=agent)
    assert sorted(found[3:]) == [
        joined(
            "not imported: cloudcore.yaml:3: kubeAPIConfig.qps:",
            "cloudcore sets it itself, to 5 times nodeLimit [set-by-program]",
        ),
        "not imported: cloudcore.yaml:5: commonConfig.tunnelPort: cloudcore sets it itself [set-by-program]",
        joined(
            "not imported: mesh.yaml:4: modules.edgeProxy.listenInterface: EdgeMesh sets it itself and does",
            "not work with another value [set-by-program]",
        ),
    ]


def test_secrets_and_keys_of_one_node_are_noted(tmp_path: Path) -> None:
    config = edge(
        {"hostnameOverride": "edge-1"},
        edgeHub={"token": "abc"},
        eventBus={"mqttPassword": "abc", "mqttServerExternal": "tcp://a:b@192.0.2.1:1883"},
    )
    found = [line.partition("yaml:")[2].partition(": ")[2] for line in lines(tmp_path, edgecore=config)]
    assert [line for line in found if line] == [
        joined(
            "modules.edgeHub.token: is a secret; edgecore no longer needs it after the node has joined",
            "[secret-left-out]",
        ),
        joined(
            "modules.edged.hostnameOverride: is the name of one node; a site file is for all edge nodes",
            "[node-key-left-out]",
        ),
        joined(
            "modules.eventBus.mqttPassword: is a secret (set it in a values file that only you can read)",
            "[secret-left-out]",
        ),
        joined(
            "edgeCore.modules.eventBus.mqttServerExternal: the URL contains a password,",
            "and so does the site file (keep the file private) [password-in-site]",
        ),
    ]


def test_a_moved_key_keeps_the_value_at_its_new_place(tmp_path: Path) -> None:
    config = edge({"labels": {"a": "old"}, "nodeLabels": {"a": "new"}}, "v1alpha1")
    (tmp_path / "edgecore.yaml").write_text(go_yaml.dump(config), "utf-8")
    imported = import_files([str(tmp_path / "edgecore.yaml")], kubeedge="v1.20.0")
    assert [note.what for note in imported.notes if note.code == "key-not-moved"] == [
        "not read by KubeEdge 1.20; modules.edged.nodeLabels is also set and is kept"
    ]


VALUES: list[tuple[str, str]] = [
    (
        "cloudCore: {replicaCuont: 2}",
        "cloudCore.replicaCuont: unknown key (did you mean replicaCount?) [unknown-key]",
    ),
    (
        "agent: {psk: abc}",
        joined(
            "agent.psk: is a secret; the site file names a Secret instead",
            "(create it: kubectl -n kubeedge get configmap edgemesh-agent-psk -o jsonpath='{.data.psk}' |",
            "kubectl -n kubeedge create secret generic edgemesh-psk --from-file=psk=/dev/stdin)",
            "[psk-needs-secret]",
        ),
    ),
    (
        "agent: {cloudCIDR: 192.0.2.0/24}",
        "agent.cloudCIDR: edgeCNI and spiderpool have their own charts [other-chart]",
    ),
    (
        "cloudCore: {securityContext: {privileged: true}}",
        joined(
            "cloudCore.securityContext.privileged: upstream's default;",
            "our chart grants only the permissions that cloudcore needs [upstream-default-replaced]",
        ),
    ),
]


@pytest.mark.parametrize(("text", "note"), VALUES, ids=[row[1].partition(":")[0] for row in VALUES])
def test_values_that_are_left_out_are_noted(text: str, note: str, tmp_path: Path) -> None:
    assert f"not imported: values.yaml:1: {note}" in lines(tmp_path, values=f"{text}\n")


def test_a_second_config_and_a_second_value_are_noted(tmp_path: Path) -> None:
    cloud = {"kind": "CloudCore", "modules": {"dynamicController": {"enable": True}}}
    found = lines(
        tmp_path,
        one=cloud,
        two=cloud,
        a="agent: {priorityClassName: x}\n",
        b="agent: {priorityClassName: y}\n",
    )
    assert (
        "not imported: two.yaml:1: a second cloudcore.yaml; a site has one [second-config-left-out]" in found
    )
    assert (
        "not imported: b.yaml:1: agent.priorityClassName: another value is kept, from "
        f"{tmp_path}/a.yaml:1 [second-value-left-out]".replace(f"{tmp_path}/", "")
    ) in found


SCRIPT = files.config_map("scripts", "join.sh", "keadm join --set modules.edgeStream.enable=true\n")
JOB = go_yaml.load((CORPUS / "config-update-job" / "job.yaml").read_text("utf-8"))
OTHERS: list[tuple[Any, str]] = [
    (
        SCRIPT,
        joined(
            "keadm join --set: the fields that it sets are not imported",
            "(import the edgecore.yaml of the node) [keadm-not-imported]",
        ),
    ),
    (
        JOB,
        joined(
            "ConfigUpdateJob: the fields that it sets are not imported",
            "(import the edgecore.yaml of the node) [keadm-not-imported]",
        ),
    ),
]


@pytest.mark.parametrize(("document", "note"), OTHERS, ids=["keadm", "job"])
def test_commands_and_jobs_of_keadm_are_noted(document: Any, note: str, tmp_path: Path) -> None:
    found = lines(tmp_path, all=files.stream(*files.upstream_cloud(), document))
    assert [line for line in found if line.endswith(note)]


def test_other_fields_of_an_object_with_values_are_noted() -> None:
    found = import_files([*map(str, sorted((CORPUS / "argocd-object").iterdir()))])
    assert [one.what for one in found.notes if one.code == "only-values-imported"] == [
        "only the values in this object are imported"
    ]


def test_a_renamed_workload_is_noted(tmp_path: Path) -> None:
    other = files.workload("Deployment", "mine", "kubeedge/cloudcore:v1.20.0")
    found = lines(tmp_path, all=files.stream(other))
    name = "Deployment mine: metadata.name"
    assert [line.partition(": ")[2].partition(": ")[2] for line in found if name in line] == [
        f"{name}: the site names it cloudcore (delete the old one after the installation) [workload-renamed]"
    ]


def test_a_difference_is_a_code_with_both_values() -> None:
    assert str(ImportDifference("cloudcore.yaml", "a.b", None, True)) == (
        "cloudcore.yaml: a.b: was unset, is rendered as true [renders-differently]"
    )
