"""--target-version: the upgrade steps for config files and sites."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.check import check_files
from generator.cli.main import cli

MOVED, CRD = "[upgrade-moves-key]", "[upgrade-changes-crd]"


def steps(folder: Path, text: str, old: str, new: str, kind: str = "edgecore") -> list[str]:
    """Return the printed steps of an upgrade of one file, without the file name."""
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
            "2: know featureGates.requireAuthorization: the cluster's CA signs the endpoint's"
            " certificate; cloudcore approves the signing request [endpoint-certificate-of-cluster]"
        ),
        (
            "2: know featureGates.requireAuthorization: if edgecore restarts while cloudcore is unreachable,"
            " the endpoint is off and edgecore crashes after 4 minutes (keep cloudcore reachable when"
            " edgecore restarts) [offline-restart]"
        ),
        (
            "7: know modules.metaManager.metaServer.tlsCertFile: edgecore ignores this file from"
            " KubeEdge 1.17 on and gets its certificate from the cluster (remove this key)"
            " [ignored-tls-files]"
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


def test_an_upgrade_to_the_layout_of_1_12_lists_moved_keys(tmp_path: Path) -> None:
    kubelet = "modules.edged.tailoredKubeletConfig"
    assert steps(tmp_path, OLD, "v1.11.3", "v1.12.7") == [
        f"4: move modules.edged.clusterDNS: its new place is {kubelet}.clusterDNS, from 1.12 on {MOVED}",
        "6: drop modules.edged.gpuPluginEnabled: KubeEdge 1.12 does not read it [upgrade-drops-key]",
        "8: drop featureGates.ProcessStatusSync: KubeEdge 1.12 does not read it [upgrade-drops-key]",
        (
            "5: change modules.edged.imagePullProgressDeadline: KubeEdge 1.12 takes a duration such as"
            " 10s here, and rejects the file otherwise [upgrade-changes-type]"
        ),
        (
            '1: default modules.edged.nodeIP: its default changes from the value of the host to ""; set it'
            " to keep the old one [upgrade-changes-default]"
        ),
        (
            "1: set apiVersion: the new value is edgecore.config.kubeedge.io/v1alpha2"
            " [upgrade-changes-api-version]"
        ),
        f"apply nodeupgradejobs.operations.kubeedge.io: new: v1alpha1 (stored) {CRD}",
    ]


def test_an_upgrade_to_1_23_lists_defaults_and_crds(tmp_path: Path) -> None:
    assert steps(tmp_path, "modules:\n  edged: {enable: true}\n", "v1.19.2", "v1.23.1") == [
        (
            "1: default modules.deviceTwin.dmiSockPath: its default changes from"
            ' "/etc/kubeedge/dmi.sock" to "/etc/kubeedge/"; set it to keep the old one'
            " [upgrade-changes-default]"
        ),
        (
            "1: default modules.edged.rootDirectory: its default changes from"
            ' "/var/lib/edged" to "/var/lib/kubelet"; set it to keep the old one [upgrade-changes-default]'
        ),
        (
            "1: default modules.edged.tailoredKubeletConfig.evictionHard: its default changes from"
            ' {"imagefs.available": "15%", "memory.available": "100Mi", "nodefs.available": "10%",'
            ' "nodefs.inodesFree": "5%"} to {"imagefs.available": "15%", "imagefs.inodesFree": "5%",'
            ' "memory.available": "100Mi", "nodefs.available": "10%", "nodefs.inodesFree": "5%"};'
            " set it to keep the old one [upgrade-changes-default]"
        ),
        f"apply configupdatejobs.operations.kubeedge.io: new: v1alpha2 (stored) {CRD}",
        f"apply devicestatuses.devices.kubeedge.io: new: v1alpha2, v1beta1 (stored) {CRD}",
        f"apply imageprepulljobs.operations.kubeedge.io: changed: v1alpha1, v1alpha2 (stored) {CRD}",
        f"apply nodeupgradejobs.operations.kubeedge.io: changed: v1alpha1, v1alpha2 (stored) {CRD}",
    ]


def test_an_upgrade_to_1_16_lists_the_job_modules(tmp_path: Path) -> None:
    text = "modules:\n  nodeUpgradeJobController:\n    enable: true\n"
    found = steps(tmp_path, text, "v1.15.4", "v1.16.6", "cloudcore")
    assert found[0] == (
        "3: move modules.nodeUpgradeJobController.enable:"
        " its new place is modules.taskManager.enable, from 1.16 on [upgrade-moves-key]"
    )


@pytest.mark.parametrize("version", ["v1.23.1", "v1.23.0"])
def test_an_upgrade_within_a_minor_has_no_steps(tmp_path: Path, version: str) -> None:
    assert steps(tmp_path, SERVER, "v1.23.1", version) == []


def test_edgecore_checks_tokens_from_1_14_on(tmp_path: Path) -> None:
    found = [step for step in steps(tmp_path, SERVER, "v1.13.8", "v1.14.5") if " know " in step]
    assert found[0] == (
        "2: know featureGates.requireAuthorization: the node checks tokens and permissions itself;"
        " cloudcore does not check them any more [node-checks-tokens]"
    )


# --- moves -----------------------------------------------------------------------------------

LABELS = """\
apiVersion: edgecore.config.kubeedge.io/v1alpha1
modules:
  edged:
    labels: {site: berlin, zone: hall-1}
    taints: [{key: dedicated, value: edge, effect: NoSchedule}]
