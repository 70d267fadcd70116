"""Weaker security settings, keys that pods need, and addresses that joined nodes use."""

from __future__ import annotations

from typing import Any

import pytest

from tests.diff.sides import compared, says
from tests.diff.test_defaults import container, made, pod

LEVEL = "metadata: {name: a, labels: {pod-security.kubernetes.io/enforce: %s}}"
ARMOUR = "container.apparmor.security.beta.kubernetes.io/m"
LEVELS = "its pods only have to meet the Pod Security level "


def noted(profile: str) -> str:
    """Return a Deployment with an AppArmor profile in an annotation."""
    head = f"metadata: {{annotations: {{{ARMOUR}: {profile}}}}}"
    return f"spec: {{template: {{{head}, spec: {{containers: [{{name: m}}]}}}}}}"


# kind, before, after, what the pods may do; the reverse change has no impact
WEAKER = {
    "seccomp of a container": (
        "Deployment",
        container("a: b"),
        container("securityContext: {seccompProfile: {type: Unconfined}}"),
        "a: container m runs without seccomp and can make any system call",
    ),
    "seccomp of the pod": (
        "Deployment",
        pod("securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: m}]"),
        pod("securityContext: {seccompProfile: {type: Unconfined}}, containers: [{name: m}]"),
        "a: container m runs without seccomp and can make any system call",
    ),
    "seccomp left out": (
        "Deployment",
        container("securityContext: {seccompProfile: {type: RuntimeDefault}}"),
        container("a: b"),
        "a: seccomp no longer limits container m",
    ),
    "AppArmor": (
        "Deployment",
        container("a: b"),
        container("securityContext: {appArmorProfile: {type: Unconfined}}"),
        "a: container m runs without AppArmor",
    ),
    "AppArmor by annotation": (
        "Deployment",
        noted("runtime/default"),
        noted("unconfined"),
        "a: container m runs without AppArmor",
    ),
    "an unsafe sysctl": (
        "Deployment",
        pod("securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies}]}, containers: [{name: m}]"),
        pod("securityContext: {sysctls: [{name: kernel.msgmax}]}, containers: [{name: m}]"),
        "a: its pods set kernel.msgmax, an unsafe kernel setting",
    ),
    "a file system to write": (
        "Deployment",
        container("securityContext: {readOnlyRootFilesystem: true}"),
        container("securityContext: {readOnlyRootFilesystem: false}"),
        "a: container m can write its own file system",
    ),
    "the level of a namespace": (
        "Namespace",
        LEVEL % "baseline",
        LEVEL % "privileged",
        f"{LEVELS}privileged, not baseline",
    ),
    "no level of a namespace": (
        "Namespace",
        LEVEL % "restricted",
        "spec: {}",
        f"{LEVELS}privileged, not restricted",
    ),
}


def told(kind: str, before: str, after: str, name: str) -> list[str]:
    found = says(compared([made(kind, before)], [made(kind, after)]))
    return [line for line in found if line.startswith(f"{name}: ")]


@pytest.mark.parametrize(("kind", "before", "after", "may"), WEAKER.values(), ids=WEAKER)
def test_pods_with_more_access_to_their_node_are_privileged(
    kind: str, before: str, after: str, may: str
) -> None:
    assert told(kind, before, after, "privileged") == [f"privileged: {kind} a: {may}"]
    assert told(kind, after, before, "privileged") == []


def test_a_new_privileged_namespace_is_reported() -> None:
    (line,) = says(compared([], [made("Namespace", LEVEL % "privileged")]))
    assert line == f"privileged: Namespace a: {LEVELS}privileged"
    assert says(compared([], [made("Namespace", LEVEL % "restricted")])) == []


def test_a_namespace_that_becomes_privileged_is_reported() -> None:
    assert told("Namespace", "spec: {}", LEVEL % "privileged", "privileged")


def test_an_api_service_whose_certificate_is_not_verified_is_weaker() -> None:
    safe, unsafe = "spec: {insecureSkipTLSVerify: false}", "spec: {insecureSkipTLSVerify: true}"
    (line,) = told("APIService", safe, unsafe, "tls-weakened")
    assert line == "tls-weakened: APIService a: the API server no longer verifies the certificate of a"
    assert told("APIService", unsafe, safe, "tls-strengthened")
    assert says(compared([], [made("APIService", unsafe)])) == [line]


# --- keys that pods need -----------------------------------------------------------------------


