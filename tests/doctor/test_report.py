"""The report as text and JSON, the order of causes, and what this account may not read."""

from __future__ import annotations

import json

import pytest

from generator.catalogue.message import Message, say
from generator.doctor.diagnose import diagnose
from generator.doctor.report import Check, Report, as_json, as_text, names
from generator.errors import ClusterError
from tests.doctor.cases import EVERYTHING
from tests.doctor.changes import away, waiting
from tests.doctor.clusters import NOW, install
from tests.doctor.fake_kubectl import WELL_KNOWN, FakeKubectl, failure

DOWN = {"ready": 0, "wanted": 1, "reason": "pod cloudcore-1: CrashLoopBackOff", "namespace": "kubeedge"}
FIX = "kubectl --namespace kubeedge logs --selector kubeedge=cloudcore --all-containers --tail=20"
MANIFEST = "kind: ClusterRole\nmetadata:\n  name: cloudcore-missing\n"


def check(
    category: str, title: str, *messages: Message, detail: str = "", skipped: str = "", manifest: str = ""
) -> Check:
    """Return a check with findings."""
    found = Check(category, title, detail=detail, skipped=skipped, manifest=manifest)
    for one in messages:
        found.add("", one)
    return found


REPORT = Report(
    [
        check("cloud", "cloudcore is ready", say("cloudcore-not-ready", **DOWN)),
        check("cloud", "cloudcore's configuration is readable", detail="configmap kubeedge/cloudcore"),
        check(
            "cloud",
            "cloudcore has the permissions of its release",
            say("cloudcore-permission-missing", account="system:serviceaccount:a:b", permissions="pods: get"),
            manifest=MANIFEST,
        ),
        check(
            "nodes",
            "edge nodes have the release of cloudcore",
            say("version-skew", edge="a", nodes="b", cloud="c"),
        ),
        check("nodes", "the token for joining is valid", skipped="no\nSecret"),
    ],
    {"secret kubeedge/tokensecret": "denied", "csr": "denied"},
)
TEXT = """\
cloud
× cloudcore is ready
    0 of 1 pods of cloudcore are ready: pod cloudcore-1: CrashLoopBackOff [cloudcore-not-ready]
    fix: kubectl --namespace kubeedge logs --selector kubeedge=cloudcore --all-containers --tail=20
✓ cloudcore's configuration is readable: configmap kubeedge/cloudcore
× cloudcore has the permissions of its release
    system:serviceaccount:a:b may not: pods: get [cloudcore-permission-missing]
    fix: apply the ClusterRole below, or the one of charts/cloudcore: generator install --chart cloudcore
      kind: ClusterRole
      metadata:
        name: cloudcore-missing

edge nodes
‼ edge nodes have the release of cloudcore
    edgecore a on b, cloudcore c [version-skew]
    fix: upgrade cloudcore first, then the nodes, until they have the same minor release
– the token for joining is valid: no\\nSecret

not checked, because this account may not read it:
  csr
  secret kubeedge/tokensecret

most likely cause: 0 of 1 pods of cloudcore are ready: pod cloudcore-1: CrashLoopBackOff (kubectl \
--namespace kubeedge logs --selector kubeedge=cloudcore --all-containers --tail=20) [cloudcore-not-ready]
  see `generator explain cloudcore-not-ready` and docs/doctor.md
3 findings in 4 checks, 1 not checked
"""


def test_text() -> None:
    assert as_text(REPORT) == TEXT


def test_roles_are_painted() -> None:
    painted = as_text(REPORT, lambda role, text: f"<{role}>{text}</>")
    assert "<error>×</> cloudcore is ready\n" in painted
    assert "<warning>‼</> edge nodes have the release of cloudcore\n" in painted
    assert "<warning>[version-skew]</>" in painted
    assert painted.count("<") == 2 * painted.count("</>")


def test_json() -> None:
    found = json.loads(as_json(REPORT))
    assert list(found) == ["cause", "checks", "unreadable"]
    assert found["unreadable"] == ["csr", "secret kubeedge/tokensecret"]
    assert found["cause"] == found["checks"][0]["findings"][0]
    assert found["checks"][0] == {
        "category": "cloud",
        "title": "cloudcore is ready",
        "state": "error",
        "detail": "",
        "notChecked": "",
        "findings": [
            {
                "ruleId": "cloudcore-not-ready",
                "severity": "error",
                "where": "",
                "message": "0 of 1 pods of cloudcore are ready: pod cloudcore-1: CrashLoopBackOff",
                "fix": FIX,
            }
        ],
        "manifest": "",
    }
    assert [one["state"] for one in found["checks"]] == ["error", "ok", "error", "warning", "skipped"]
    assert found["checks"][2]["manifest"] == MANIFEST


