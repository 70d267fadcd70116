"""`generator doctor` on a real API server: 1 000 nodes, and accounts that may not read everything."""

from __future__ import annotations

import json
import re
import resource
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.api import Api, Object
from tests.cluster.command import Generator
from tests.cluster.control_plane import binary
from tests.cluster.fleet import Store, first_node, renamed
from tests.cluster.helm import Helm
from tests.cluster.kubelet import READY

NODES, FEW_NODES, AWAY, APPS = 1000, 40, 30, 3
SECONDS = 30.0
SITE = {
    "profile": "one-way-verified",
    "cloudCore": {"modules": {"cloudHub": {"advertiseAddress": ["192.0.2.10"]}}},
    "agent": {"pskSecret": "psk"},
}
GROUP = "rbac.authorization.k8s.io"
# What docs/doctor.md says that the account needs.
READS: list[Object] = [
    {"apiGroups": [""], "resources": ["nodes", "pods", "configmaps"], "verbs": ["get", "list"]},
    {
        "apiGroups": ["apps"],
        "resources": ["daemonsets", "deployments", "statefulsets"],
        "verbs": ["get", "list"],
    },
    {
        "apiGroups": ["certificates.k8s.io"],
        "resources": ["certificatesigningrequests"],
        "verbs": ["get", "list"],
    },
    {
        "apiGroups": [GROUP],
        "resources": ["roles", "rolebindings", "clusterroles", "clusterrolebindings"],
        "verbs": ["get", "list"],
    },
    {"apiGroups": ["policy.kubeedge.io"], "resources": ["serviceaccountaccesses"], "verbs": ["get", "list"]},
    {"apiGroups": ["reliablesyncs.kubeedge.io"], "resources": ["objectsyncs"], "verbs": ["get", "list"]},
    {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]},
    {"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]},
    {"apiGroups": ["authorization.k8s.io"], "resources": ["subjectaccessreviews"], "verbs": ["create"]},
]
# How the report names these resources, if not by their kind.
NAMED = {"certificatesigningrequests": "certificate requests"}


@pytest.fixture(scope="module")
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Start an API server and fill it, with few nodes unless the test names a number."""
    started = Store(tmp_path_factory.mktemp("doctor"))
    try:
        helm = Helm("helm-4.3", str(started.kubeconfig), tmp_path_factory.mktemp("home"))
        for chart in ("cloudcore", "edgecore", "edgemesh"):
            helm.install(chart, values=SITE)
        fill(started, Api.of(str(started.kubeconfig)), getattr(request, "param", FEW_NODES))
        yield started
    finally:
        started.stop()


class Logged(Generator):
    """The command with a kubectl that writes its arguments to a file, and another user if one is set."""

    kubeconfig = ""

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment with the kubectl that logs."""
        own = {"KUBECTL": str(self.folder / "kubectl")}
        return {**super().environment, **own, **({"KUBECONFIG": self.kubeconfig} if self.kubeconfig else {})}

    def calls(self) -> list[str]:
        """Return the arguments of each call."""
        return (self.folder / "calls").read_text("utf-8").splitlines()

    def report(self, *arguments: str, code: int) -> Any:
        """Return the report of doctor."""
        return json.loads(self("doctor", "--format", "json", *arguments, code=code).out)


@pytest.fixture
def generator(store: Store, home: Path, tmp_path: Path) -> Iterator[Logged]:
    """Return the command."""
    script = tmp_path / "kubectl"
    script.write_text(f'#!/bin/sh\necho "$*" >>{tmp_path}/calls\nexec {binary("kubectl")} "$@"\n', "utf-8")
    script.chmod(0o755)
    found = Logged(Helm("helm-4.3", str(store.kubeconfig), home), tmp_path)
    yield found
    found.stop()


def fill(store: Store, api: Api, count: int) -> None:
    """Write the nodes and their pods, each with an access object that all nodes but one have acknowledged."""
    node = first_node(api)
    names = [f"edge-{number:04}" for number in range(count)]

    def nodes() -> Iterator[tuple[str, Object]]:
        for number, name in enumerate(names):
            made = renamed(node, name)
            made["spec"].pop("taints", None)
            made["status"]["conditions"][0]["status"] = "Unknown" if number < AWAY else "True"
            made["status"]["nodeInfo"] = {"kubeletVersion": "v1.32.10-kubeedge-v1.23.1"}
            yield f"minions/{name}", made

    store.put(nodes())
    cloudcore = api.get("apps/v1", "Deployment", "cloudcore", "kubeedge")
    assert cloudcore
    store.put(_copies(_pod(api, "cloudcore", cloudcore["spec"]["template"]), ["control-plane"]))
    agent = api.get("apps/v1", "DaemonSet", "edgemesh-agent", "kubeedge")
    assert agent
    pods = [_pod(api, "edgemesh-agent", agent["spec"]["template"])]
    pods += [_pod(api, f"app-{number}", _application(f"app-{number}")) for number in range(APPS)]
    for pod in pods:
        account = pod["spec"]["serviceAccountName"]
        store.put(_copies(pod, names))
        access = _access(store, api, account, names)
        store.put(_syncs(access["metadata"]["uid"], names[: -1 if account == "app-0" else None]))


def _pod(api: Api, name: str, template: Object) -> Object:
    """Create a pod, report it as ready, and return it; it is removed again."""
    api.call("POST", "/api/v1/namespaces/kubeedge/serviceaccounts", {"metadata": {"name": name}})
    meta = {**template.get("metadata", {}), "name": name, "namespace": "kubeedge"}
    made = api.create({"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": template["spec"]})
    status = {"phase": "Running", "conditions": [{"type": one, "status": "True"} for one in READY]}
    api.do("PATCH", f"{api.place(made)}/status", {"status": status}, "merge")
    found: Object = api.do("GET", api.place(made))
    api.delete("v1", "Pod", name, "kubeedge", gracePeriodSeconds="0")
    return found