"""


@pytest.mark.parametrize(
    ("new", "taints"),
    [
        ("v1.12.7", "modules.edged.registerWithTaints, from 1.12 on"),
        ("v1.14.5", "modules.edged.tailoredKubeletConfig.registerWithTaints, from 1.13 on"),
        ("v1.23.1", "modules.edged.tailoredKubeletConfig.registerWithTaints, from 1.13 on"),
    ],
)
def test_labels_and_taints_of_1_11_move_and_are_not_dropped(tmp_path: Path, new: str, taints: str) -> None:
    found = steps(tmp_path, LABELS, "v1.11.3", new)
    assert [step for step in found if " move " in step or " drop " in step] == [
        f"4: move modules.edged.labels: its new place is modules.edged.nodeLabels, from 1.12 on {MOVED}",
        f"5: move modules.edged.taints: its new place is {taints} {MOVED}",
    ]


# --- rules ---------------------------------------------------------------------------------------

DOCKER = """\
modules:
  edged:
    enable: true
    containerRuntime: docker
    remoteRuntimeEndpoint: unix:///var/run/dockershim.sock
"""
SITE_WITH_DOCKER = """\
kubeedgeVersion: v1.13.8
edgeCore:
  modules:
    edged:
      containerRuntime: docker
      remoteRuntimeEndpoint: unix:///var/run/dockershim.sock
"""
CONTAINERD = "unix:///run/containerd/containerd.sock"


@pytest.mark.parametrize("new", ["v1.14.5", "v1.15.4"])
def test_an_upgrade_beyond_dockershim_names_the_endpoint_to_write(tmp_path: Path, new: str) -> None:
    found = [line for line in steps(tmp_path, DOCKER, "v1.13.8", new) if "dockershim" in line]
    assert found[0].startswith("4: change modules.edged.containerRuntime: is docker, but KubeEdge ")
    assert found[1].startswith("5: know modules.edged.remoteRuntimeEndpoint: no container runtime answers ")
    assert len(found) == 2
    assert all(CONTAINERD in line for line in found)


@pytest.mark.parametrize(("old", "new"), [("v1.12.7", "v1.13.8"), ("v1.14.5", "v1.15.4")])
def test_an_upgrade_does_not_list_problems_of_both_releases(tmp_path: Path, old: str, new: str) -> None:
    assert [line for line in steps(tmp_path, DOCKER, old, new) if "dockershim " in line] == []


def test_an_upgrade_of_a_site_beyond_dockershim_names_the_endpoint_to_write(tmp_path: Path) -> None:
    found = site_steps(tmp_path, SITE_WITH_DOCKER, "v1.15.4")
    assert found[0].startswith("5: change edgeCore.modules.edged.containerRuntime: is docker, but KubeEdge ")
    assert found[1].startswith("6: know edgeCore.modules.edged.remoteRuntimeEndpoint: no container runtime")
    assert all(CONTAINERD in line for line in found)


def test_a_value_that_moved_is_checked_at_its_new_place(tmp_path: Path) -> None:
    kubelet = "modules.edged.tailoredKubeletConfig.containerRuntimeEndpoint"
    for prefix, found in (
        ("", steps(tmp_path, DOCKER, "v1.13.8", "v1.18.3")),
        ("edgeCore.", site_steps(tmp_path, SITE_WITH_DOCKER, "v1.18.3")),
    ):
        line = 6 if prefix else 5
        assert f"{line}: know {prefix}{kubelet}: no container runtime answers" in "\n".join(found)
    old = "modules:\n  edged: {enable: true, runtimeType: docker}\n"
    assert "2: change modules.edged.containerRuntime: is docker, but KubeEdge" in "\n".join(
        steps(tmp_path, old, "v1.11.3", "v1.15.4")
    )


def test_a_moved_value_that_is_wrong_in_both_releases_is_no_step(tmp_path: Path) -> None:
    found = steps(tmp_path, DOCKER, "v1.15.4", "v1.18.3")
    assert [line for line in found if " know " in line or " change " in line] == []


# --- the release that files are for ------------------------------------------------------------

CONFIG_MAP = """\
kind: ConfigMap
metadata: {name: edgecore, labels: {app.kubernetes.io/version: v1.16.6}}
data:
  edgecore.yaml: |
    featureGates: {requireAuthorization: true}
    modules: {metaManager: {metaServer: {enable: true}}}
"""
WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cloudcore}
spec: {template: {spec: {containers: [{name: a, image: "registry.example/kubeedge/cloudcore:v1.16.6"}]}}}
"""


