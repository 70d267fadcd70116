"""The connections of a site in every profile and TLS mode, and the comparison of two graphs."""

from __future__ import annotations

import pytest

from generator.graph.compare import compared
from generator.graph.model import Credential, Edge, TlsSide, tls_of
from tests.graph.sites import CASES, edges, graph, of_release

CA = Credential("own-ca")
PAIR = Credential("own-certificate")


@pytest.mark.parametrize(
    ("client", "server", "expected"),
    [
        (TlsSide(), TlsSide(), "none"),
        (TlsSide(), TlsSide(CA, PAIR), "unverified"),
        (TlsSide(CA), TlsSide(CA, PAIR), "server"),
        (TlsSide(None, PAIR), TlsSide(CA, PAIR), "client"),
        (TlsSide(CA, PAIR), TlsSide(CA, PAIR), "mutual"),
        (TlsSide(None, PAIR), TlsSide(None, PAIR), "unverified"),
    ],
)
def test_the_tls_mode_follows_from_both_sides(client: TlsSide, server: TlsSide, expected: str) -> None:
    assert tls_of(client, server) == expected


@pytest.mark.parametrize(("profile", "kubeedge"), CASES)
def test_every_edge_joins_two_nodes(profile: str, kubeedge: str) -> None:
    found = of_release(profile, kubeedge)
    assert len(found.by_id) == len(found.nodes)
    assert {end for edge in found.edges for end in (edge.source, edge.target)} == set(found.by_id)
    assert len({edge.key for edge in found.edges}) == len(found.edges)


@pytest.mark.parametrize(("profile", "kubeedge"), CASES)
def test_every_edgecore_connects_to_cloudcore_with_both_verified(profile: str, kubeedge: str) -> None:
    found = of_release(profile, kubeedge)
    groups = [node.id for node in found.nodes if node.kind == "edgecore"]
    assert groups == [edge.source for edge in edges(found, "messages")]
    assert {(edge.target, edge.tls) for edge in edges(found, "messages")} == {("cloudcore", "mutual")}


def test_every_node_group_of_a_site_connects_to_cloudcore() -> None:
    groups = [f"edgeCore.nodeGroups.g{number}={{}}" for number in range(10)]
    found = graph("plain", *(f"{group[:-3]}.modules.edged.enable=true" for group in groups))
    assert [edge.source for edge in edges(found, "messages")] == [f"edgecore/g{n}" for n in range(10)]


@pytest.mark.parametrize("kubeedge", ["1.11", "1.13", "1.16", "1.22", "1.23"])
def test_plain_has_no_ca_and_no_token_at_the_endpoint(kubeedge: str) -> None:
    found = edges(of_release("plain", kubeedge), "endpoint")
    assert len(found) == 2
    for edge in found:
        assert (edge.protocol, edge.tls, edge.caller) == ("http", "none", None)
        assert edge.client == edge.server == TlsSide()


@pytest.mark.parametrize("kubeedge", ["1.13", "1.16", "1.22", "1.23"])
def test_mtls_names_the_secret_of_the_client_certificate(kubeedge: str) -> None:
    agent, applications = edges(of_release("mtls", kubeedge), "endpoint")
    shown = Credential("client-certificate", "Secret metaserver-certs: server.crt")
    assert (agent.tls, agent.client.shows) == ("mutual", shown)
    # A client certificate is optional in every release.
    assert (applications.tls, applications.client.shows) == ("optional", None)


@pytest.mark.parametrize(
    ("profile", "expected"), [("one-way", "unverified"), ("one-way-verified", "server"), ("mtls", "mutual")]
)
@pytest.mark.parametrize("kubeedge", ["1.13", "1.16", "1.22", "1.23"])
def test_the_profile_decides_what_the_agent_verifies(profile: str, expected: str, kubeedge: str) -> None:
    agent, _ = edges(of_release(profile, kubeedge), "endpoint")
    assert (agent.protocol, agent.tls, agent.caller) == ("https", expected, Credential("token"))


@pytest.mark.parametrize(
    ("kubeedge", "ca", "certificate", "checked_by"),
    [
        ("1.13", "own-ca", "/etc/kubeedge/metaserver/server.crt", "cloudcore"),
        ("1.16", "own-ca", "/etc/kubeedge/metaserver/server.crt", "edgecore"),
        ("1.22", "cluster-ca", "/etc/kubeedge/pki/metaserver/metaserver-current.pem", "edgecore"),
        ("1.23", "cluster-ca", "/etc/kubeedge/pki/metaserver/metaserver-current.pem", "edgecore"),
    ],
)
def test_the_release_decides_on_the_certificate(
    kubeedge: str, ca: str, certificate: str, checked_by: str
) -> None:
    agent, applications = edges(of_release("one-way-verified", kubeedge), "endpoint")
    for edge in (agent, applications):
        assert edge.client.trusts is not None
        assert edge.server.trusts is not None
        assert edge.server.shows is not None
        assert (edge.client.trusts.code, edge.server.trusts.code) == (ca, ca)
        assert (edge.server.shows.place, edge.checked_by) == (certificate, checked_by)


