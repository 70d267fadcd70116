"""What the notes after an installation tell an operator to do, by release."""

from __future__ import annotations

from typing import Any

import pytest

from generator.helm.embedded import Embedded

HUB = {"cloudHub": {"advertiseAddress": ["192.0.2.10"]}}
QUIC = {"modules": {"edgeHub": {"quic": {"enable": True}, "websocket": {"enable": False}}}}


def notes(chart: str, profile: str | None = None, kubeedge: str = "1.23", **more: Any) -> str:
    """Return the notes of a chart."""
    values = {"kubeedgeVersion": kubeedge, "cloudCore": {"modules": HUB}, **more}
    if profile:
        values["profile"] = profile
    return Embedded().notes(chart, values, release=chart, namespace="kubeedge")


@pytest.mark.parametrize(
    ("profile", "kubeedge", "asked"),
    [
        ("plain", "1.16", False),
        ("one-way", "1.12", True),
        ("one-way-verified", "1.16", True),
        ("one-way-verified", "1.17", False),
    ],
)
def test_up_to_1_16_the_certificate_of_the_endpoint_is_asked_for(
    profile: str, kubeedge: str, asked: bool
) -> None:
    text = "/etc/kubeedge/metaserver/rootCA.crt, /etc/kubeedge/metaserver/server.crt and"
    assert (text in notes("edgecore", profile, kubeedge)) is asked


@pytest.mark.parametrize(
    ("kubeedge", "words"),
    [
        ("1.15", "--cloudcore-ipport=192.0.2.10:10001 \\\n       --edgenode-name=NODE"),
        ("1.16", "--cloudcore-ipport=192.0.2.10:10001 \\\n       --hub-protocol=quic --edgenode-name=NODE"),
    ],
)
def test_a_node_joins_by_the_protocol_it_uses(kubeedge: str, words: str) -> None:
    assert words in notes("edgecore", kubeedge=kubeedge, edgeCore=QUIC)


KEYS = {"modules": {"metaManager": {"metaServer": {"serviceAccountKeyFiles": ["/sa.pub"]}}}}


@pytest.mark.parametrize(
    ("kubeedge", "edge", "words"),
    [
        ("1.13", {}, "of a service account; without one the answer is 500"),
        ("1.14", {}, "one of `kubectl create token` is unknown to the node; without one the answer is 401"),
        ("1.23", KEYS, "of a service account with a pod on this node; without one the answer is 401"),
    ],
)
def test_the_token_is_one_that_the_release_knows(kubeedge: str, edge: dict[str, Any], words: str) -> None:
    assert words in notes("edgecore", "one-way", kubeedge, edgeCore=edge)


@pytest.mark.parametrize("istio", [True, False])
def test_the_definitions_that_edgemesh_reads_are_asked_for(istio: bool) -> None:
    assert ("--set crds.istio=true" in notes("edgemesh", crds={"istio": istio})) is not istio


@pytest.mark.parametrize(
    ("tunnel", "words"),
    [
        ({}, "Open TCP port 20006 of the relay nodes"),
        (
            {"transport": "quic", "psk": {"enable": False}, "listenPort": 30006},
            "Open UDP port 30006 of the relay nodes",
        ),
    ],
)
def test_relay_nodes_are_to_be_reached(tunnel: dict[str, Any], words: str) -> None:
    relay = [{"nodeName": "relay-1", "advertiseAddress": ["192.0.2.20"]}]
    assert words in notes("edgemesh", agent={"relayNodes": relay, "modules": {"edgeTunnel": tunnel}})
    assert "agent.relayNodes, unless" in notes("edgemesh")


def test_result_of_helm_test_is_read_without_the_tunnel() -> None:
    text = notes("edgemesh")
    assert "helm test edgemesh --namespace kubeedge\n" in text
    assert (
        "kubectl --namespace kubeedge get pod edgemesh-test --output "
        "jsonpath='{.status.containerStatuses[0].state.terminated.message}'\n"
    ) in text
    assert "`helm test --logs` needs what `kubectl logs` needs on an edge node" in text


def test_healthy_answer_has_a_resource_version_and_no_self_link() -> None:
    assert "a list that has a resourceVersion and no selfLink" in notes("edgemesh")
