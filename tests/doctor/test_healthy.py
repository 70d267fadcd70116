"""Healthy installations of many kinds have no finding."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from generator.doctor.diagnose import diagnose
from generator.doctor.report import Report
from tests.doctor.changes import Change, changed_later, edit, pods, revoke, taint
from tests.doctor.clusters import (
    DAY,
    GROUPS,
    NOW,
    RELAY,
    ROLLOUT,
    STREAMS,
    application,
    at,
    install,
    pod,
    ready_condition,
)
from tests.doctor.fake_kubectl import FakeKubectl, Json, failure

pytestmark = pytest.mark.long

LINES = {"edge-1": {"line": "a"}, "edge-2": {"line": "b"}}
SITES = {
    f"{kubeedge}-{profile}": (kubeedge, profile)
    for kubeedge in ("v1.12.7", "v1.16.6", "v1.20.0", "v1.23.1")
    for profile in ("plain", "one-way", "one-way-verified", "mtls")
}


def found(cluster: FakeKubectl) -> Report:
    """Check a cluster."""
    return diagnose(cluster, now=NOW)


def texts(report: Report) -> list[str]:
    """Return all findings."""
    return [str(one) for one in report.findings]


@pytest.mark.parametrize("site", SITES.values(), ids=SITES)
def test_each_release_and_profile(site: tuple[str, str]) -> None:
    report = found(install(*site))
    assert texts(report) == []
    assert report.checked
    assert not report.failed


@pytest.mark.parametrize("profile", ["plain", "one-way-verified", "mtls"])
@pytest.mark.parametrize("kubeedge", ["v1.12.7", "v1.23.1"])
def test_all_parts(kubeedge: str, profile: str) -> None:
    report = found(install(kubeedge, profile, *STREAMS, *GROUPS, *RELAY, labels=LINES))
    assert texts(report) == []
    assert {check.title for check in report.checks if check.skipped} == set()


# --- installations by others -----------------------------------------------------------------------


def _upstream(cluster: FakeKubectl) -> None:
    """Make the objects those of upstream's charts: with its labels and roles."""
    for one in cluster.store:
        _without_our_labels(one["metadata"])
        spec = one.get("spec") or {}
        _without_our_labels((spec.get("template") or {}).get("metadata") or {})
        _without_our_labels(spec.get("selector") or {}, "matchLabels")
        one["metadata"].pop("annotations", None)
    for resource, verbs in MISSING_UPSTREAM.items():
        for role in ("cloudcore-common", "cloudcore-endpoint"):
            revoke(cluster, role, resource, *verbs)
    if not cluster.of("ServiceAccountAccess"):
        revoke(cluster, "cloudcore-common", "certificatesigningrequests", *ALL_VERBS)


def _without_our_labels(found: Json, name: str = "labels") -> None:
    kept = (found.get(name) or {}).items()
    found[name] = {key: value for key, value in kept if not key.startswith("app.kubernetes.io")}


# What upstream's chart does not grant, from KubeEdge 1.12 to 1.23.
ALL_VERBS = ("get", "list", "watch", "create", "update", "patch")
MISSING_UPSTREAM = {
    "volumeattachments": ALL_VERBS,
    "devicestatuses": ALL_VERBS,
    "devices/finalizers": ALL_VERBS,
    "endpointslices": ALL_VERBS,
}


def _keadm(cluster: FakeKubectl) -> None:
    """Remove the release of charts/edgecore; cloudcore is upstream's, with its default configuration."""
    _upstream(cluster)
    cluster.drop("ConfigMap", "edgecore")
    edit(cluster, "cloudcore", "modules.dynamicController.enable", False)
    # cloudcore wrote the minimum of a value into its ConfigMap when it started.
    cluster.get("ConfigMap", "cloudcore")["metadata"]["managedFields"] = []
    changed_later(cluster, "cloudcore", manager="cloudcore")
    _without_edgemesh(cluster)


def _without_edgemesh(cluster: FakeKubectl) -> None:
    cluster.store = [one for one in cluster.store if "edgemesh" not in one["metadata"]["name"]]


def _outside(cluster: FakeKubectl) -> None:
    """Run cloudcore as a program on a machine."""
    for kind in ("Deployment", "ConfigMap", "ServiceAccount", "Secret"):
        cluster.store = [
            one for one in cluster.store if one["kind"] != kind or "cloudcore" not in one["metadata"]["name"]
        ]
    cluster.store = [one for one in cluster.store if one not in pods(cluster, "cloudcore")]


