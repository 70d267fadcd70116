"""What `generator render` lists before you apply: nothing is missing, and each command creates its object."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator import load_site, render_site
from generator.install.apply_step import APPLY, BEFORE, NODES, ApplyStep
from generator.install.apply_text import before_apply_text
from generator.install.before_apply import BeforeApply, Typed, before_apply
from generator.kube.objects import Object
from generator.kube.pods import pod_of
from generator.locations import ROOT
from generator.model.profiles import PROFILES
from generator.render.site import Rendering
from tests.cli.conftest import ADDRESS, Run
from tests.cli.conftest import run as run
from tests.install.apply_cluster import created

EXAMPLES = sorted((ROOT / "values/examples").glob("*.yaml"))
CASES = [(profile, example) for example in EXAMPLES for profile in PROFILES]
IDS = [f"{example.stem}-{profile}" for profile, example in CASES]


def rendered(profile: str | None, *flags: str, files: tuple[Path, ...] = (), **more: Any) -> Rendering:
    """Render a site; `more` are with_namespace, namespace and charts."""
    charts = {"charts": more.pop("charts")} if "charts" in more else {}
    site = load_site([str(file) for file in files], profile=profile, set=flags, **charts)
    return render_site(site, engine="embedded", **{"with_namespace": True, **more})


def listed(rendering: Rendering, folder: str = "", site: str = "", everything: str = "") -> BeforeApply:
    return before_apply(rendering, Typed(site, everything or site, folder))


def codes(found: BeforeApply) -> list[str]:
    return [step.code for step in found.steps]


def step(found: BeforeApply, code: str) -> ApplyStep:
    (one,) = (one for one in found.steps if one.code == code)
    return one


# --- every profile and example -----------------------------------------------------------------

BUILT_IN = {("ConfigMap", "kube-root-ca.crt"), ("PriorityClass", "system-node-critical")}
_SHAPES = {
    "secretName": "Secret", "secretRef": "Secret", "secretKeyRef": "Secret", "imagePullSecrets": "Secret",
    "configMap": "ConfigMap", "configMapRef": "ConfigMap", "configMapKeyRef": "ConfigMap",
    "serviceAccountName": "ServiceAccount", "priorityClassName": "PriorityClass",
}  # fmt: skip


def mentioned(value: Any) -> Iterator[tuple[str, str]]:
    """Yield each kind and name that a pod spec mentions, found by the names of fields alone."""
    for field, child in value.items() if isinstance(value, dict) else ():
        for one in child if isinstance(child, list) else [child]:
            name = one.get("name") if isinstance(one, dict) else one
            if field in _SHAPES and name:
                yield _SHAPES[field], name
            yield from mentioned(one)


@pytest.mark.parametrize(("profile", "example"), CASES, ids=IDS)
def test_the_list_has_what_pods_need_and_manifests_lack(profile: str, example: Path) -> None:
    rendering = rendered(profile, files=(example,))
    there = {(one.kind, one.name) for one in rendering.documents}
    pods = [pod_of(Object(one.data)) for one in rendering.documents]
    needed = {found for pod in pods for found in mentioned(pod)} - there - BUILT_IN
    found = [one.object for one in listed(rendering).steps if one.object]
    assert {(one["kind"], one["name"]) for one in found if one["kind"] != "Namespace"} == needed
    assert ("Namespace", "kubeedge") in there


@pytest.mark.long
@pytest.mark.parametrize(("profile", "example"), CASES, ids=IDS)
def test_each_command_creates_its_object(profile: str, example: Path, tmp_path: Path) -> None:
    found = listed(rendered(profile, files=(example,)), site=f" --profile {profile} -f {example}")
    before = [one for one in found.steps if one.part == BEFORE and one.object]
    assert before[0].object["kind"] == "Namespace"
    there = Cluster(tmp_path)
    for one in before:
        for command in one.commands:
            there.run(command)
        made = created(there.state)
        key = (one.object["kind"], one.object.get("namespace", ""), one.object["name"])
        assert {*made[key]} >= {*one.object.get("keys", ())}


class Cluster:
    """A folder where commands run, with a `generator` and a stand-in for kubectl."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.state = folder, folder / "state"
        for name in ("state", "bin"):
            (folder / name).mkdir()
        for name, module in (("generator", "generator"), ("kubectl", "tests.install.apply_cluster")):
            script = folder / "bin" / name
            script.write_text(f'#!/bin/sh\nexec {sys.executable} -m {module} "$@"\n', "utf-8")
            script.chmod(0o755)

    def run(self, command: str) -> None:
        """Run a command of the list with sh."""
        path = f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        env = {name: value for name, value in os.environ.items() if name != "KUBECTL"}
        env |= {"PATH": path, "STATE": str(self.state), "PYTHONPATH": str(ROOT)}
        script = ["sh", "-ec", command]
        done = subprocess.run(script, cwd=self.folder, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr


# --- what values add ---------------------------------------------------------------------------

GATEWAY = "Deployment kubeedge/edgemesh-gateway"
NOT_RENDERED = [
    ADDRESS,
    "cloudCore.priorityClassName=important",
    "agent.extraVolumes[0].name=a",
    "agent.extraVolumes[0].configMap.name=settings",
    "gateway.enable=true",
    "gateway.nodeName=relay",
    "gateway.extraVolumes[0].name=a",
    "gateway.extraVolumes[0].configMap.name=settings",
    "gateway.extraVolumes[0].configMap.optional=true",
    "gateway.extraVolumes[1].name=b",
    "gateway.extraVolumes[1].persistentVolumeClaim.claimName=disk",
    "gateway.serviceAccount.create=false",
    "gateway.serviceAccount.name=mine",
]


def test_other_objects_of_pods_are_listed() -> None:
    found = listed(rendered("plain", *NOT_RENDERED))
    steps = [one for one in found.steps if one.code == "object-to-create"]
    assert [(one.what, one.commands) for one in steps] == [
        (
            "ConfigMap kubeedge/settings, for DaemonSet kubeedge/edgemesh-agent",
            ("kubectl --namespace kubeedge create configmap settings --from-file=KEY=FILE",),
        ),
        (
            "PriorityClass important, for Deployment kubeedge/cloudcore",
            ("kubectl create priorityclass important --value=VALUE",),
        ),
        (
            f"ConfigMap kubeedge/settings, for {GATEWAY}; the pods also start without it",
            ("kubectl --namespace kubeedge create configmap settings --from-file=KEY=FILE",),
        ),
        (
            f"ServiceAccount kubeedge/mine, for {GATEWAY}",
            ("kubectl --namespace kubeedge create serviceaccount mine",),
        ),
        (f"PersistentVolumeClaim kubeedge/disk, for {GATEWAY}", ()),
    ]


def test_cert_manager_and_its_issuer_are_listed_and_no_secret_of_it() -> None:
    prefix = "cloudCore.streamCertificate.certManager"
    flags = (ADDRESS, f"{prefix}.enable=true", f"{prefix}.issuerRef.name=ours", "agent.enable=false")
    found = listed(rendered("plain", *flags))
    crds = step(found, "crds-to-install")
    assert crds.sentence == (
        "the CRDs of cert-manager.io, for Certificate kubeedge/cloudcore-stream (install cert-manager)"
    )
    assert crds.commands[0].startswith("kubectl apply --filename=https://github.com/cert-manager/")
    assert step(found, "issuer-to-create").what == (
        "Issuer kubeedge/ours of cert-manager, for Certificate kubeedge/cloudcore-stream"
    )
    assert "secret-to-create" not in codes(found)


def test_files_of_the_host_of_cloudcore_are_listed() -> None:
    flags = ("cloudCore.streamCertificate.files.enable=true", "streams.enable=true")
    found = step(listed(rendered("plain", ADDRESS, *flags), site=" -f a.yaml"), "files-on-cloud-node")
    assert found.what == (
        "files on each host of cloudcore: /etc/kubeedge/ca/streamCA.crt, /etc/kubeedge/certs/stream.crt, "
        "/etc/kubeedge/certs/stream.key"
    )
    assert found.commands == ("generator certs issue -f a.yaml --for streams -o certs",)


def test_admission_has_the_keys_of_its_secret() -> None:
    flags = ("admission.enable=true", "admission.certsSecretName=hook")
    found = listed(rendered("plain", ADDRESS, *flags, charts=("cloudcore",)))
    assert step(found, "secret-to-create").commands == (
        (
            "kubectl --namespace kubeedge create secret generic hook --from-file=ca.crt --from-file=tls.crt "
            "--from-file=tls.key"
        ),
    )


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ((), ["istio-crds-to-install", "service-to-exclude"]),
        (("crds.istio=true",), ["service-to-exclude"]),
        (("agent.enable=false",), []),
    ],
)
def test_what_edgemesh_needs(flags: tuple[str, ...], expected: list[str]) -> None:
    found = listed(rendered("plain", ADDRESS, "agent.psk=of-this-test-only", *flags))
    assert [one.code for one in found.steps if one.part == BEFORE] == expected


