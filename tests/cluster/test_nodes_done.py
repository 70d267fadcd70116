"""`generator install --nodes-done` and `generator status` with edge nodes, on a real API server.

The tests write the objects of cloudcore and edge nodes: access objects, acknowledgements, heartbeats.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cluster.api import Api, Object, until
from tests.cluster.command import Generator
from tests.cluster.helm import Helm
from tests.cluster.kubelet import EDGE, Kubelet
from tests.cluster.test_install import GO, PLAIN, VERIFIED, add_secret, generator
from tests.cluster.test_permissions import serving_request

__all__ = ["generator"]

POLICY, SYNC = "policy.kubeedge.io/v1alpha1", "reliablesyncs.kubeedge.io/v1alpha1"
ACCOUNT = "edgemesh-agent"
GREEN = "no findings"
AWAY = f"{EDGE}: not connected: not Ready, or no heartbeat since cloudcore started"


@pytest.fixture
def helm(kube_config: str, home: Path) -> Helm:
    """Return one Helm; these tests do not depend on its version."""
    return Helm("helm-4.3", kube_config, home)


def place(api: Api, api_version: str, kind: str, name: str) -> str:
    """Return the path of an object in kubeedge."""
    return api.resource(api_version, kind).path("kubeedge", name)


def write_status(api: Api, api_version: str, kind: str, name: str, status: Object) -> None:
    """Write the status of an object in kubeedge."""
    path = place(api, api_version, kind, name)
    api.do("PATCH", f"{path}/status", {"status": status}, "merge")


def add_access(api: Api, name: str = ACCOUNT, acknowledged: str = "0") -> str:
    """Create an access object for the edge node, as cloudcore does, and return its uid."""
    meta = {"name": name, "namespace": "kubeedge"}
    spec = {"serviceAccountUid": "1"}
    made = api.create({"apiVersion": POLICY, "kind": "ServiceAccountAccess", "metadata": meta, "spec": spec})
    write_status(api, POLICY, "ServiceAccountAccess", name, {"nodeList": [EDGE]})
    uid: str = made["metadata"]["uid"]
    kept = {"name": f"{EDGE}.{uid}", "namespace": "kubeedge"}
    api.create({"apiVersion": SYNC, "kind": "ObjectSync", "metadata": kept, "spec": {"objectName": name}})
    write_status(api, SYNC, "ObjectSync", kept["name"], {"objectResourceVersion": acknowledged})
    return uid


@contextmanager
def cloudcore(api: Api, *, deaf: int = 0) -> Iterator[list[str]]:
    """Stand in for cloudcore and the node: fill an empty node list, and acknowledge the object.

    Yields the names of the objects that were sent; the first `deaf` of them are not acknowledged.
    """
    over, sent = threading.Event(), list[str]()

    def play() -> None:
        while not over.wait(0.1):
            for found in api.all(POLICY, "ServiceAccountAccess", "kubeedge"):
                meta = found["metadata"]
                if found.get("status", {}).get("nodeList") == []:
                    sent.append(meta["name"])
                    write_status(api, POLICY, "ServiceAccountAccess", meta["name"], {"nodeList": [EDGE]})
                    version = "0" if len(sent) <= deaf else meta["resourceVersion"]
                    status = {"objectResourceVersion": version}
                    write_status(api, SYNC, "ObjectSync", f"{EDGE}.{meta['uid']}", status)

    thread = threading.Thread(target=play, daemon=True)
    thread.start()
    try:
        yield sent
    finally:
        over.set()
        thread.join(30)


def test_nodes_done_sends_unacknowledged_objects_again(generator: Generator, api: Api) -> None:
    with Kubelet(api):
        generator("install", *PLAIN, *GO)
        first = generator("install", *VERIFIED, *GO)
        assert "patch serviceaccountaccess NAME --subresource=status" in first.out
        add_access(api)
        add_access(api, "default", acknowledged="12")
        with cloudcore(api) as sent:
            done = generator("install", *VERIFIED, *GO, "--nodes-done")
        assert sent == [ACCOUNT]
        assert "access objects: 1 of 2 not acknowledged; sending them again\n" in done.err
        assert "2 access objects: 1 sent again, acknowledged by every node\n" in done.err
        assert done.err.index("1 sent again") < done.err.index("[1/1] edgemesh: upgrade")
        assert GREEN in generator("status").out


def test_nodes_done_repairs_an_earlier_switch(generator: Generator, api: Api) -> None:
    with Kubelet(api):
        generator("install", *VERIFIED, *GO)
        add_access(api)
        found = generator("status", code=1)
        (command,) = re.findall(r"\(once the node is Ready: (kubectl .*)\) \[", found.out)
        assert f"serviceaccountaccess kubeedge/{ACCOUNT}: {EDGE} did not acknowledge it; " in found.out
        report = json.loads(generator("status", "--format", "json", code=1).out)["findings"]
        assert [one["ruleId"] for one in report] == ["access-not-acknowledged"]
        # The command in the finding repairs it.
        with cloudcore(api) as sent:
            arguments = [generator.environment["KUBECTL"], *shlex.split(command)[1:]]
            subprocess.run(arguments, env=generator.environment, check=True, capture_output=True)
            assert GREEN in generator("status").out
        assert sent == [ACCOUNT]
        # --nodes-done repairs it too, without another change; a lost object is sent again.
        api.delete(POLICY, "ServiceAccountAccess", ACCOUNT, "kubeedge")
        add_access(api)
        with cloudcore(api, deaf=1) as sent:
            done = generator("install", *VERIFIED, *GO, "--nodes-done")
        assert len(sent) == 2
        assert done.out.count("nothing to do") == 3
        assert "1 access object: 1 sent again, acknowledged by every node\n" in done.err


def test_nodes_done_stops_before_edgemesh_if_a_node_is_disconnected(generator: Generator, api: Api) -> None:
    with Kubelet(api):
        generator("install", *PLAIN, *GO)
        generator("install", *VERIFIED, *GO)
    ready = [{"type": "Ready", "status": "True", "lastHeartbeatTime": "2020-01-01T00:00:00Z"}]
    api.do("PATCH", f"/api/v1/nodes/{EDGE}/status", {"status": {"conditions": ready}}, "merge")
    with Kubelet(api, connected=False):
        late = ("--yes", "--timeout", "5s", "--nodes-done")
        failed = generator("install", *VERIFIED, *late, code=3)
        assert f"{AWAY}; waited 5 s; no release was changed" in failed.err
        assert "edgemesh: upgrade" not in failed.err
        # With --no-wait, a fleet with offline nodes continues after a warning.
        done = generator("install", *VERIFIED, *late, "--no-wait")
    assert f"warning: {AWAY}; run the same command again" in done.err
    assert "[1/1] edgemesh: done" in done.err


def test_unacknowledged_object_is_a_failure(generator: Generator, api: Api) -> None:
    with Kubelet(api):
        generator("install", *PLAIN, *GO)
        generator("install", *VERIFIED, *GO)
        add_access(api)
        failed = generator("install", *VERIFIED, "--yes", "--timeout", "5s", "--nodes-done", code=3)
    title = f"serviceaccountaccess kubeedge/{ACCOUNT}"
    assert f"{title}: cloudcore has not filled its node list; pods of these" in failed.err
    assert "edgemesh: upgrade" not in failed.err


def test_nothing_is_sent_again_if_cloudcore_heals(generator: Generator, api: Api) -> None:
    older = (*VERIFIED, "--set", "kubeedgeVersion=v1.16.6")
    add_secret(api, "metaserver-certs", dict.fromkeys(("rootCA.crt", "server.crt", "server.key"), "x"))
    with Kubelet(api):
        generator("install", *older, *GO)
        uid = add_access(api)
        failed = generator("install", *older, "--yes", "--timeout", "5s", "--nodes-done", code=3)
        assert "1 of 1 not acknowledged; waiting for cloudcore to send them" in failed.err
        found = api.get(POLICY, "ServiceAccountAccess", ACCOUNT, "kubeedge")
        assert found
        assert found["status"]["nodeList"] == [EDGE]
        status = {"objectResourceVersion": "7"}
        write_status(api, SYNC, "ObjectSync", f"{EDGE}.{uid}", status)
        done = generator("install", *older, *GO, "--nodes-done")
    assert "1 access object: acknowledged by every node\n" in done.err


def test_status_reports_a_workload_without_pods(generator: Generator, api: Api) -> None:
    with Kubelet(api):
        generator("install", *PLAIN, *GO)
        assert GREEN in generator("status").out
        quota = {
            "apiVersion": "v1",
            "kind": "ResourceQuota",
            "metadata": {"name": "none", "namespace": "kubeedge"},
        }
        api.create({**quota, "spec": {"hard": {"pods": "0"}}})
        for pod in api.all("v1", "Pod", "kubeedge"):
            api.delete("v1", "Pod", pod["metadata"]["name"], "kubeedge", gracePeriodSeconds="0")
        until(lambda: not available(api), "the controllers count no pods")
        found = generator("status", code=1).out
    assert "release cloudcore: Deployment kubeedge/cloudcore: 0 of 1 pods up to date, 0 available" in found
    assert "release edgemesh: DaemonSet kubeedge/edgemesh-agent: 0 of " in found


def available(api: Api) -> int:
    """Return how many pods the controllers of cloudcore and the agent count as available."""
    cloud = api.get("apps/v1", "Deployment", "cloudcore", "kubeedge")
    agent = api.get("apps/v1", "DaemonSet", ACCOUNT, "kubeedge")
    assert cloud
    assert agent
    found = (cloud["status"].get("availableReplicas"), agent["status"].get("numberAvailable"))
    return sum(one or 0 for one in found)


@pytest.mark.parametrize("name", ["casecret", "cloudcoresecret", "tokensecret"])
def test_status_reports_a_missing_secret_of_cloudcore(generator: Generator, api: Api, name: str) -> None:
    with Kubelet(api):
        generator("install", *PLAIN, "--chart", "cloudcore", *GO)
        api.delete("v1", "Secret", name, "kubeedge")
        found = generator("status", code=1).out
    assert f"secret kubeedge/{name}: does not exist; " in found
    assert found.endswith("\n1 finding found\n")


def test_finished_pod_of_helm_test_is_shown_and_does_not_count(generator: Generator, api: Api) -> None:
    with Kubelet(api):
        generator("install", *PLAIN, *GO)
        meta = {
            "name": "edgemesh-test",
            "namespace": "kubeedge",
            "labels": {"app.kubernetes.io/instance": "edgemesh"},
            "annotations": {"helm.sh/hook": "test"},
        }
        container = {"name": "curl", "image": "curl:1"}
        spec = {"nodeName": EDGE, "restartPolicy": "Never", "containers": [container]}
        api.create({"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec})
    end = {"exitCode": 1, "finishedAt": "2026-11-28T10:00:00Z", "message": "not healthy: HTTP status 401\n"}
    ended = {"name": "curl", "image": "curl:1", "imageID": "", "ready": False, "restartCount": 0}
    conditions = [{"type": "Ready", "status": "False"}]
    status = {
        "phase": "Failed",
        "conditions": conditions,
        "containerStatuses": [{**ended, "state": {"terminated": end}}],
    }
    write_status(api, "v1", "Pod", "edgemesh-test", status)
    found = generator("status").out
    assert "edgemesh: helm test, pod edgemesh-test, ended 2026-11-28T10:00:00Z\n  not healthy: HTTP" in found
    assert GREEN in found


def test_objectsyncs_are_a_warning_before_an_older_kubeedge(generator: Generator, api: Api) -> None:
    command = "kubectl delete objectsyncs.reliablesyncs.kubeedge.io --all --all-namespaces"
    cloud = ("--chart", "cloudcore")
    with Kubelet(api):
        generator("install", *PLAIN, *cloud, *GO)
        add_access(api)
        older = ("--set", "kubeedgeVersion=v1.12.7")
        assert command in generator("install", *PLAIN, *older, *cloud, "--dry-run").out
        assert command not in generator("install", *PLAIN, *cloud, "--dry-run").out
        assert command in generator("uninstall", "--yes", "--timeout", "60s").out
        assert command in generator("install", *PLAIN, *older, *cloud, "--dry-run").out
        api.delete(SYNC, "ObjectSync", f"{EDGE}.{_uid(api)}", "kubeedge")
        assert command not in generator("install", *PLAIN, *older, *cloud, "--dry-run").out


def _uid(api: Api) -> str:
    (found,) = api.all(POLICY, "ServiceAccountAccess", "kubeedge")
    uid: str = found["metadata"]["uid"]
    return uid


def test_status_reports_a_request_that_is_not_approved(generator: Generator, api: Api) -> None:
    with Kubelet(api):
        generator("install", *VERIFIED, *GO)
        request = api.create(serving_request(EDGE))
        found = generator("status", code=1).out
        what = "is not approved, so nothing listens at the endpoint of node"
        assert f"csr metaserver-csr-{EDGE}: {what} {EDGE} " in found
        yes = {"type": "Approved", "status": "True", "reason": "Test"}
        api.do("PUT", f"{api.place(request)}/approval", {**request, "status": {"conditions": [yes]}})
        until(lambda: "certificate" in api.do("GET", api.place(request))["status"], "the request is issued")
        # Without a kubelet, cloudcore's log cannot be read; that is not a finding.
        issued = generator("status").out
    assert f"not checked: whether an issued certificate request blocks {EDGE}: kubectl logs: " in issued
    assert GREEN in issued