def _managed(cluster: FakeKubectl) -> None:
    """Remove the nodes of the control plane; the issuer is not a URL of the cluster, and has no document."""
    cluster.drop("Node", "control-1")
    cluster.store = [one for one in cluster.store if (one.get("spec") or {}).get("nodeName") != "control-1"]
    cluster.issuer = failure("Error from server (NotFound): the server could not find the requested resource")


@pytest.mark.parametrize("gate", ["plain", "one-way"])
@pytest.mark.parametrize("kubeedge", ["v1.12.7", "v1.20.0", "v1.23.1"])
def test_upstream_charts(kubeedge: str, gate: str) -> None:
    cluster = install(kubeedge, gate)
    _upstream(cluster)
    assert _codes(found(cluster)) == _lacking_upstream(kubeedge)


def _codes(report: Report) -> list[str]:
    return [one.code for one in report.findings]


def _lacking_upstream(kubeedge: str) -> list[str]:
    """Return the warning for upstream's chart, which does not grant what devices need in 1.23."""
    return ["device-permission-missing"] if kubeedge == "v1.23.1" else []


def test_upstream_1_23_with_tls_lacks_get() -> None:
    cluster = install("v1.23.1", "one-way")
    _upstream(cluster)
    for resource in ("serviceaccounts", "serviceaccountaccesses", "roles"):
        revoke(cluster, "cloudcore-feature", resource, "get")
    group = "rbac.authorization.k8s.io"
    one, other = found(cluster).findings
    assert other.code == "device-permission-missing"
    assert one.what == (
        "system:serviceaccount:kubeedge:cloudcore may not: policy.kubeedge.io/serviceaccountaccesses: get, "
        f"{group}/clusterrolebindings: get, {group}/clusterroles: get, {group}/rolebindings: get, "
        f"{group}/roles: get and 1 more"
    )


def test_upstream_1_20_without_get_of_access_objects() -> None:
    cluster = install("v1.20.0", "one-way")
    for resource in ("serviceaccounts", "serviceaccountaccesses", "roles"):
        revoke(cluster, "cloudcore-feature", resource, "get")
    assert texts(found(cluster)) == []


@pytest.mark.parametrize(
    "change", [_keadm, _without_edgemesh, _outside, _managed], ids=lambda one: one.__name__.strip("_")
)
@pytest.mark.parametrize(
    "site", [("v1.23.1", "plain"), ("v1.20.0", "one-way"), ("v1.12.7", "plain")], ids=str
)
def test_other_installations(site: tuple[str, str], change: Change) -> None:
    cluster = install(*site)
    change(cluster)
    report = found(cluster)
    assert _codes(report) == (_lacking_upstream(site[0]) if change is _keadm else [])
    assert report.checked


def test_cloudcore_in_another_namespace() -> None:
    cluster = install("v1.23.1", "one-way")
    for kind, name in (("Deployment", "cloudcore"), ("ConfigMap", "cloudcore")):
        cluster.get(kind, name)["metadata"]["namespace"] = "cloud"
    for one in pods(cluster, "cloudcore"):
        one["metadata"]["namespace"] = "cloud"
    for one in cluster.store:
        for subject in one.get("subjects") or ():
            if subject["name"] == "cloudcore":
                subject["namespace"] = "cloud"
        # Its own Secrets stay in kubeedge. The permissions to write them are in that namespace.
    assert texts(found(cluster)) == []


def test_nothing_is_checked_without_edge_nodes_and_cloudcore() -> None:
    report = found(FakeKubectl([]))
    assert (texts(report), report.checked) == ([], False)


@pytest.mark.parametrize("profile", ["plain", "one-way-verified"])
def test_no_edge_node(profile: str) -> None:
    report = found(install("v1.23.1", profile, *STREAMS, *ROLLOUT, nodes=()))
    assert texts(report) == []
    assert report.checked


# --- what happens in healthy clusters --------------------------------------------------------------

Happens = Callable[[FakeKubectl], None]


def _completed(cluster: FakeKubectl) -> None:
    one = application("job", "edge-1", "batch", created=NOW - 20 * DAY, owner=("Job", "job"))
    one["status"]["phase"] = "Succeeded"
    cluster.store.append(one)


def _evicted(cluster: FakeKubectl) -> None:
    (old,) = pods(cluster, "cloudcore-7d4b9c")
    gone = {
        **old,
        "metadata": {**old["metadata"], "name": "cloudcore-7d4b9c-z"},
        "status": {"phase": "Failed"},
    }
    gone["metadata"]["creationTimestamp"] = at(NOW - 20 * DAY)
    cluster.store.append(gone)