def _application(name: str) -> Object:
    container = {"name": "app", "image": "example/app:1"}
    return {"spec": {"serviceAccountName": name, "hostNetwork": True, "containers": [container]}}


def _copies(pod: Object, names: list[str]) -> Iterator[tuple[str, Object]]:
    created = _earlier()
    for name in names:
        made = renamed(pod, f"{pod['metadata']['name']}-{name}")
        made["metadata"]["creationTimestamp"] = created
        made["spec"]["nodeName"] = name
        yield f"pods/kubeedge/{made['metadata']['name']}", made


def _access(store: Store, api: Api, account: str, names: list[str]) -> Object:
    """Write an access object of some minutes ago."""
    meta = {"name": account, "namespace": "kubeedge"}
    spec = {"serviceAccount": {"metadata": meta}}
    kind = {"apiVersion": "policy.kubeedge.io/v1alpha1", "kind": "ServiceAccountAccess"}
    made = api.create({**kind, "metadata": meta, "spec": spec})
    made["metadata"].pop("resourceVersion")
    made["metadata"]["creationTimestamp"] = _earlier()
    made["status"] = {"nodeList": names}
    store.put([(f"policy.kubeedge.io/serviceaccountaccesses/kubeedge/{account}", made)])
    return made


def _earlier() -> str:
    return f"{datetime.now(timezone.utc) - timedelta(seconds=300):%Y-%m-%dT%H:%M:%SZ}"


def _syncs(uid: str, names: list[str]) -> Iterator[tuple[str, Object]]:
    for name in names:
        meta = {"name": f"{name}.{uid}", "namespace": "kubeedge", "uid": f"{uid}-{name}"}
        one: Object = {
            "apiVersion": "reliablesyncs.kubeedge.io/v1alpha1",
            "kind": "ObjectSync",
            "metadata": meta,
        }
        one["status"] = {"objectResourceVersion": "7"}
        yield f"reliablesyncs.kubeedge.io/objectsyncs/kubeedge/{meta['name']}", one


@pytest.mark.parametrize("store", [NODES], indirect=True)
def test_1000_nodes_take_less_than_30_seconds(generator: Logged) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = generator.report(code=1)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = {one["title"]: one for one in report["checks"]}
    assert found["edge nodes are Ready"]["detail"] == f"{NODES - AWAY} of {NODES}"
    # 20 nodes each with its reason, and the rest in one line.
    assert len(found["edge nodes are Ready"]["findings"]) == 21
    access = found["nodes have an access object for each service account"]
    (one,) = access["findings"]
    assert (one["ruleId"], one["where"]) == ("access-not-acknowledged", "serviceaccountaccess kubeedge/app-0")
    assert f"edge-{NODES - 1:04}" in one["message"]
    # kubectl counts too; most of the time is CPU of this machine, so other processes do not matter.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < SECONDS
    lists = [
        re.sub(r"\?.*", "", call)
        for call in generator.calls()
        if "limit=1000" in call and "continue" not in call
    ]
    assert len(lists) == len(set(lists)), "a list is read twice"


@pytest.fixture(scope="module")
def reader(store: Store, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the kubeconfig of an account whose ClusterRole `doctor` the tests change."""
    api = Api.of(str(store.kubeconfig))
    meta = {"name": "doctor", "namespace": "kubeedge"}
    api.create({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta})
    api.create(
        {"apiVersion": f"{GROUP}/v1", "kind": "ClusterRole", "metadata": {"name": "doctor"}, "rules": READS}
    )
    api.create(
        {
            "apiVersion": f"{GROUP}/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": "doctor"},
            "roleRef": {"apiGroup": GROUP, "kind": "ClusterRole", "name": "doctor"},
            "subjects": [{"kind": "ServiceAccount", **meta}],
        }
    )
    request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    path = "/api/v1/namespaces/kubeedge/serviceaccounts/doctor/token"
    token = api.do("POST", path, request)["status"]["token"]
    config = json.loads(store.kubeconfig.read_text("utf-8"))
    config["users"][0]["user"] = {"token": token}
    file = tmp_path_factory.mktemp("reader") / "kubeconfig.yaml"
    file.write_text(json.dumps(config), "utf-8")
    return str(file)


def test_documented_permissions_are_enough(generator: Logged, reader: str) -> None:
    generator.kubeconfig = reader
    report = generator.report(code=1)
    assert report["unreadable"] == []


@pytest.mark.parametrize("number", range(len(READS)), ids=["-".join(rule["resources"]) for rule in READS])
def test_missing_permission_is_named_and_the_rest_is_checked(
    generator: Logged, store: Store, reader: str, number: int
) -> None:
    api, path = Api.of(str(store.kubeconfig)), f"/apis/{GROUP}/v1/clusterroles/doctor"
    api.do("PATCH", path, {"rules": READS[:number] + READS[number + 1 :]}, "merge")
    generator.kubeconfig = reader
    try:
        done = generator.start("doctor", "--format", "json")
        out, err = done.communicate(timeout=300)
        assert done.returncode in (0, 1), err
        report = json.loads(out)
        skipped = [one for one in report["checks"] if one["state"] == "skipped"]
        resources = READS[number]["resources"]
        text = " ".join([*report["unreadable"], *(one["notChecked"] for one in skipped)])
        assert any(NAMED.get(name, name.rstrip("s")) in text for name in resources), text
        assert any(one["state"] == "ok" for one in report["checks"])
    finally:
        api.do("PATCH", path, {"rules": READS}, "merge")
