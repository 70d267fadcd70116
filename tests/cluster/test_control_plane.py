"""The cluster under test behaves as a cluster of KubeEdge, and stops with the test run."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from pytest_helm_charts.clusters import Cluster

from generator.certs import ca, csr
from generator.certs.names import Names
from tests.cluster.api import Api, Object, until
from tests.cluster.control_plane import ISSUER, binary
from tests.cluster.helm import Helm
from tests.cluster.process import Ended, Program


def test_server_is_ready_and_reports_its_version(api: Api) -> None:
    assert api.do("GET", "/readyz") == "ok"
    version = api.do("GET", "/version")
    assert version["gitVersion"].startswith(f"v{version['major']}.{version['minor'].rstrip('+')}.")
    assert int(version["minor"].rstrip("+")) >= 25


def test_tokens_have_the_issuer_of_kubeedge(api: Api) -> None:
    assert api.do("GET", "/.well-known/openid-configuration")["issuer"] == ISSUER


def test_rbac_is_enforced(api: Api) -> None:
    review = {"spec": {"user": "somebody", "resourceAttributes": {"verb": "list", "resource": "secrets"}}}
    kinds = {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview"}
    answer = api.do("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", {**kinds, **review})
    assert answer["status"]["allowed"] is False


def test_certificates_are_signed_once_approved(api: Api) -> None:
    # The request that `generator certs issue --signer csr` makes.
    request = csr.manifest(ca.request(ca.make_key(), Names("agent")), days=30)
    wanted = api.create(yaml.safe_load(request))
    path = f"{api.place(wanted)}/approval"
    yes = {"type": "Approved", "status": "True", "reason": "Test"}
    api.do("PUT", path, {**wanted, "status": {"conditions": [yes]}})
    until(lambda: "certificate" in signed(api, wanted), "the certificate is signed")
    made = x509.load_pem_x509_certificate(base64.b64decode(signed(api, wanted)["certificate"]))
    root = api.get("v1", "ConfigMap", "kube-root-ca.crt", "default")
    assert root
    made.verify_directly_issued_by(x509.load_pem_x509_certificate(root["data"]["ca.crt"].encode()))


def signed(api: Api, request: Object) -> Object:
    """Return the status of a request for a certificate."""
    status: Object = api.do("GET", api.place(request))["status"]
    return status


def test_deleted_namespaces_disappear(api: Api) -> None:
    api.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "short-lived"}})
    api.delete("v1", "Namespace", "short-lived")
    until(lambda: api.get("v1", "Namespace", "short-lived") is None, "the namespace is gone")


def test_fixture_of_pytest_helm_charts_and_helm_see_the_same_cluster(
    kube_cluster: Cluster, helm: Helm, api: Api
) -> None:
    assert kube_cluster.kube_client
    listed = [item["metadata"]["name"] for item in kube_cluster.kubectl("get namespaces")]
    assert "kube-system" in listed
    assert sorted(listed) == sorted(one["metadata"]["name"] for one in api.all("v1", "Namespace"))
    assert helm.releases() == []


def test_log_of_a_program_that_ends_is_reported(tmp_path: Path) -> None:
    program = Program(binary("etcd"), ["--no-such-flag"], tmp_path / "log")
    with pytest.raises(Ended, match=r"(?s)etcd ended with \d+:.*no-such-flag"):
        program.wait(lambda: False, 20)
    program.stop()


def test_programs_end_with_a_killed_test_run(tmp_path: Path) -> None:
    # A process that starts a program as the fixture does, and is killed without a chance to clean up.
    script = (
        "import sys, time; from pathlib import Path; from tests.cluster.process import Program\n"
        f"Program(Path('/bin/sh'), ['-c', 'echo $$; exec sleep 300'], Path({str(tmp_path / 'log')!r}))\n"
        "time.sleep(300)"
    )
    starter = subprocess.Popen([sys.executable, "-c", script])
    log = tmp_path / "log"
    until(lambda: log.exists() and log.read_text().endswith("\n"), "the program runs")
    pid = int(log.read_text())
    assert alive(pid)
    starter.kill()
    starter.wait()
    until(lambda: not alive(pid), "the program is gone", 10)


def alive(pid: int) -> bool:
    """Return whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