def holder(kind: str, *keys: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": "c"}, "data": dict.fromkeys(keys, "eA==")}


def variable(kind: str, optional: str = "false") -> str:
    name = "configMapKeyRef" if kind == "ConfigMap" else "secretKeyRef"
    return container(f"env: [{{name: E, valueFrom: {{{name}: {{name: c, key: k, optional: {optional}}}}}}}]")


def projected(kind: str, optional: str = "false") -> str:
    name = "configMap" if kind == "ConfigMap" else "secret"
    source = f"{{{name}: {{name: c, items: [{{key: k, path: p}}], optional: {optional}}}}}"
    return pod(f"volumes: [{{name: v, projected: {{sources: [{source}]}}}}]")


@pytest.mark.parametrize("kind", ["ConfigMap", "Secret"])
@pytest.mark.parametrize("read", [variable, projected])
def test_a_removed_key_that_pods_still_read_is_reported(kind: str, read: Any) -> None:
    for optional, number in (("false", 1), ("true", 0)):
        reader = made("Deployment", read(kind, optional))
        found = says(compared([holder(kind, "k", "l"), reader], [holder(kind, "l"), reader]))
        expected = f"needs: {kind} c: a still uses the key k and cannot start again without it"
        fix = " (keep the key, or remove the reference from a)"
        assert [line for line in found if line.startswith("needs")] == [expected + fix] * number


def test_a_missing_key_that_pods_start_to_read_is_reported() -> None:
    before, after = made("Deployment", container("a: b")), made("Deployment", variable("Secret"))
    found = says(compared([holder("Secret", "l"), before], [holder("Secret", "l"), after]))
    assert "needs: Deployment a: a does not start without the key k in Secret c (add the key first)" in found
    there = says(compared([holder("Secret", "k"), before], [holder("Secret", "k"), after]))
    assert not [line for line in there if line.startswith("needs")]


# --- addresses and ports that joined nodes use -------------------------------------------------


def service(body: str, selector: str = "kubeedge: cloudcore") -> str:
    return f"spec: {{selector: {{{selector}}}, {body}}}"


def port(name: str, number: str) -> str:
    return f"type: NodePort, ports: [{{name: {name}, port: 10000, nodePort: {number}}}]"


GONE = {
    "a node port": (port("cloudhub", "30000"), port("cloudhub", "30001"), "node port 30000 of cloudhub"),
    "no node port": (port("cloudhub", "30000"), "ports: [{name: cloudhub, port: 10000}]", "node port 30000"),
    "an address": (
        "type: LoadBalancer, loadBalancerIP: 192.0.2.1",
        "type: LoadBalancer, loadBalancerIP: 192.0.2.2",
        "address 192.0.2.1",
    ),
}


@pytest.mark.parametrize(("before", "after", "gone"), GONE.values(), ids=GONE)
def test_a_removed_address_or_node_port_cuts_joined_nodes_off(before: str, after: str, gone: str) -> None:
    (line,) = told("Service", service(before), service(after), "nodes-cut-off")
    assert line.startswith(f"nodes-cut-off: Service a: edge nodes that connect to {gone}")
    assert "until every node's edgecore.yaml has the new address" in line


@pytest.mark.parametrize(
    ("name", "selector"), [("cloudstream", "kubeedge: cloudcore"), ("cloudhub", "app: other")]
)
def test_a_removed_port_that_nodes_do_not_use_cuts_no_node_off(name: str, selector: str) -> None:
    before, after = (service(port(name, number), selector) for number in ("30000", "30001"))
    assert told("Service", before, after, "nodes-cut-off") == []


def config(hub: str) -> dict[str, Any]:
    text = f"modules: {{cloudHub: {{{hub}}}}}"
    return {**made("ConfigMap", "a: b"), "metadata": {"name": "c"}, "data": {"cloudcore.yaml": text}}


def cut_off(before: str, after: str, more: str) -> list[str]:
    reader = made("Deployment", pod(f"volumes: [{{name: v, configMap: {{name: c}}}}], {more}"))
    found = says(compared([config(before), reader], [config(after), reader]))
    return [line for line in found if line.startswith("nodes-cut-off")]


def test_a_removed_advertised_address_cuts_joined_nodes_off() -> None:
    one, two, other = (
        f"advertiseAddress: [{each}]" for each in ("192.0.2.1", "192.0.2.1, 192.0.2.2", "192.0.2.2")
    )
    assert cut_off(one, two, "a: b") == []
    (line,) = cut_off(one, other, "a: b")
    assert line.startswith("nodes-cut-off: ConfigMap c: edge nodes that connect to address 192.0.2.1 lose ")


def test_a_removed_port_of_cloudhub_on_the_host_network_cuts_joined_nodes_off() -> None:
    ports = ("websocket: {enable: true, port: 10000}", "websocket: {enable: true, port: 10100}")
    assert cut_off(*ports, "hostNetwork: false") == []
    (line,) = cut_off(*ports, "hostNetwork: true")
    assert "port 10000 of cloudHub.websocket" in line
    assert cut_off(ports[0], "websocket: {enable: false}, quic: {enable: true}", "hostNetwork: true")
