"""`generator doctor` from end to end, with a stand-in for kubectl."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from generator.cli import doctor as command
from generator.doctor import diagnose as diagnosing
from generator.doctor import probe
from generator.io import kubectl as kubectl_module
from tests.cli.conftest import ADDRESS, Run, run
from tests.doctor.changes import away, edit, waiting
from tests.doctor.clusters import NOW, RELAY, SECRETS, STREAMS, at, install, ready_condition
from tests.doctor.fake_kubectl import FakeKubectl, failure

__all__ = ["run"]

Use = Callable[[FakeKubectl], FakeKubectl]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Return a function that makes the command use a cluster."""

    def chosen(cluster: FakeKubectl) -> FakeKubectl:
        monkeypatch.setattr(kubectl_module, "Kubectl", lambda **_: cluster)
        monkeypatch.setattr(diagnosing, "diagnose", partial(diagnosing.diagnose, now=NOW))
        monkeypatch.setattr(command, "_PAUSE_SECONDS", 0.0)
        monkeypatch.setattr(probe, "_POLL_SECONDS", 0.0)
        return cluster

    return chosen


def test_healthy_installation(run: Run, use: Use) -> None:
    use(install("v1.23.1", "one-way-verified", *STREAMS))
    done = run("doctor")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("cloud\n✓ cloudcore is ready: v1.23.1, 1 pod\n")
    assert done.stdout.splitlines()[-1] == "no findings in 35 checks, 1 not checked"


def test_failure(run: Run, use: Use) -> None:
    waiting(use(install()), "cloudcore")
    done = run("doctor")
    assert done.exit_code == 1
    assert "\x1b" not in done.stdout
    assert "× cloudcore is ready: v1.23.1, 0 pods\n" in done.stdout
    assert "\n  see `generator explain cloudcore-not-ready` and docs/doctor.md\n1 finding in " in done.stdout
    assert "\x1b[31m×\x1b[0m cloudcore is ready" in run("doctor", "--color", "always").stdout


def test_warning_is_no_failure(run: Run, use: Use) -> None:
    use(install()).get("Node", "edge-2")["status"]["nodeInfo"]["kubeletVersion"] = "v1.31.1-kubeedge-v1.22.0"
    done = run("doctor")
    assert (done.exit_code, "[version-skew]" in done.stdout) == (0, True)


def test_nothing_to_check(run: Run, use: Use) -> None:
    use(FakeKubectl([]))
    done = run("doctor")
    assert done.exit_code == 2
    assert done.stdout.splitlines()[-1] == (
        "nothing was checked: the cluster has no edge node and no cloudcore"
    )


def test_cluster_that_does_not_answer(run: Run, use: Use) -> None:
    cluster = use(install())

    def refuse(_: Any) -> None:
        raise failure("The connection to the server 192.0.2.1:6443 was refused")

    cluster.on_call = refuse
    done = run("doctor")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "The connection to the server 192.0.2.1:6443 was refused" in done.stderr


def test_json(run: Run, use: Use) -> None:
    away(use(install()), "edge-1", "edge-2")
    done = run("doctor", "--format", "json")
    found = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (found["cause"]["ruleId"], found["cause"]["where"]) == ("node-not-ready", "node edge-1")
    assert not any(one in done.output for one in SECRETS)


# --- nodes -----------------------------------------------------------------------------------------


def test_only_chosen_nodes_are_checked(run: Run, use: Use) -> None:
    away(use(install()), "edge-2")
    done = run("doctor", "--node", "edge-1")
    assert done.exit_code == 0
    assert "✓ edge nodes are Ready: 1 of 1\n" in done.stdout


def test_chosen_node_that_is_not_ready_is_an_error(run: Run, use: Use) -> None:
    away(use(install()), "edge-2")
    done = run("doctor", "--node", "edge-2")
    assert done.exit_code == 1
    assert "× edge nodes are Ready: 0 of 1\n    node edge-2: not Ready since " in done.stdout
    assert "[node-not-ready]" in done.stdout