@pytest.mark.parametrize(
    ("more", "commands"),
    [
        ({"with_namespace": True}, 1),
        # The Namespace of the manifests has the label.
        ({"with_namespace": False}, 2),
        ({"with_namespace": True, "namespace": "default"}, 0),
    ],
)
def test_a_namespace_is_listed_where_objects_need_it(more: dict[str, Any], commands: int) -> None:
    found = listed(rendered("plain", charts=("edgemesh",), **more))
    steps = [one for one in found.steps if one.code == "namespace-to-create"]
    assert [len(one.commands) for one in steps] == ([commands] if commands else [])
    assert found.as_dict()["namespace"]["rendered"] is (commands == 1)


def test_a_namespace_that_nothing_needs_first_is_not_listed() -> None:
    assert codes(listed(rendered("plain", ADDRESS, charts=("cloudcore",)))) == [
        "manifests-to-apply",
        "other-order-for-running-nodes",
    ]


# --- order and nodes ---------------------------------------------------------------------------


def test_files_are_applied_in_order_with_the_nodes_before_edgemesh() -> None:
    found = listed(rendered("mtls", ADDRESS), "build")
    assert [(one.code, *one.commands) for one in found.steps if one.part == APPLY] == [
        (
            "manifests-to-apply",
            "kubectl apply --filename build/cloudcore/manifests.yaml",
            "kubectl --namespace kubeedge rollout status deployment/cloudcore",
        ),
        ("manifests-to-apply", "kubectl apply --filename build/edgecore/manifests.yaml"),
        ("nodes-before-edgemesh",),
        ("manifests-to-apply", "kubectl apply --filename build/edgemesh/manifests.yaml"),
        ("other-order-for-running-nodes",),
    ]