@pytest.mark.parametrize(
    ("report", "last"),
    [
        (Report([]), "nothing was checked: the cluster has no edge node and no cloudcore"),
        (Report([Check("cloud", "a", skipped="b")], {"pods": ""}), "nothing was checked: see above"),
        (Report([Check("cloud", "a")]), "no findings in 1 check"),
        (Report([check("cloud", "a", say("dynamic-controller-off"))]), "1 finding in 1 check"),
    ],
)
def test_last_line(report: Report, last: str) -> None:
    assert as_text(report).splitlines()[-1] == last


def test_causes_are_ordered_by_severity_then_likelihood() -> None:
    found = Report(
        [
            check("streams", "c", say("cloud-stream-off", nodes="a")),
            check(
                "cloud",
                "a",
                say("version-skew", edge="a", nodes="b", cloud="c"),
                say("dynamic-controller-off"),
            ),
            check("nodes", "b", say("rollout-held", number="1 node", command="c")),
            check("endpoint", "e", say("issuer-differs", issuer="a", accepted="b", nodes="c")),
        ]
    )
    assert [one.code for one in found.findings] == [
        "dynamic-controller-off",
        "rollout-held",
        "issuer-differs",
        "cloud-stream-off",
        "version-skew",
    ]


def test_cause_of_another_is_first() -> None:
    cluster = EVERYTHING.install()
    waiting(cluster, "cloudcore")
    waiting(cluster, "edgemesh-agent-1cx")
    away(cluster, "edge-1", "edge-2")
    codes = [one.code for one in diagnose(cluster, now=NOW).findings]
    assert codes == ["cloudcore-not-ready", "node-not-ready", "node-not-ready", "agent-not-on-node"]


def test_same_finding_is_reported_once() -> None:
    one = check("cloud", "a", say("dynamic-controller-off"), say("dynamic-controller-off"))
    assert len(Report([one]).findings) == 1


def test_names_are_cut_after_five() -> None:
    assert names(["a", "b", "c", "d", "e"]) == "a, b, c, d, e"
    assert names(["a", "b", "c", "d", "e", "f"]) == "a, b, c, d, e and 1 more"


# --- permissions of this account -------------------------------------------------------------------

DENIED = {
    "nodes": "nodes",
    "pods": "pods",
    "deployments": "deployments",
    "daemonsets": "daemonsets",
    "statefulsets": "statefulsets",
    "certificatesigningrequests": "csr",
    "serviceaccountaccesses": "serviceaccountaccesses",
    "objectsyncs": "objectsyncs",
    "clusterroles": "clusterroles",
    "clusterrolebindings": "clusterrolebindings",
    "roles": "roles",
    "rolebindings": "rolebindings",
    "configmaps": "configmaps of edgecore",
    "secrets": "secret kubeedge/casecret",
    "subjectaccessreviews": "subjectaccessreviews",
    "secrets kubeedge/tokensecret": "secret kubeedge/tokensecret",
    WELL_KNOWN: "the issuer of the API server",
    "/apis": "the API groups",
}


@pytest.mark.parametrize(("denied", "title"), DENIED.items(), ids=DENIED)
def test_denied_request_is_named_and_other_checks_run(denied: str, title: str) -> None:
    cluster = EVERYTHING.install()
    cluster.denied = {denied}
    report = diagnose(cluster, now=NOW)
    assert title in report.unreadable
    assert f"  {title}\n" in as_text(report)
    assert [str(one) for one in report.findings] == []
    assert sum(one.state == "ok" for one in report.checks) >= 4


def test_denied_logs_are_no_finding() -> None:
    cluster = EVERYTHING.install()
    cluster.denied = {"pods/log"}
    report = diagnose(cluster, now=NOW)
    assert report.findings == []
    skipped = {one.title: one.skipped for one in report.checks if one.skipped}
    assert skipped["the log of a pod on an edge node can be read"] == "this account may not read logs of pods"
    assert skipped["the API server denies cloudcore nothing"].startswith(
        "the log of cloudcore cannot be read: "
    )


def test_all_requests_denied() -> None:
    cluster = EVERYTHING.install()
    cluster.denied = {*DENIED, "pods/log"}
    report = diagnose(cluster, now=NOW)
    assert (report.findings, report.checked) == ([], False)


def test_other_failures_end_the_command() -> None:
    cluster = install()
    cluster.issuer = failure("Unable to connect to the server: EOF")
    with pytest.raises(ClusterError, match="EOF"):
        diagnose(cluster, now=NOW)


def test_denied_requests_are_not_trusted_without_access_reviews() -> None:
    cluster: FakeKubectl = install()
    user = "system:serviceaccount:kubeedge:cloudcore"
    (pod,) = [one for one in cluster.of("Pod") if one["metadata"]["name"].startswith("cloudcore")]
    text = f'User "{user}" cannot list resource "pods" in API group "" at the cluster scope'
    cluster.logs[pod["metadata"]["name"]] = text
    assert diagnose(cluster, now=NOW).findings == []
    cluster.denied = {"subjectaccessreviews"}
    report = diagnose(cluster, now=NOW)
    (log,) = [one for one in report.checks if one.title == "the API server denies cloudcore nothing"]
    assert (report.findings, log.state) == ([], "skipped")