def test_from_1_17_on_the_agent_needs_no_secret_to_verify_the_endpoint() -> None:
    new, old = (edges(of_release("one-way-verified", k), "endpoint")[0] for k in ("1.22", "1.16"))
    assert new.client.trusts == Credential("cluster-ca", "ca.crt of its service account")
    assert old.client.trusts == Credential("own-ca", "Secret metaserver-certs: rootCA.crt")


def test_by_quic_edgecore_does_not_verify_cloudcore() -> None:
    quic = [f"{place}.quic.enable=true" for place in (
        "cloudCore.modules.cloudHub", "edgeCore.modules.edgeHub"
    )]  # fmt: skip
    (edge,) = edges(graph("plain", *quic, "edgeCore.modules.edgeHub.websocket.enable=false"), "messages")
    assert (edge.protocol, edge.port, edge.tls) == ("quic", 10001, "client")


def test_the_tunnel_and_kubectl_logs_are_there_if_streams_are_on() -> None:
    found = graph("plain", "streams.enable=true", "cloudCore.streamCertificate.existingSecret=stream")
    (logs,), (tunnel,) = edges(found, "logs"), edges(found, "tunnel")
    assert (logs.source, logs.target, logs.port, logs.tls) == ("api-server", "cloudcore", 10003, "unverified")
    assert logs.server.shows == Credential("stream-certificate", "Secret stream")
    assert (tunnel.address, tunnel.tls) == ("192.0.2.10:10004", "client")
    assert edges(graph("plain"), "tunnel") == edges(graph("plain"), "logs") == []


def test_members_of_the_mesh_connect_to_relays_with_the_psk() -> None:
    found = edges(graph("plain", "agent.pskSecret=mesh", "gateway.enable=true"), "relay")
    assert [edge.source for edge in found] == ["agent-cloud", "agent/", "gateway"]
    psk = Credential("psk", "Secret mesh: psk")
    assert {(edge.address, edge.tls, edge.client.shows) for edge in found} == {
        ("192.0.2.20:20006", "psk", psk)
    }


def test_without_a_psk_no_member_is_verified() -> None:
    found = edges(graph("plain", "agent.modules.edgeTunnel.psk.enable=false"), "relay")
    assert {(edge.tls, edge.client) for edge in found} == {("unverified", TlsSide())}


def test_an_agent_that_bypasses_the_endpoint_connects_to_the_api_server() -> None:
    found = graph("plain", "agent.kubeAPIConfig.master=https://[2001:db8::1]:6443")
    edge = next(edge for edge in found.edges if edge.source == "agent/")
    assert (edge.target, edge.address, edge.tls) == ("api-server", "[2001:db8::1]:6443", "server")


def test_agents_on_cloud_nodes_use_their_own_config() -> None:
    found = graph("plain", "agent.cloudNodes.kubeAPIConfig.master=https://192.0.2.1:6443")
    cloud, edge = (
        next(one for one in found.edges if one.source == source) for source in ("agent-cloud", "agent/")
    )
    assert (cloud.target, cloud.address) == ("api-server", "192.0.2.1:6443")
    assert edge.target == "endpoint/"


def test_a_rollout_adds_no_program() -> None:
    assert graph("plain", "edgeCore.rollout.enable=true").nodes == graph("plain").nodes


def test_without_the_agent_only_applications_use_the_endpoint() -> None:
    found = graph("plain", "agent.enable=false")
    assert [edge.source for edge in edges(found, "endpoint")] == ["applications/"]
    assert edges(found, "relay") == []


def test_a_disabled_endpoint_has_no_clients() -> None:
    found = graph(None, "edgeCore.modules.metaManager.metaServer.enable=false", "agent.enable=false")
    assert [node.kind for node in found.nodes if node.place == "edge"] == ["edgecore"]


def test_the_gateway_uses_the_endpoint_of_its_node() -> None:
    (one,) = (
        edge
        for edge in graph("plain", "gateway.enable=true").edges
        if edge.key[::2] == ("gateway", "endpoint")
    )
    assert one.target == "endpoint/"
    factory = graph("mtls", file="factory")
    assert factory.by_id["gateway-endpoint"].on == factory.by_id["gateway"].on == "office-relay"


# --- comparison ----------------------------------------------------------------------------


def test_only_the_connections_that_differ_are_marked() -> None:
    found = compared(graph("plain"), graph("mtls"), "plain → mtls")
    changed = {edge.key: edge for edge in found.edges if edge.change}
    assert {key[2] for key in changed} == {"endpoint"}
    assert {edge.change for edge in changed.values()} == {"changed"}
    before = changed["agent/", "endpoint/", "endpoint"].before
    assert before is not None
    assert before.tls == "none"
    assert {node.change for node in found.nodes} == {""}


def test_added_and_removed_programs_are_marked_with_their_connections() -> None:
    with_gateway, without = graph("plain", "gateway.enable=true"), graph("plain")
    for before, after, change in ((without, with_gateway, "added"), (with_gateway, without, "removed")):
        found = compared(before, after, "")
        assert found.by_id["gateway"].change == change
        marked: list[Edge] = [edge for edge in found.edges if edge.change]
        assert {(edge.source, edge.change) for edge in marked} == {("gateway", change)}


def test_a_graph_compared_with_itself_has_no_mark() -> None:
    found = compared(graph("mtls"), graph("mtls"), "")
    assert {edge.change for edge in found.edges} | {node.change for node in found.nodes} == {""}