@pytest.mark.parametrize(
    ("release", "profile", "expected"),
    [
        ("1.13", "one-way", "on: edgecore -> edge nodes -> edgemesh -> cloudcore"),
        ("1.23", "one-way", "on: cloudcore -> edgecore -> edge nodes -> edgemesh"),
        ("1.23", "plain", "off: edgecore -> edge nodes -> edgemesh -> cloudcore"),
    ],
)
def test_the_order_for_running_nodes(release: str, profile: str, expected: str) -> None:
    found = listed(rendered(profile, ADDRESS, f"kubeedgeVersion=v{release}.0"), "build")
    switch, _, order = expected.partition(": ")
    assert step(found, "other-order-for-running-nodes").what == (
        f"if edge nodes run and this switches TLS {switch}, use `generator install`, or this order: {order}"
    )


def test_up_to_1_11_there_is_no_tls_to_switch() -> None:
    found = listed(rendered("plain", ADDRESS, "kubeedgeVersion=v1.11.0"), "build")
    assert "other-order-for-running-nodes" not in codes(found)


def test_a_printed_stream_needs_the_files_of_the_nodes() -> None:
    found = listed(rendered("plain", ADDRESS), site=" --profile plain", everything=" --profile plain --x")
    assert [one.commands for one in found.steps if one.part != BEFORE] == [
        ("generator render --profile plain --x | kubectl apply --filename -",),
        (),
        ("generator render --profile plain --x -o build",),
    ]
    assert found.steps[-1].code == "node-files-to-render"


def test_node_groups_and_the_rollout() -> None:
    groups = ("edgeCore.nodeGroups.b.nodeSelector.line=b", "edgeCore.nodeGroups.a.nodeSelector.line=a")
    found = listed(rendered("plain", ADDRESS, *groups, "edgeCore.rollout.enable=true"), "build")
    join, update = (one for one in found.steps if one.part == NODES)
    assert join.what == "join a new node that has keadm; the groups are a, b, here a"
    assert join.commands[0] == "scp -r build/edgecore/a root@NODE:/tmp/"
    assert join.commands[1].endswith(' sh /tmp/a/join.sh"')
    assert update.commands == (
        "kubectl --namespace kubeedge rollout restart daemonset --selector kubeedge=edgecore-rollout",
    )


@pytest.mark.parametrize(
    ("flags", "copies"),
    [
        (
            ("metaServer.certFile=/etc/kubeedge/metaserver/own.crt",),
            [("cp certs/rootCA.crt build/edgecore/default/rootCA.crt "
             "&& cp certs/server.crt build/edgecore/default/own.crt "
             "&& cp certs/server.key build/edgecore/default/server.key")],
        ),
        (
            ("edgeCore.nodeGroups.a.nodeSelector.line=a", "edgeCore.nodeGroups.b.nodeSelector.line=b"),
            [('for group in build/edgecore/*; do cp certs/rootCA.crt "$group"/rootCA.crt '
             '&& cp certs/server.crt "$group"/server.crt && cp certs/server.key "$group"/server.key; done')],
        ),
        (("metaServer.serverCertificate.existingSecret=a", "certificateCopy.enable=true"), []),
    ],
)  # fmt: skip
def test_the_certificate_of_the_endpoint_goes_beside_the_scripts(
    flags: tuple[str, ...], copies: list[str]
) -> None:
    found = listed(rendered("one-way", ADDRESS, "kubeedgeVersion=v1.16.6", *flags), "build", " -f a.yaml")
    steps = [one for one in found.steps if one.code == "endpoint-certificate-to-copy"]
    issue = "generator certs issue -f a.yaml -o certs"
    assert [[*one.commands] for one in steps] == ([[issue, *copies]] if copies else [])
    assert all(one.what == "put the certificate of the endpoint beside the scripts" for one in steps)


