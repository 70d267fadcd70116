"""--target-version: what an upgrade changes for files that are given."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.check import check_files


def steps(folder: Path, text: str, old: str, new: str, kind: str = "edgecore") -> list[str]:
    """Return the steps of an upgrade of one file, as they are printed, without its name."""
    file = folder / f"{kind}.yaml"
    file.write_text(text, "utf-8")
    found = check_files([str(file)], kind=kind, kubeedge=old, target=new).steps
    return [str(step).removeprefix(f"{file}:") for step in found]


SERVER = """\
featureGates:
  requireAuthorization: true
modules:
  metaManager:
    metaServer:
      enable: true
      tlsCertFile: /etc/kubeedge/metaserver/server.crt
"""


def test_the_certificate_comes_from_the_cluster_from_1_17_on(tmp_path: Path) -> None:
    assert steps(tmp_path, SERVER, "v1.16.6", "v1.17.5") == [
        (
            "2: know featureGates.requireAuthorization: the endpoint's certificate comes from the"
            " cluster's authority, by a signing request that cloudcore approves; after a restart without"
            " cloudcore there is no endpoint, and edgecore dies after 4 minutes"
        ),
        (
            "7: know modules.metaManager.metaServer.tlsCertFile: edgecore ignores this file from"
            " 1.17 on; remove it"
        ),
    ]
    assert steps(tmp_path, SERVER, "v1.17.5", "v1.18.3") == []


OLD = """\
apiVersion: edgecore.config.kubeedge.io/v1alpha1
modules:
  edged:
    clusterDNS: 169.254.96.16
    imagePullProgressDeadline: 60
    gpuPluginEnabled: false
featureGates:
  ProcessStatusSync: true
"""


def test_the_layout_of_1_12(tmp_path: Path) -> None:
    kubelet = "modules.edged.tailoredKubeletConfig"
    assert steps(tmp_path, OLD, "v1.11.3", "v1.12.7") == [
        f"4: move modules.edged.clusterDNS: to {kubelet}.clusterDNS, read there from 1.12 on",
        "6: drop modules.edged.gpuPluginEnabled: KubeEdge 1.12 does not read it any more",
        "8: drop featureGates.ProcessStatusSync: KubeEdge 1.12 does not read it any more",
        (
            "5: change modules.edged.imagePullProgressDeadline: KubeEdge 1.12 takes a duration such as"
            " 10s here and refuses the file otherwise"
        ),
        (
            '1: default modules.edged.nodeIP: its default changes from the host\'s own to ""; set it'
            " to keep the old"
        ),
        "1: set apiVersion: to edgecore.config.kubeedge.io/v1alpha2",
        "apply nodeupgradejobs.operations.kubeedge.io: new: v1alpha1 (stored)",
    ]


def test_defaults_and_definitions_up_to_1_23(tmp_path: Path) -> None:
    assert steps(tmp_path, "modules:\n  edged: {enable: true}\n", "v1.19.2", "v1.23.1") == [
        (
            "1: default modules.deviceTwin.dmiSockPath: its default changes from"
            ' "/etc/kubeedge/dmi.sock" to "/etc/kubeedge/"; set it to keep the old'
        ),
        (
            "1: default modules.edged.rootDirectory: its default changes from"
            ' "/var/lib/edged" to "/var/lib/kubelet"; set it to keep the old'
        ),
        (
            "1: default modules.edged.tailoredKubeletConfig.evictionHard: its default changes from"
            ' {"imagefs.available": "15%", "memory.available": "100Mi", "nodefs.available": "10%",'
            ' "nodefs.inodesFree": "5%"} to {"imagefs.available": "15%", "imagefs.inodesFree": "5%",'
            ' "memory.available": "100Mi", "nodefs.available": "10%", "nodefs.inodesFree": "5%"};'
            " set it to keep the old"
        ),
        "apply configupdatejobs.operations.kubeedge.io: new: v1alpha2 (stored)",
        "apply devicestatuses.devices.kubeedge.io: new: v1alpha2, v1beta1 (stored)",
        "apply imageprepulljobs.operations.kubeedge.io: changed: v1alpha1, v1alpha2 (stored)",
        "apply nodeupgradejobs.operations.kubeedge.io: changed: v1alpha1, v1alpha2 (stored)",
    ]


def test_jobs_of_cloudcore_1_16(tmp_path: Path) -> None:
    text = "modules:\n  nodeUpgradeJobController:\n    enable: true\n"
    found = steps(tmp_path, text, "v1.15.4", "v1.16.6", "cloudcore")
    assert found[0] == (
        "3: move modules.nodeUpgradeJobController.enable:"
        " to modules.taskManager.enable, read there from 1.16 on"
    )


@pytest.mark.parametrize("version", ["v1.23.1", "v1.23.0"])
def test_nothing_changes_within_a_minor(tmp_path: Path, version: str) -> None:
    assert steps(tmp_path, SERVER, "v1.23.1", version) == []
