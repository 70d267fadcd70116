"""The findings of `generator status`, each with its code."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from generator.catalogue.message import say
from generator.certs.expiry import Expiry, expiries
from generator.helm.releases import LiveRelease
from generator.install.access import Access
from generator.install.findings import expiry, findings
from generator.install.requests import BLOCKS, NOT_ISSUED, PENDING, REJECTED, Blocked, Requests
from generator.install.rollout import GroupRollout, Rollouts
from generator.install.status import ReleaseStatus, Status
from generator.install.status_formats import as_json, as_text
from tests.certs.pki import NOW, make

OWN_AGAIN = (
    "cloudcore makes a new one after: kubectl --namespace kubeedge delete secret cloudcoresecret && "
    "kubectl --namespace kubeedge rollout restart deployment/cloudcore (never delete casecret)"
)
OWN_CA = (
    "plan to join every node again: delete casecret and cloudcoresecret, restart cloudcore, and run "
    "join.sh on each node"
)
SHORT = say("pods-missing", updated=0, wanted=1, available=0)
LOST = Access("kubeedge", "edgemesh-agent", "u1", ("edge-1", "edge-2"), ("edge-2",))
RENEW = (
    "kubectl --namespace kubeedge patch serviceaccountaccess edgemesh-agent --subresource=status "
    '--type=merge --patch \'{"status":{"nodeList":[]}}\''
)


def status(*, on: bool = True, **given: Any) -> Status:
    """Return a status whose only findings come from `given`."""
    live = LiveRelease("cloudcore", "kubeedge", "cloudcore", 1, "deployed", "")
    everything: dict[str, Any] = {
        "namespace": "kubeedge",
        "releases": [ReleaseStatus("cloudcore", "cloudcore", live)],
        "tls": {"cloudcore": on},
        "nodes": ["edge-1", "edge-2"],
        "rollouts": Rollouts(),
        "missing": [],
        "incomplete": [],
        "own_missing": [],
        "undelivered": [],
        "heals": False,
        "requests": Requests(),
        "certificates": [],
        "now": datetime.now(timezone.utc),
        "days": 30,
    }
    return Status(**{**everything, **given})


def test_complete_installation_has_no_findings() -> None:
    assert findings(status()) == []


def test_unacknowledged_access_object_has_a_command_as_fix() -> None:
    (found,) = findings(status(undelivered=[LOST]))
    assert found.code == "access-not-acknowledged"
    assert str(found) == (
        "serviceaccountaccess kubeedge/edgemesh-agent: edge-2 did not acknowledge it; there the tokens of "
        f"this account are answered with 401 (once the node is Ready: {RENEW}) [access-not-acknowledged]"
    )


def test_no_command_if_cloudcore_sends_access_objects_itself() -> None:
    (found,) = findings(status(undelivered=[LOST], heals=True))
    assert (
        found.fix
        == "cloudcore sends it itself, seconds after the node connects; if not, read cloudcore's log"
    )


@pytest.mark.parametrize(
    "given", [{"undelivered": [LOST]}, {"requests": Requests((Blocked("edge-1", PENDING),))}]
)
def test_no_findings_about_access_with_tls_off(given: dict[str, Any]) -> None:
    assert findings(status(on=False, **given)) == []


def test_leftovers_of_an_uninstall_are_no_findings() -> None:
    nothing = [ReleaseStatus("cloudcore", "cloudcore", None)]
    requests = Requests((Blocked("edge-1", PENDING),))
    given = status(releases=nothing, tls={}, undelivered=[LOST], requests=requests)
    assert findings(given) == []
    end = "nothing was checked: no release is installed in the namespace kubeedge\n"
    assert as_text(given).endswith(f"\n\n{end}")


@pytest.mark.parametrize(
    ("code", "fix"),
    [
        (PENDING, "featureGates.requireAuthorization"),
        (NOT_ISSUED, "--cluster-signing-cert-file"),
        (REJECTED, "kubectl delete csr metaserver-csr-edge-1"),
        (BLOCKS, "kubectl delete csr metaserver-csr-edge-1"),
    ],
)
def test_blocked_certificate_request_has_a_fix(code: str, fix: str) -> None:
    (found,) = findings(status(requests=Requests((Blocked("edge-1", code),))))
    assert (found.code, found.where) == (code, "csr metaserver-csr-edge-1")
    assert found.what.endswith(", so nothing listens at the endpoint of node edge-1")
    assert fix in found.fix


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tokensecret", "no edge node can join without it (cloudcore makes it when it starts: kubectl "),
        ("cloudcoresecret", "edge nodes cannot connect (cloudcore makes it when it starts: kubectl "),
        ("casecret", "(restore it before cloudcore restarts; "),
    ],
)
def test_missing_secret_of_cloudcore_is_a_finding(name: str, words: str) -> None:
    (found,) = findings(status(own_missing=[("kubeedge", name)]))
    assert found.code == "cloudcore-secret-missing"
    assert words in str(found)


def test_workload_without_pods_is_a_finding() -> None:
    given = status()
    given.releases[0].shortages = [("Deployment kubeedge/cloudcore", SHORT)]
    (found,) = findings(given)
    assert found.code == "pods-missing"
    assert str(found) == (
        "release cloudcore: Deployment kubeedge/cloudcore: 0 of 1 pods up to date, 0 available "
        "(see the reason, and `kubectl describe pod`) [pods-missing]"
    )


def test_unready_pod_is_no_finding_if_the_counts_are_complete() -> None:
    given = status()
    given.releases[0].unready = ["pod old: Terminating"]
    assert findings(given) == []


def test_a_ca_is_rotated_and_a_leaf_issued_again() -> None:
    certificates = {"rootCA.crt": make("kubernetes", ca=True), "server.crt": make("agent")}
    data = {key: base64.b64encode(one.cert_text.encode()).decode() for key, one in certificates.items()}
    ca, leaf = expiries({"metadata": {"namespace": "kubeedge", "name": "metaserver-certs"}, "data": data})
    assert "generator certs rotate" in expiry(ca, NOW).fix
    assert "generator certs issue --force" in expiry(leaf, NOW).fix


@pytest.mark.parametrize(
    ("days", "words"), [(5, "expires on 2026-12-06, in 5 days"), (-1, "expired on 2026-11-30")]
)
def test_expired_or_expiring_certificate_is_a_finding(days: int, words: str) -> None:
    now = datetime(2026, 12, 1, tzinfo=timezone.utc)
    end = Expiry("kubeedge/metaserver-certs", "server.crt", "CN=agent", now + timedelta(days=days))
    (found,) = findings(status(certificates=[end], now=now))
    assert found.code == "certificate-ends"
    assert found.what == f"CN=agent {words}"


@pytest.mark.parametrize(
    ("name", "days", "what", "fix"),
    [
        ("cloudcoresecret", 5, "CN=KubeEdge expires on 2026-12-06, in 5 days", OWN_AGAIN),
        ("cloudcoresecret", -1, "CN=KubeEdge expired on 2026-11-30", OWN_AGAIN),
        (
            "casecret",
            5,
            "CN=KubeEdge, the CA of cloudcore and of every edge node, expires on 2026-12-06, in 5 days",
            OWN_CA,
        ),
        (
            "casecret",
            -1,
            "CN=KubeEdge, the CA of cloudcore and of every edge node, expired on 2026-11-30",
            OWN_CA,
        ),
    ],
    ids=["certificate-ends", "certificate-expired", "ca-ends", "ca-expired"],
)
def test_certificates_that_cloudcore_makes_have_their_own_fix(
    name: str, days: int, what: str, fix: str
) -> None:
    now = datetime(2026, 12, 1, tzinfo=timezone.utc)
    ends = now + timedelta(days=days)
    end = Expiry(f"kubeedge/{name}", "data", "CN=KubeEdge", ends, is_ca=name == "casecret")
    (found,) = findings(status(certificates=[end], now=now))
    assert (found.code, found.where) == ("certificate-ends", f"secret kubeedge/{name}")
    assert (found.what, found.fix) == (what, fix)


def rollout(**nodes: Any) -> Rollouts:
    """Return the state of one group."""
    return Rollouts([GroupRollout("line-a", "edgecore-rollout-line-a", "2", **nodes)])


def test_rollout_that_is_done_or_waits_is_no_finding() -> None:
    assert findings(status(rollouts=rollout(updated=["a"], pending=["b"], offline=["c"]))) == []


def test_failed_node_is_a_finding_with_its_reason() -> None:
    (found,) = findings(status(rollouts=rollout(failed={"edge-1": "edgecore does not run"}, pending=["b"])))
    assert str(found) == (
        "daemonset edgecore-rollout-line-a: node edge-1: the old edgecore.yaml is in use: edgecore does not "
        "run (fix the cause; delete the pod on this node to try the same file again) [rollout-failed]"
    )


def test_many_failed_nodes_are_named_together() -> None:
    failed = {f"edge-{number}": "edgecore does not run" for number in range(23)}
    found = findings(status(rollouts=rollout(failed=failed)))
    assert [one.code for one in found] == ["rollout-failed"] * 21
    assert "edge-20, edge-21, edge-22" in str(found[-1])


def test_rollout_without_a_free_place_in_the_wave_is_a_finding() -> None:
    failed = dict.fromkeys(("edge-1", "edge-2"), "edgecore does not run")
    given = rollout(failed=failed, pending=["b", "c", "d"], unavailable=2)
    *_, found = findings(status(rollouts=given))
    assert str(found) == (
        "daemonset edgecore-rollout-line-a: 3 nodes wait; as many nodes as maxUnavailable allows have "
        "failed or are offline (fix these nodes, upgrade with a corrected edgecore.yaml, or set "
        "maxUnavailable above their number) [rollout-blocked]"
    )


def test_rollout_that_has_only_compared_is_a_finding_with_the_command_that_starts_it() -> None:
    (found,) = findings(status(rollouts=rollout(updated=["a"], held=["b", "c"])))
    assert str(found) == (
        "daemonset edgecore-rollout-line-a: 2 nodes differ from the wanted edgecore.yaml, and nothing has "
        "changed there (kubectl --namespace kubeedge rollout restart daemonset/edgecore-rollout-line-a) "
        "[rollout-held]"
    )


def test_nodes_of_no_group_and_of_several_are_findings() -> None:
    given = rollout(updated=["a"])
    given.ungrouped, given.shared = ["edge-8"], {"edge-9": ["line-a", "line-b"]}
    none, several = map(str, findings(status(rollouts=given)))
    assert none == (
        "no rollout changes edgecore.yaml on edge-8: their labels fit no node group (label the nodes, or add "
        "the node group `default`, which takes all other edge nodes) [node-without-group]"
    )
    assert several == (
        "node edge-9: its labels fit the node groups line-a, line-b; only one of their pods runs on it "
        "(change the labels of the node, so that one group is left) [node-in-two-groups]"
    )
    text = as_text(status(rollouts=given))
    assert "rollout of group line-a: 1 of 1 node updated\nedge nodes of no group: edge-8\n" in text


def test_json_lists_the_nodes_of_each_group() -> None:
    given = rollout(updated=["a"], pending=["b"], failed={"c": "why"}, offline=["d"])
    (group,) = json.loads(as_json(status(rollouts=given)))["rollouts"]
    assert group == {
        "group": "line-a",
        "daemonset": "edgecore-rollout-line-a",
        "maxUnavailable": "2",
        "nodes": 4,
        "updated": ["a"],
        "held": [],
        "pending": ["b"],
        "failed": {"c": "why"},
        "offline": ["d"],
    }