@pytest.mark.parametrize("chosen", [(), ("--node", "edge-1", "--node", "edge-2")], ids=["all", "chosen"])
def test_some_nodes_that_are_not_ready_are_a_warning(run: Run, use: Use, chosen: tuple[str, ...]) -> None:
    away(use(install()), "edge-2")
    done = run("doctor", *chosen)
    assert done.exit_code == 0
    assert "‼ edge nodes are Ready: 1 of 2\n    node edge-2: not Ready since " in done.stdout
    assert "[some-nodes-not-ready]" in done.stdout


def test_relay_on_another_edge_node_is_no_finding(run: Run, use: Use) -> None:
    relay = "agent.relayNodes[0].nodeName=edge-2"
    use(install("v1.23.1", "plain", *RELAY, relay))
    assert run("doctor", "--node", "edge-1").exit_code == 0


def test_unknown_node(run: Run, use: Use) -> None:
    use(install())
    done = run("doctor", "--node", "edge-1", "--node", "edge-9", "--node", "cloud-1")
    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr == "no edge node edge-9, cloud-1 (edge nodes: edge-1, edge-2)\n"


def test_probe_needs_a_node(run: Run) -> None:
    done = run("doctor", "--probe")
    assert done.exit_code == 2
    assert "--probe needs --node NAME" in done.stderr


def test_probe(run: Run, use: Use) -> None:
    cluster = use(install())
    cluster.probed = lambda _: "doctor 1\nmetaserver-off\t\tfile=edgecore.yaml\ndone\n"
    done = run("doctor", "--node", "edge-1", "--probe")
    assert done.exit_code == 1
    assert "× doctor.sh on node edge-1 finds nothing\n    node edge-1: modules.metaManager" in done.stdout


# --- values ----------------------------------------------------------------------------------------


def test_site_is_checked_against_the_cluster(run: Run, use: Use) -> None:
    use(install("v1.23.1", "plain"))
    site = ("--profile", "one-way", "--set", ADDRESS, "--set", "kubeedgeVersion=v1.23.1")
    done = run("doctor", *site)
    assert done.exit_code == 1
    assert (
        "    the site: requireAuthorization is off in cloudcore and on in the edgecore.yaml of edge-1, "
        "edge-2; there the endpoint gets no certificate, or rejects every token [gate-differs]\n"
    ) in done.stdout
    assert run("doctor", "--profile", "plain", *site[2:]).exit_code == 0


# --- --wait ----------------------------------------------------------------------------------------


def test_wait_ends_when_nothing_fails(run: Run, use: Use) -> None:
    cluster = use(install())
    away(cluster, "edge-1", "edge-2")

    def heal(arguments: tuple[str, ...]) -> None:
        rounds = sum("/api/v1/nodes?" in one[-1] for one in cluster.calls)
        if "/api/v1/nodes?" in arguments[-1] and rounds == 3:
            for name in ("edge-1", "edge-2"):
                cluster.get("Node", name)["status"]["conditions"] = [ready_condition(True)]

    cluster.on_call = heal
    done = run("doctor", "--wait")
    assert done.exit_code == 0
    assert done.stderr.count("waiting: node edge-1: not Ready since ") == 2
    assert done.stdout.count("edge nodes are Ready: 2 of 2") == 1


def test_wait_ends_after_the_timeout(run: Run, use: Use) -> None:
    cluster = use(install("v1.23.1", "plain"))
    edit(cluster, "cloudcore", "modules.dynamicController.enable", False)
    done = run("doctor", "--wait", "--timeout", "3s")
    assert done.exit_code == 1
    assert "waiting: configmap kubeedge/cloudcore: modules.dynamicController.enable is off" in done.stderr
    assert done.stdout.count("most likely cause: ") == 1


def test_wait_does_not_wait_for_warnings(run: Run, use: Use) -> None:
    cluster = use(install("v1.23.1", "plain"))
    cluster.get("Pod", "app-default")["metadata"]["creationTimestamp"] = at(NOW.replace(month=1))
    done = run("doctor", "--wait")
    assert (done.exit_code, done.stderr, "[pods-older-than-agent]" in done.stdout) == (0, "", True)
