"""The notes after an installation: the steps for the operator, by release."""

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
def test_up_to_1_16_the_notes_ask_for_the_certificate_of_the_endpoint(
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
def test_a_node_joins_with_its_own_protocol(kubeedge: str, words: str) -> None:
    assert words in notes("edgecore", kubeedge=kubeedge, edgeCore=QUIC)


KEYS = {"modules": {"metaManager": {"metaServer": {"serviceAccountKeyFiles": ["/sa.pub"]}}}}


@pytest.mark.parametrize(
    ("kubeedge", "edge", "words"),
    [
        ("1.13", {}, "of a service account; without a token the answer is 500"),
        ("1.14", {}, "the node rejects tokens of `kubectl create token`; without a token the answer is 401"),
        ("1.23", KEYS, "of a service account that has a pod on this node; without a token the answer is 401"),
    ],
)
def test_the_notes_name_a_token_that_works(kubeedge: str, edge: dict[str, Any], words: str) -> None:
    assert words in notes("edgecore", "one-way", kubeedge, edgeCore=edge)


@pytest.mark.parametrize("istio", [True, False])
def test_the_notes_ask_for_the_istio_crds(istio: bool) -> None:
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
def test_the_notes_name_the_port_of_relay_nodes(tunnel: dict[str, Any], words: str) -> None:
    relay = [{"nodeName": "relay-1", "advertiseAddress": ["192.0.2.20"]}]
    assert words in notes("edgemesh", agent={"relayNodes": relay, "modules": {"edgeTunnel": tunnel}})
    assert "agent.relayNodes, unless" in notes("edgemesh")


def test_the_result_of_helm_test_needs_no_tunnel() -> None:
    text = notes("edgemesh")
    assert "helm test edgemesh --namespace kubeedge\n" in text
    assert (
        "kubectl --namespace kubeedge get pod edgemesh-test --output "
        "jsonpath='{.status.containerStatuses[0].state.terminated.message}'\n"
    ) in text
    assert "`helm test --logs` works only if `kubectl logs` works on edge nodes" in text


def test_a_healthy_answer_has_a_resource_version_and_no_self_link() -> None:
    assert "a list that has a resourceVersion and no selfLink" in notes("edgemesh")
