"""`generator install`, `status` and `uninstall` on a real API server, with Helm 3 and 4.

kubelet.py stands in for the kubelet and makes pods ready; no container runs.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator import go_yaml
from generator.components import KUBEEDGE
from generator.upstream import Release
from generator.upstream.effective import effective_config
from tests.certs import pki
from tests.cluster.api import Api, until
from tests.cluster.command import Generator
from tests.cluster.conftest import STARTED
from tests.cluster.control_plane import ControlPlane
from tests.cluster.helm import Helm, newest_helm
from tests.cluster.kubelet import EDGE, Kubelet
from tests.cluster.leftovers import Leftovers

PSK = base64.b64encode(b"a key that nobody may see: 32 by").decode()
SITE = """\
cloudCore:
  modules:
    cloudHub:
      advertiseAddress: [192.0.2.10]
      nodeLimit: 500
agent:
  relayNodes:
  - nodeName: cloud-1
    advertiseAddress: [192.0.2.20]
"""
PLAIN = ("--profile", "plain", "-f", "site.yaml")
DRIFTED = (
    "release edgemesh: 1 object changed since the Helm release was installed "
    "(run `generator install` again with the same values; what others added stays) [drift]"
)
VERIFIED = ("--profile", "one-way-verified", "-f", "site.yaml")
GO = ("--yes", "--timeout", "60s")


@pytest.fixture
def generator(helm: Helm, api: Api, leftovers: Leftovers, tmp_path: Path) -> Iterator[Generator]:
    """Give the command in a folder with a site, and a cluster with the Secrets that pods require."""
    assert leftovers.now() == set()
    found = Generator(helm, tmp_path)
    found.site(SITE)
    add_secret(api, "edgemesh-psk", {"psk": PSK})
    add_own_secrets(api)
    yield found
    found.stop()


@pytest.fixture
def ready(api: Api) -> Iterator[None]:
    """Make every pod ready soon after it is created."""
    with Kubelet(api):
        yield


def add_secret(api: Api, name: str, data: dict[str, str]) -> None:
    """Create a Secret in kubeedge."""
    encoded = {key: base64.b64encode(text.encode()).decode() for key, text in data.items()}
    meta = {"name": name, "namespace": "kubeedge"}
    api.create({"apiVersion": "v1", "kind": "Secret", "metadata": meta, "data": encoded})


OWN_SECRETS = ("casecret", "cloudcoresecret", "tokensecret")


def add_own_secrets(api: Api) -> None:
    """Create the Secrets that cloudcore creates when it starts."""
    for name in OWN_SECRETS:
        add_secret(api, name, {"data": "made by cloudcore"})


def config(api: Api, name: str, key: str) -> dict[str, Any]:
    """Return a config from its live ConfigMap."""
    found = api.get("v1", "ConfigMap", name, "kubeedge")
    assert found
    read: dict[str, Any] = go_yaml.load(found["data"][key])
    return read


def write_config(api: Api, data: dict[str, Any]) -> None:
    """Write cloudcore.yaml as another client than Helm."""
    path = "/api/v1/namespaces/kubeedge/configmaps/cloudcore"
    api.do("PATCH", path, {"data": {"cloudcore.yaml": go_yaml.dump(data)}}, "merge")


def states(helm: Helm) -> dict[str, str]:
    """Return the state of each release."""
    return {name: state for _, name, state in helm.releases()}


ALL_DEPLOYED = dict.fromkeys(("cloudcore", "edgecore", "edgemesh"), "deployed")


@pytest.mark.usefixtures("ready")
def test_install_upgrade_and_status(generator: Generator, helm: Helm, api: Api, leftovers: Leftovers) -> None:
    before = leftovers.now()
    shown = generator("install", *PLAIN, "--dry-run")
    assert "cloudcore: install, " in shown.out
    assert leftovers.now() == before
    done = generator("install", *PLAIN, *GO)
    steps = [line for line in done.err.splitlines() if line.startswith("[")]
    assert [line.split(" ")[1] for line in steps[::2]] == ["cloudcore:", "edgecore:", "edgemesh:"]
    assert f"By hand, on each of {EDGE}:" in done.out
    assert states(helm) == ALL_DEPLOYED
    again = generator("install", *PLAIN, *GO)
    assert again.out.count("nothing to do (revision 1)") == 3
    assert "[1/" not in again.err
    assert "no findings" in generator("status").out
    assert "no findings" in generator("status", *PLAIN).out

    upgraded = generator("install", *PLAIN, "--set", "cloudCore.modules.cloudHub.nodeLimit=700", *GO)
    assert "modules.cloudHub.nodeLimit" in upgraded.out
    assert "[1/3] cloudcore: upgrade" in upgraded.err
    assert config(api, "cloudcore", "cloudcore.yaml")["modules"]["cloudHub"]["nodeLimit"] == 700
    assert "By hand" not in upgraded.out
    assert PSK not in done.out + done.err + upgraded.out + upgraded.err


@newest_helm
def test_missing_secret_and_namespace_are_blockers(generator: Generator) -> None:
    mesh = ("--chart", "edgemesh", "--namespace", "nowhere")
    blockers = generator("install", *PLAIN, *mesh, "--dry-run", code=1).err
    assert "namespace nowhere: does not exist; the missing Secrets belong in it " in blockers
    assert "(kubectl create namespace nowhere) [namespace-missing]\n" in blockers
    assert (
        "secret nowhere/edgemesh-psk: does not exist; DaemonSet nowhere/edgemesh-agent needs it " in blockers
    )
    assert "--from-file=psk=/dev/stdin) [secret-missing]\n2 problems" in blockers


@newest_helm
@pytest.mark.usefixtures("ready")
def test_switch_of_tls_stops_for_the_edge_nodes(generator: Generator, api: Api) -> None:
    generator("install", *PLAIN, *GO)
    first = generator("install", *VERIFIED, *GO)
    assert "  cloudcore, edgecore -> 1 edge node -> edgemesh\n" in first.out
    assert (
        "then run the same command again with --nodes-done; it then upgrades the Helm releases "
        "edgemesh [step-nodes-done]" in first.out
    )
    assert tls(api) == {"cloud": True, "edge": True, "agent": False}
    findings = generator("status", code=1).out
    assert "TLS of the endpoint is on in one component and off in another" in findings
    rejected = generator("install", *VERIFIED, *GO, code=1)
    assert f"change the edge nodes first: {EDGE}; nothing was changed" in rejected.err
    assert tls(api) == {"cloud": True, "edge": True, "agent": False}
    generator("install", *VERIFIED, *GO, "--nodes-done")
    assert tls(api) == {"cloud": True, "edge": True, "agent": True}
    assert "no findings" in generator("status").out

    back = generator("install", *PLAIN, *GO, "--nodes-done")
    assert "  edgecore -> 1 edge node -> edgemesh, cloudcore\n" in back.out
    assert tls(api) == {"cloud": True, "edge": False, "agent": True}
    generator("install", *PLAIN, *GO, "--nodes-done")
    assert tls(api) == {"cloud": False, "edge": False, "agent": False}


def tls(api: Api) -> dict[str, bool]:
    """Return whether TLS is on in each component."""
    gates = {
        part: config(api, name, f"{name}.yaml").get("featureGates", {}).get("requireAuthorization", False)
        for part, name in (("cloud", "cloudcore"), ("edge", "edgecore"))
    }
    agent = config(api, "edgemesh-agent-cfg", "edgemesh-agent.yaml")
    security = agent["kubeAPIConfig"]["metaServer"].get("security", {})
    return {**gates, "agent": security.get("requireAuthorization", False)}


@pytest.mark.usefixtures("ready")
def test_drift_is_reported_and_reverted(generator: Generator, api: Api) -> None:
    generator("install", *PLAIN, *GO)
    # cloudcore writes its whole config with all defaults when it starts, and sets some keys itself.
    written = config(api, "cloudcore", "cloudcore.yaml")
    whole = effective_config("cloudcore", Release.parse(KUBEEDGE, "v1.23.1"), written)
    assert len(json.dumps(whole)) > 2 * len(json.dumps(written))
    write_config(api, whole)
    assert "no findings" in generator("status").out

    whole["modules"]["cloudHub"]["keepaliveInterval"] = 99
    write_config(api, whole)
    env = [{"name": "edgemesh-agent", "env": [{"name": "ADDED", "value": "1"}]}]
    path = "/apis/apps/v1/namespaces/kubeedge/daemonsets/edgemesh-agent"
    patch = {"spec": {"template": {"spec": {"containers": env}}}}
    kubectl = [generator.environment["KUBECTL"], "patch", "--namespace=kubeedge", "daemonset/edgemesh-agent"]
    command = [*kubectl, "--patch", json.dumps(patch)]
    subprocess.run(command, env=generator.environment, check=True, capture_output=True)
    assert "ADDED" in json.dumps(api.do("GET", path)["spec"])
    api.delete("rbac.authorization.k8s.io/v1", "Role", "cloudcore", "kubeedge")
    found = generator("status", code=1)
    assert "cloudcore.yaml: modules.cloudHub.keepaliveInterval" in found.out
    assert "- Role kubeedge/cloudcore (deleted)" in found.out
    assert "spec.template.spec.containers[edgemesh-agent].env[ADDED]" in found.out
    report = json.loads(generator("status", "--format", "json", code=1).out)
    assert [one["drift"]["summary"]["changed"] for one in report["releases"]] == [1, 0, 1]

    reverted = generator("install", *PLAIN, *GO)
    assert "[1/1] cloudcore: upgrade" in reverted.err
    assert config(api, "cloudcore", "cloudcore.yaml") == written
    restart = "(kubectl --namespace kubeedge rollout restart deployment/cloudcore) [step-restart-pods]"
    assert f"By hand:\n  cloudcore reads it only when it starts {restart}\n" in reverted.out
    left = generator("status", code=1)
    assert left.out.splitlines()[-2:] == [DRIFTED, "1 finding found"]


@newest_helm
def test_certificates_and_missing_secrets(generator: Generator, api: Api) -> None:
    rejected = generator("install", "--profile", "mtls", "-f", "site.yaml", *GO, code=1)
    assert "secret kubeedge/metaserver-certs: does not exist; DaemonSet kubeedge/edgemesh-agent needs it" in (
        rejected.err
    )
    assert "generator certs issue --profile mtls -f site.yaml" in rejected.err
    ca = pki.make("ca", ca=True, end=300 * pki.DAY)
    pair = pki.make("agent", by=ca, uses=("client",), end=10 * pki.DAY)
    add_secret(api, "metaserver-certs", {"rootCA.crt": ca.cert_text, "server.crt": pair.cert_text})
    incomplete = generator("install", "--profile", "mtls", "-f", "site.yaml", *GO, code=1)
    assert "secret kubeedge/metaserver-certs: has no key server.key" in incomplete.err
    api.do(
        "PATCH",
        "/api/v1/namespaces/kubeedge/secrets/metaserver-certs",
        {"stringData": {"server.key": pair.key_text}},
        "merge",
    )
    with Kubelet(api):
        generator("install", "--profile", "mtls", "-f", "site.yaml", *GO)
    soon = generator("status", code=1)
    assert "secret kubeedge/metaserver-certs: server.crt: CN=agent expires on " in soon.out
    assert soon.out.splitlines()[-1] == "1 finding found"
    assert "no findings" in generator("status", "--expires-within", "5").out
    assert "PRIVATE KEY" not in soon.out + soon.err


@newest_helm
def test_timeout_names_pods_and_the_next_run_continues(generator: Generator, helm: Helm, api: Api) -> None:
    # No kubelet makes pods ready.
    late = generator("install", *PLAIN, "--yes", "--timeout", "5s", code=3)
    assert "release:cloudcore: " in late.err
    assert "pod cloudcore-" in late.err
    # A timeout is not mistaken for an outage of the API server.
    assert "lost the API server" not in late.err
    assert states(helm) == {"cloudcore": "failed"}
    with Kubelet(api):
        generator("install", *PLAIN, *GO)
    assert states(helm) == ALL_DEPLOYED


@newest_helm
@pytest.mark.usefixtures("ready")
def test_another_ca_stops_for_the_edge_nodes(generator: Generator, api: Api) -> None:
    add_secret(api, "metaserver-certs", dict.fromkeys(("rootCA.crt", "server.crt", "server.key"), "x"))
    generator("install", *VERIFIED, "--set", "kubeedgeVersion=v1.16.6", *GO)
    newer = (*VERIFIED, "--set", "kubeedgeVersion=v1.17.0", *GO)
    first = generator("install", *newer)
    assert (
        "another CA signs the endpoints' certificates; this order keeps edge applications connected:"
        in first.out
    )
    assert "upgrade edgecore to v1.17.0 on every edge node" in first.out
    assert "with --nodes-done; it then upgrades the Helm releases edgemesh [step-nodes-done]" in first.out
    assert (
        "change the edge nodes first: edge-1; nothing was changed" in generator("install", *newer, code=1).err
    )
    generator("install", *newer, "--nodes-done")
    assert generator("install", *newer).out.count("nothing to do") == 3


@newest_helm
def test_steps_by_hand_are_printed_after_a_failure(generator: Generator, api: Api) -> None:
    older = ("--set", "kubeedgeVersion=v1.21.0")
    with Kubelet(api):
        generator("install", *PLAIN, *older, *GO)
    with Kubelet(api, broken="broken:1"):
        broken = ("--set", "agent.image=broken:1")
        late = generator("install", *PLAIN, *broken, "--yes", "--timeout", "10s", code=3)
    assert "release:edgemesh: " in late.err
    upgrade = "upgrade edgecore to v1.23.1 on every edge node [step-upgrade-edgecore]"
    assert f"By hand, on each of edge-1:\n  {upgrade}\n  write /etc/" in late.out
    status = generator("status", code=1).out
    # The update stops at the first pod that does not become ready.
    assert (
        "release edgemesh: DaemonSet kubeedge/edgemesh-agent: 1 of 2 pods up to date, 1 available" in status
    )


@newest_helm
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["sigint", "sigterm"])
def test_interrupted_run_can_be_continued(
    generator: Generator, helm: Helm, api: Api, sent: signal.Signals
) -> None:
    running = generator.start("install", *PLAIN, *GO)
    until(lambda: deployment(api), "cloudcore is applied")
    # Ctrl-C signals the whole process group, SIGTERM only the one process.
    os.killpg(running.pid, sent) if sent is signal.SIGINT else running.send_signal(sent)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 3, out + err
    assert "interrupted at release cloudcore: revision 1 is failed (run the same command again to" in err
    assert states(helm) == {"cloudcore": "failed"}
    with Kubelet(api):
        generator("install", *PLAIN, *GO)
    assert states(helm) == ALL_DEPLOYED


def deployment(api: Api) -> bool:
    """Return whether the Deployment of cloudcore exists."""
    return api.get("apps/v1", "Deployment", "cloudcore", "kubeedge") is not None


def kill(running: subprocess.Popen[str]) -> None:
    """Kill a command and its helm with SIGKILL."""
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate(timeout=30)


def test_killed_run_does_not_block_the_next(generator: Generator, helm: Helm, api: Api) -> None:
    running = generator.start("install", *PLAIN, *GO)
    until(lambda: deployment(api), "cloudcore is applied")
    kill(running)
    assert states(helm) == {"cloudcore": "pending-install"}
    assert "another operation" in helm.attempt(*helm.command("cloudcore"), values={}).err
    assert "release cloudcore: revision 1 is pending-install" in generator("status", code=1).out
    # While another helm may still be running, nothing changes.
    waiting = generator.start("install", *PLAIN, "--yes", "--timeout", "5m")
    assert waiting.stderr
    next(line for line in waiting.stderr if "another helm may still be running" in line)
    waiting.send_signal(signal.SIGINT)
    assert "interrupted before release cloudcore was started" in waiting.communicate(timeout=30)[1]
    assert states(helm) == {"cloudcore": "pending-install"}
    with Kubelet(api):
        done = generator("install", *PLAIN, "--yes", "--timeout", "10s")
    assert "cloudcore: revision 1 is pending-install, from an interrupted run; completing it" in done.err
    assert states(helm) == ALL_DEPLOYED

    more = ("--set", "cloudCore.modules.cloudHub.nodeLimit=700")
    running = generator.start("install", *PLAIN, *more, *GO)
    until(lambda: states(helm)["cloudcore"] == "pending-upgrade", "the upgrade has started")
    kill(running)
    with Kubelet(api):
        done = generator("install", *PLAIN, *more, "--yes", "--timeout", "10s")
    assert "is pending-upgrade, from an interrupted run; rolling back to revision 3" in done.err
    assert states(helm) == ALL_DEPLOYED
    assert config(api, "cloudcore", "cloudcore.yaml")["modules"]["cloudHub"]["nodeLimit"] == 700


@newest_helm
@pytest.mark.usefixtures("ready")
def test_uninstall_keeps_what_it_lists(generator: Generator, api: Api, leftovers: Leftovers) -> None:
    generator("install", *PLAIN, *GO)
    device = {"name": "sensor", "namespace": "factory"}
    api.create(
        {
            "apiVersion": "devices.kubeedge.io/v1beta1",
            "kind": "Device",
            "metadata": device,
            "spec": {"nodeName": EDGE, "properties": [{"name": "temperature"}]},
        }
    )
    listed = generator("uninstall", "--dry-run").out
    assert "removed, in this order: edgemesh (revision 1, deployed) -> edgecore" in listed
    assert "1 devices.devices.kubeedge.io" in listed
    names = (*OWN_SECRETS, "edgemesh-psk")
    assert all(f"  secret kubeedge/{name}\n" in listed for name in names)
    assert generator("uninstall", "--yes", "--timeout", "60s").out == listed
    crds = {key for key in leftovers.now() if key[0] == "CustomResourceDefinition"}
    assert len(crds) > 10
    kept = crds | {("Device", "factory", "sensor")} | {("Secret", "kubeedge", name) for name in names}
    assert leftovers.settled(kept) == kept
    assert generator("uninstall", "--yes").out == "nothing is installed\n"
    nothing = "nothing was checked: no release is installed in the namespace kubeedge\n"
    assert generator("status", code=2).out.endswith(nothing)
    # The CRDs still belong to this release, so the next installation uses them.
    generator("install", *PLAIN, *GO)
    assert api.get("devices.kubeedge.io/v1beta1", "Device", "sensor", "factory")


@pytest.fixture
def plane(pytestconfig: pytest.Config) -> ControlPlane:
    """Return the control plane that this run started; an external one cannot be stopped."""
    started = pytestconfig.stash.get(STARTED, None)
    if started is None:
        pytest.skip("the API server of a given cluster cannot be stopped")
    return started


@newest_helm
@pytest.mark.parametrize("how", ["paused", "gone"])
def test_outage_of_the_api_server_for_30_seconds(
    generator: Generator, helm: Helm, api: Api, plane: ControlPlane, how: str
) -> None:
    running = generator.start("install", *PLAIN, "--yes", "--timeout", "90s")
    until(lambda: deployment(api), "cloudcore is applied")
    with plane.without_server(paused=how == "paused"):
        time.sleep(30)
    with Kubelet(api):
        out, err = running.communicate(timeout=180)
    assert running.returncode == 0, out + err
    assert states(helm) == ALL_DEPLOYED
    # Helm survives the outage and waits, or fails at once and the release is applied again.
    assert "the API server does not answer" in err or "lost the API server; waiting until it answers" in err


CRD = ("apiextensions.k8s.io/v1", "CustomResourceDefinition")


def served(api: Api) -> int:
    """Return how many CRDs the API server serves."""
    found = (one["status"].get("conditions") or () for one in api.all(*CRD))
    return sum(("Established", "True") in {(c["type"], c["status"]) for c in each} for each in found)


@newest_helm
def test_accepted_crds_that_are_not_served_are_touched(
    generator: Generator, api: Api, plane: ControlPlane
) -> None:
    running = generator.start("install", *PLAIN, "--yes", "--timeout", "90s")
    until(lambda: deployment(api), "cloudcore is applied")
    crds = len(api.all(*CRD))
    until(lambda: served(api) == crds, "the CRDs are served")
    with plane.without_server(paused=False):
        plane.unserve_crds()
    until(lambda: served(api) == crds, "the CRDs are served again", seconds=60)
    with Kubelet(api):
        out, err = running.communicate(timeout=180)
    assert running.returncode == 0, out + err
    assert f"cloudcore: {crds} CRDs accepted but not served; writing an annotation to each" in err
    annotations = [set(one["metadata"]["annotations"]) for one in api.all(*CRD)]
    assert all(not any("touched" in key for key in found) for found in annotations)
