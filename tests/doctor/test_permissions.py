"""The roles that a report offers for missing permissions, and which permissions count as granted."""

from __future__ import annotations

from generator.doctor.cluster import LiveCluster
from generator.doctor.diagnose import diagnose
from generator.doctor.permissions import aggregates, denied, granted, readable, role_text, rules_of, user_of
from generator.kube.rbac import Permission
from tests.doctor.changes import revoke
from tests.doctor.clusters import NOW, install
from tests.doctor.fake_kubectl import FakeKubectl

ACCOUNT = ("kubeedge", "cloudcore")
GET_PODS = ("", "pods", "", "get")


def manifest(cluster: FakeKubectl, title: str) -> str:
    """Return the manifest of a check."""
    (found,) = [one for one in diagnose(cluster, now=NOW).checks if one.title == title]
    return found.manifest


def test_missing_permissions_as_an_aggregated_role() -> None:
    cluster = install()
    revoke(cluster, "cloudcore-feature", "serviceaccounts", "get")
    revoke(cluster, "cloudcore-feature", "serviceaccountaccesses", "get", "watch")
    assert (
        manifest(cluster, "cloudcore has the permissions of its release")
        == """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: cloudcore-missing-f576d6
  labels:
    rbac/aggregate-to-cloudcore: "true"
rules:
- apiGroups:
  - ""
  resources:
  - serviceaccounts
  verbs:
  - get
- apiGroups:
  - policy.kubeedge.io
  resources:
  - serviceaccountaccesses
  verbs:
  - get
  - watch
"""
    )


def test_role_repairs_the_finding() -> None:
    cluster = install()
    revoke(cluster, "cloudcore-feature", "serviceaccounts", "get")
    rules = [{"apiGroups": [""], "resources": ["serviceaccounts"], "verbs": ["get"]}]
    labels = {"rbac/aggregate-to-cloudcore": "true"}
    role = {
        "kind": "ClusterRole",
        "metadata": {"name": "cloudcore-missing", "labels": labels},
        "rules": rules,
    }
    assert diagnose(cluster, now=NOW).failed
    cluster.store.append(role)
    assert diagnose(cluster, now=NOW).findings == []


def test_role_with_a_binding_where_nothing_is_aggregated() -> None:
    text = role_text(ACCOUNT, "missing", {"": {GET_PODS}, "kubeedge": {GET_PODS}}, aggregate=False)
    kinds = [line for line in text.splitlines() if line.startswith("kind: ")]
    assert kinds == ["kind: ClusterRole", "kind: ClusterRoleBinding", "kind: Role", "kind: RoleBinding"]
    assert text.count("name: cloudcore\n") == 2
    assert "aggregate" not in text


def test_rules_are_joined_by_resource() -> None:
    found = rules_of([GET_PODS, ("", "pods", "", "list"), ("apps", "deployments", "web", "get")])
    assert found == [
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]},
        {"apiGroups": ["apps"], "resources": ["deployments"], "resourceNames": ["web"], "verbs": ["get"]},
    ]


def test_permissions_of_groups_count() -> None:
    cluster = FakeKubectl([])
    live = LiveCluster(cluster)
    assert denied(live, ACCOUNT, {"": {GET_PODS}}) == {"": {GET_PODS}}
    rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["*"]}]
    subject = {"kind": "Group", "name": "system:serviceaccounts:kubeedge"}
    reference = {"kind": "ClusterRole", "name": "a"}
    meta = {"name": "a"}
    cluster.store = [
        {"kind": "ClusterRole", "metadata": meta, "rules": rules},
        {"kind": "ClusterRoleBinding", "metadata": meta, "roleRef": reference, "subjects": [subject]},
    ]
    assert denied(live, ACCOUNT, {"": {GET_PODS}}) == {}


def test_api_groups_without_a_server_are_not_requested() -> None:
    cluster = FakeKubectl([])
    live = LiveCluster(cluster, groups=frozenset(["", "apps"]))
    assert denied(live, ACCOUNT, {"": {("networking.istio.io", "*", "", "list")}}) == {}
    assert cluster.calls == []


def test_only_types_that_are_listed_or_watched_are_readable() -> None:
    wanted: dict[str, set[Permission]] = {
        "": {GET_PODS, ("apps", "deployments", "", "list"), ("", "pods/log", "", "list")},
        "shop": {("", "secrets", "one", "list"), (None, "/metrics", "", "*"), ("", "services", "", "*")},
        "other": {("", "*", "", "list")},
    }
    assert sorted(readable(wanted)) == [("", "services"), ("apps", "deployments")]


def test_aggregated_roles_are_granted() -> None:
    cluster = install()
    roles = [one for one in cluster.store if "Role" in one["kind"]]
    live = LiveCluster(cluster, lists={"clusterroles": cluster.of("ClusterRole")})
    assert aggregates(live)
    assert GET_PODS in granted(roles, ACCOUNT)[""]
    assert user_of(ACCOUNT) == "system:serviceaccount:kubeedge:cloudcore"


def test_role_for_other_permissions_has_another_name() -> None:
    other = (GET_PODS[0], GET_PODS[1], GET_PODS[2], "list")
    texts = [role_text(ACCOUNT, "missing", {"": {one}}, aggregate=True) for one in (GET_PODS, other)]
    names = [line for text in texts for line in text.splitlines() if line.startswith("  name: ")]
    assert len(set(names)) == 2