# --- output ------------------------------------------------------------------------------------


def test_the_text_has_numbers_titles_and_commands() -> None:
    found = listed(rendered("plain", ADDRESS, "agent.psk=of-this-test-only", "crds.istio=true"), "build")
    lines = before_apply_text(found).splitlines()
    assert lines[:7] == [
        "Before you apply in namespace kubeedge:",
        "  1. Service default/kubernetes: exclude it from EdgeMesh [service-to-exclude]",
        (
            "       kubectl --namespace default label services kubernetes "
            "service.edgemesh.kubeedge.io/service-proxy-name= --overwrite"
        ),
        "Apply, in this order:",
        (
            "  2. cloudcore, and wait until it is ready (on a machine with keadm, cloudcore/keadm-init.sh "
            "installs it instead) [manifests-to-apply]"
        ),
        "       kubectl apply --filename build/cloudcore/manifests.yaml",
        "       kubectl --namespace kubeedge rollout status deployment/cloudcore",
    ]
    assert "On the edge nodes:" in lines


def test_the_text_says_that_there_is_nothing_to_do() -> None:
    found = listed(rendered("plain", ADDRESS, charts=("edgecore",)), "build")
    assert before_apply_text(found).startswith("Before you apply in namespace kubeedge:\n  nothing to do\n")


def test_json_has_the_files_and_the_list(run: Run, tmp_path: Path) -> None:
    arguments = (
        "render",
        "--profile",
        "mtls",
        "--set",
        ADDRESS,
        "-o",
        "build",
        "--format",
        "json",
        "--dry-run",
    )
    ran = run(*arguments)
    assert ran.exit_code == 0
    found = json.loads(ran.stdout)
    assert not (tmp_path / "build").exists()
    assert {"action": "create", "path": "build/cloudcore/manifests.yaml"} in found["files"]
    assert found["namespace"] == {"name": "kubeedge", "rendered": True}
    (psk,) = (one for one in found["steps"] if one.get("object", {}).get("name") == "edgemesh-psk")
    assert psk == {
        "part": "before",
        "ruleId": "secret-to-create",
        "what": "Secret kubeedge/edgemesh-psk with psk, for DaemonSet kubeedge/edgemesh-agent",
        "commands": [
            (
                "openssl rand -base64 32 | tr -d '\\n' | kubectl --namespace kubeedge create secret generic "
                "edgemesh-psk --from-file=psk=/dev/stdin"
            )
        ],
        "object": {
            "kind": "Secret",
            "namespace": "kubeedge",
            "name": "edgemesh-psk",
            "keys": ["psk"],
            "optional": False,
        },
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ("--set", "edgeCore.modules.eventBus.mqttPassword=hunter2hunter2"),
        ("-f", "-"),
        ("--set-json", 'images.pullSecrets=["a"]'),
    ],
    ids=["secret", "standard input", "set-json"],
)
def test_commands_read_the_written_values_if_flags_cannot_be_repeated(
    run: Run, arguments: tuple[str, ...]
) -> None:
    ran = run("render", "--profile", "mtls", "--set", ADDRESS, *arguments, "-o", "build", stdin="{}")
    assert ran.exit_code == 0, ran.stderr
    files = " ".join(f"-f build/{chart}/values.yaml" for chart in ("cloudcore", "edgecore", "edgemesh"))
    assert f"generator certs issue {files} --namespace kubeedge" in ran.stdout
    assert "hunter2" not in ran.stdout


def test_the_written_values_together_are_the_site(run: Run, tmp_path: Path) -> None:
    example = str(ROOT / "values/examples/factory.yaml")
    run("render", "--profile", "mtls", "-f", example, "-o", "build")
    files = [str(tmp_path / f"build/{chart}/values.yaml") for chart in ("cloudcore", "edgecore", "edgemesh")]
    assert load_site(files).user == load_site([example], profile="mtls").user


def test_secrets_in_flags_are_masked_on_a_stream() -> None:
    flag = "edgeCore.modules.eventBus.mqttPassword=hunter2hunter2"
    found = listed(rendered("mtls", ADDRESS, flag), site=f" --set {flag}")
    assert "hunter2" not in before_apply_text(found)
    assert "hunter2" not in json.dumps(found.as_dict())