def _starting(cluster: FakeKubectl) -> None:
    one = application("new", "edge-1", "new", created=NOW - timedelta(seconds=20))
    one["status"]["conditions"] = [ready_condition(False)]
    cluster.store.append(one)


def _agent_update(cluster: FakeKubectl) -> None:
    (first,) = pods(cluster, "edgemesh-agent-1ex")
    first["metadata"]["deletionTimestamp"] = at(NOW)
    (second,) = pods(cluster, "edgemesh-agent-2ex")
    second["metadata"]["creationTimestamp"] = at(NOW - timedelta(seconds=20))
    second["status"]["conditions"] = [ready_condition(False)]


def _static_pod(cluster: FakeKubectl) -> None:
    spec = {"serviceAccountName": "", "containers": [{"name": "app", "image": "app:1"}], "hostNetwork": True}
    cluster.store.append(pod("static-edge-1", "edge-1", spec, owner=("Node", "edge-1")))


def _no_roles(cluster: FakeKubectl) -> None:
    """Bind a role in a namespace that cloudcore does not read for the account."""
    role = {"kind": "Role", "name": "lease"}
    subjects = [{"kind": "ServiceAccount", "name": "default", "namespace": "shop"}]
    rule = {"apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": ["get"]}
    meta = {"name": "lease", "namespace": "other"}
    cluster.store.append({"kind": "Role", "metadata": meta, "rules": [rule]})
    cluster.store.append({"kind": "RoleBinding", "metadata": meta, "roleRef": role, "subjects": subjects})


def _deleted_node(cluster: FakeKubectl) -> None:
    cluster.drop("Node", "edge-2")


def _adapted_daemonset(cluster: FakeKubectl) -> None:
    spec = {
        "nodeSelector": {"node-role.kubernetes.io/edge": ""},
        "containers": [{"name": "cni", "image": "cni:1"}],
    }
    meta = {"name": "kube-flannel-edge-ds", "namespace": "kube-flannel"}
    cluster.store.append({"kind": "DaemonSet", "metadata": meta, "spec": {"template": {"spec": spec}}})
    owner = ("DaemonSet", "kube-flannel-edge-ds")
    found_pod = pod(
        "kube-flannel-edge-ds-1",
        "edge-1",
        {**spec, "serviceAccountName": ""},
        namespace="kube-flannel",
        owner=owner,
    )
    cluster.store.append(found_pod)


def _cloud_taint(cluster: FakeKubectl) -> None:
    taint(cluster, "cloud-1", "dedicated", "db")
    cluster.drop("Pod", "edgemesh-agent-1cx")


def _labels_changed(cluster: FakeKubectl) -> None:
    """Upgrade the chart; only labels of the ConfigMap change, and its pods go on."""
    changed_later(cluster, "cloudcore", "helm")


def _old_request(cluster: FakeKubectl) -> None:
    request = cluster.get("CertificateSigningRequest", "metaserver-csr-edge-1")
    request["metadata"]["name"] = "metaserver-csr-gone"
    request["status"] = {"conditions": [{"type": "Approved", "status": "True"}]}


def _two_replicas(cluster: FakeKubectl) -> None:
    cluster.get("Deployment", "cloudcore")["spec"]["replicas"] = 2
    (first,) = pods(cluster, "cloudcore-7d4b9c")
    second = {**first, "metadata": {**first["metadata"], "name": "cloudcore-7d4b9c-b"}}
    cluster.store.append({**second, "status": {**first["status"], "podIP": "192.0.2.11"}})


@pytest.mark.parametrize(
    "happens",
    [
        _completed,
        _evicted,
        _starting,
        _agent_update,
        _static_pod,
        _no_roles,
        _deleted_node,
        _adapted_daemonset,
        _cloud_taint,
        _labels_changed,
        _old_request,
        _two_replicas,
    ],
    ids=lambda one: one.__name__.strip("_"),
)
def test_no_false_alarm(happens: Happens) -> None:
    cluster = install("v1.23.1", "one-way-verified", *STREAMS, *ROLLOUT)
    happens(cluster)
    assert texts(found(cluster)) == []


def test_request_from_before_requireauthorization_was_turned_off() -> None:
    tls, cluster = install("v1.23.1", "one-way-verified"), install("v1.23.1", "plain")
    requests = tls.of("CertificateSigningRequest")
    for one in requests:
        one["status"] = {}
    cluster.store += requests
    assert texts(found(cluster)) == []
