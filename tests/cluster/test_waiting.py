"""`--wait` and `--atomic` of Helm; kubelet.py stands in for scheduler and kubelet."""

from __future__ import annotations

import pytest

from tests.cluster.api import Api
from tests.cluster.helm import Helm
from tests.cluster.kubelet import Kubelet
from tests.cluster.leftovers import Leftovers
from tests.cluster.sites import CHARTS, site


@pytest.fixture
def other(kube_config: str) -> Api:
    """Return a second connection, for the thread of the kubelet."""
    return Api.of(kube_config)


def atomic(helm: Helm) -> str:
    """Return the flag that rolls back a failed release."""
    return "--atomic" if helm.major == 3 else "--rollback-on-failure"


def unready(api: Api) -> list[str]:
    """Return the workloads that are not complete."""
    found = [*api.all("apps/v1", "Deployment"), *api.all("apps/v1", "DaemonSet")]
    assert found
    return [
        one["metadata"]["name"]
        for one in found
        for state in [one["status"]]
        if not state.get("readyReplicas", state.get("numberReady"))
        or state["observedGeneration"] != one["metadata"]["generation"]
    ]


def test_wait_ends_when_everything_is_ready(helm: Helm, api: Api, other: Api, leftovers: Leftovers) -> None:
    assert leftovers.now() == set()
    with Kubelet(other):
        for chart in CHARTS:
            helm.install(chart, "--wait", "--timeout", "60s", values=site("mtls"))
        assert unready(api) == []
        changed = site("mtls", images={"registry": "registry.example.com"})
        for chart in CHARTS:
            helm.install(chart, "--wait", "--timeout", "60s", values=changed)
        assert unready(api) == []
        for chart in CHARTS:
            helm("uninstall", chart, "--namespace", "kubeedge", "--wait", "--timeout", "60s")
    assert helm.releases() == []


def test_wait_fails_if_a_pod_does_not_become_ready(helm: Helm, other: Api, leftovers: Leftovers) -> None:
    assert leftovers.now() == set()
    with Kubelet(other, broken="kubeedge/cloudcore:v1.23.1"):
        command = helm.command("cloudcore", "--wait", "--timeout", "5s")
        assert helm.attempt(*command, values=site()).code
        assert helm.releases() == [("kubeedge", "cloudcore", "failed")]
        # A failed release does not block the next installation.
    with Kubelet(other):
        helm.install("cloudcore", "--wait", "--timeout", "60s", values=site())
    assert helm.releases() == [("kubeedge", "cloudcore", "deployed")]


def test_atomic_removes_a_failed_first_installation(helm: Helm, other: Api, leftovers: Leftovers) -> None:
    with Kubelet(other, broken="kubeedge/edgemesh-agent:v1.17.0"):
        command = helm.command("edgemesh", atomic(helm), "--timeout", "5s", namespace="mesh")
        assert helm.attempt(*command, values=site("mtls")).code
        assert leftovers.settled(set()) == set()
    assert helm.releases() == []


def test_atomic_rolls_back_to_the_last_good_revision(
    helm: Helm, api: Api, other: Api, leftovers: Leftovers
) -> None:
    assert leftovers.now() == set()
    with Kubelet(other):
        helm.install("edgemesh", "--wait", "--timeout", "60s", namespace="mesh", values=site("mtls"))
    before = api.get("apps/v1", "DaemonSet", "edgemesh-agent", "mesh")
    assert before
    with Kubelet(other, broken="kubeedge/edgemesh-agent:v1.16.0"):
        changed = site("mtls", edgemeshVersion="v1.16.0")
        command = helm.command("edgemesh", atomic(helm), "--timeout", "5s", namespace="mesh")
        assert helm.attempt(*command, values=changed).code
    after = api.get("apps/v1", "DaemonSet", "edgemesh-agent", "mesh")
    assert after
    assert after["spec"] == before["spec"]
    assert helm.releases() == [("mesh", "edgemesh", "deployed")]