@pytest.mark.parametrize(
    "text",
    [CONFIG_MAP, f"{SERVER}---\n{WORKLOAD}", f"{SERVER}---\nkubeedgeVersion: v1.16.6\n"],
    ids=["label of a ConfigMap", "tag of an image", "a site beside it"],
)
def test_the_old_release_is_read_from_documents_next_to_a_config(tmp_path: Path, text: str) -> None:
    file = tmp_path / "all.yaml"
    file.write_text(text, "utf-8")
    report = check_files([str(file)], target="v1.23.1")
    assert (report.kubeedge.minor, report.assumed) == ("1.16", False)
    assert "featureGates.requireAuthorization" in [step.key for step in report.steps]


def test_an_upgrade_from_an_unknown_release_asks_for_the_release(tmp_path: Path) -> None:
    file = tmp_path / "edgecore.yaml"
    file.write_text(SERVER, "utf-8")
    done = CliRunner().invoke(cli, ["check", "--target-version", "v1.23.1", str(file)])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "set it with --kubeedge-version" in done.stderr
    assert check_files([str(file)]).assumed


# --- sites -------------------------------------------------------------------------------------

SITE = """\
kubeedgeVersion: v1.16.6
profile: mtls
cloudCore: {modules: {cloudHub: {advertiseAddress: ["192.0.2.10"]}}}
edgeCore:
  nodeGroups:
    line-a: {modules: {edged: {registerNode: true}}}
"""


def site_steps(folder: Path, text: str, new: str) -> list[str]:
    file = folder / "site.yaml"
    file.write_text(text, "utf-8")
    found = check_files([str(file)], target=new).steps
    return [str(step).removeprefix(f"{file}:") for step in found if step.action not in ("default", "apply")]


def test_an_upgrade_of_a_site_names_the_certificates_to_replace(tmp_path: Path) -> None:
    found = site_steps(tmp_path, SITE, "v1.23.1")
    assert found[0] == (
        "6: move edgeCore.nodeGroups.line-a.modules.edged.registerNode:"
        " its new place is edgeCore.nodeGroups.line-a.modules.edged.tailoredKubeletConfig.registerNode,"
        " from 1.13 on [upgrade-moves-key]"
    )
    text = "\n".join(found[1:])
    assert (
        "know edgeCore.featureGates.requireAuthorization: the cluster's CA signs the endpoint's certificate"
        in text
    )
    assert "replace rootCA.crt with the cluster's CA" in text
    assert "crashes after 4 minutes (keep cloudcore reachable when edgecore restarts" in text
    # On the new release the profile does not set these files.
    assert "tlsCertFile" not in text


def test_an_upgrade_of_a_site_without_tls_has_no_certificates(tmp_path: Path) -> None:
    found = site_steps(tmp_path, SITE.replace("mtls", "plain"), "v1.23.1")
    assert [line for line in found if "certificate" in line] == []


def test_an_upgrade_of_a_site_names_a_value_that_the_new_release_rejects(tmp_path: Path) -> None:
    text = "kubeedgeVersion: v1.15.4\ncloudCore: {modules: {nodeUpgradeJobController: {enable: true}}}\n"
    assert site_steps(tmp_path, text, "v1.18.3")[0].startswith(
        "2: move cloudCore.modules.nodeUpgradeJobController.enable: its new place is "
        "cloudCore.modules.taskManager.enable"
    )


# --- node groups -------------------------------------------------------------------------------

GROUP = """\
kind: ConfigMap
metadata: {name: edgecore-%s, labels: {app.kubernetes.io/version: v1.16.6}}
data:
  edgecore.yaml: |
    featureGates: {requireAuthorization: true}
    modules: {edgeHub: {httpServr: x}, metaManager: {metaServer: {enable: true}}}
"""


def test_equal_findings_of_node_groups_are_merged_with_group_names(tmp_path: Path) -> None:
    file = tmp_path / "all.yaml"
    file.write_text("---\n".join(GROUP % name for name in ("line-a", "line-b", "line-c")), "utf-8")
    done = CliRunner().invoke(cli, ["check", "--target-version", "v1.17.5", str(file)])
    lines = [line for line in done.stdout.splitlines() if "httpServr" in line or " know " in line]
    assert len(lines) == 3
    assert all(" [node groups edgecore-line-a, edgecore-line-b, edgecore-line-c] [" in line for line in lines)
    assert lines[0].startswith(f"{file}:6: modules.edgeHub.httpServr: ")
    assert "1 problem," in done.stdout


def test_equal_findings_in_a_rendered_tree_name_its_folders(tmp_path: Path) -> None:
    files = []
    for name in ("default", "line-a"):
        folder = tmp_path / "edgecore" / name
        folder.mkdir(parents=True)
        (folder / "edgecore.yaml").write_text("modules: {edgeHub: {httpServr: x}}\n", "utf-8")
        files.append(str(folder / "edgecore.yaml"))
    done = CliRunner().invoke(cli, ["check", *files])
    assert done.stdout.count("httpServr") == 1
    assert "[node groups default, line-a]" in done.stdout
