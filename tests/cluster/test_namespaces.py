"""Several releases in one cluster, and other namespaces than kubeedge."""

from __future__ import annotations

from tests.cluster.api import Api, Key, Object, until
from tests.cluster.helm import Helm, newest_helm
from tests.cluster.leftovers import Leftovers
from tests.cluster.sites import site

OWNER = ("meta.helm.sh/release-name", "meta.helm.sh/release-namespace")


def owned(api: Api, release: str, namespace: str) -> set[Key]:
    """Return the objects of a release."""
    return {
        key
        for key, found in api.everything().items()
        for marks in [found["metadata"].get("annotations") or {}]
        if tuple(marks.get(mark) for mark in OWNER) == (release, namespace)
    }


def pods(api: Api, workload: Object) -> list[Object]:
    """Return the pods that a workload selects."""
    labels = ",".join(f"{key}={value}" for key, value in workload["spec"]["selector"]["matchLabels"].items())
    return api.all("v1", "Pod", workload["metadata"]["namespace"], labelSelector=labels)


def workload(api: Api, kind: str, name: str, namespace: str) -> Object:
    """Return a workload once its controller has created its pods."""
    found = api.get("apps/v1", kind, name, namespace)
    assert found
    until(lambda: len(pods(api, found)) > 0, f"{name} has pods")
    return found


@newest_helm
def test_two_meshes_side_by_side(helm: Helm, api: Api, leftovers: Leftovers) -> None:
    places = [("edgemesh", "mesh"), ("second", "mesh"), ("edgemesh", "factory")]
    for release, namespace in places:
        helm.install("edgemesh", release=release, namespace=namespace, values=site("one-way-verified"))
    for release, namespace in places:
        for kind, name in (("DaemonSet", "agent"), ("Deployment", "gateway")):
            chosen = pods(api, workload(api, kind, f"{release}-{name}", namespace))
            assert {pod["metadata"]["labels"]["app.kubernetes.io/instance"] for pod in chosen} == {release}
    first, second, third = (owned(api, *place) for place in places)
    assert len(first) == len(second) == len(third) > 8
    assert len(first | second | third) == 3 * len(first)
    # One goes, the others stay as they are.
    helm.uninstall("edgemesh", "mesh")
    assert owned(api, "second", "mesh") == second
    assert owned(api, "edgemesh", "factory") == third
    helm.uninstall("second", "mesh")
    helm.uninstall("edgemesh", "factory")
    assert leftovers.settled(set()) == set()


@newest_helm
def test_agents_run_on_cloud_and_edge_nodes(api: Api, helm: Helm, leftovers: Leftovers) -> None:
    assert leftovers.now() == set()
    helm.install("edgemesh", namespace="mesh", values=site("mtls"))
    agent = workload(api, "DaemonSet", "edgemesh-agent", "mesh")
    until(lambda: len(pods(api, agent)) == 2, "one agent for each node")


@newest_helm
def test_edgecore_in_other_namespaces(helm: Helm, api: Api, leftovers: Leftovers) -> None:
    groups: Object = {"edgeCore": {"nodeGroups": {"factory": {}, "field": {}}}}
    for namespace in ("mesh", "factory"):
        helm.install("edgecore", namespace=namespace, values=site("mtls", **groups))
    made = [owned(api, "edgecore", namespace) for namespace in ("mesh", "factory")]
    assert {key[1] for key in made[0]} == {"mesh"}
    assert {key[1] for key in made[1]} == {"factory"}
    for namespace in ("mesh", "factory"):
        helm.uninstall("edgecore", namespace)
    assert leftovers.settled(set()) == set()


@newest_helm
def test_cloudcore_in_another_namespace_is_rejected(helm: Helm, leftovers: Leftovers) -> None:
    done = helm.attempt(*helm.command("cloudcore", namespace="factory"), values=site("mtls"))
    assert done.code
    reason = "namespace: cloudcore works only in the namespace kubeedge (got factory)"
    assert reason in done.err
    assert leftovers.now() == set()
    assert helm.releases() == []


@newest_helm
def test_second_cloudcore_is_rejected(helm: Helm, api: Api, leftovers: Leftovers) -> None:
    assert leftovers.now() == set()
    helm.install("cloudcore", values=site())
    first = owned(api, "cloudcore", "kubeedge")
    done = helm.attempt(*helm.command("cloudcore", release="second"), values=site())
    assert done.code
    assert "cannot be imported into the current release" in done.err
    assert owned(api, "cloudcore", "kubeedge") == first
