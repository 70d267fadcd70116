"""The upstream guide "edge Kube-API endpoint", step by step: what replaces each step.

One test, or a few, for every row of its table; and the commands that it prints, as they stand there.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import helm_python
import pytest

from generator import go_yaml, locations
from generator.catalogue.causes import answers
from generator.errors import HelmError
from generator.helm.embedded import Embedded
from tests.charts.conftest import Render
from tests.charts.objects import Object, config, find

PROFILES = ("plain", "one-way", "one-way-verified", "mtls")
TLS_PROFILES = PROFILES[1:]
ADDRESS = {"cloudCore": {"modules": {"cloudHub": {"advertiseAddress": ["192.0.2.10"]}}}}
SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"


def site(profile: str, kubeedge: str = "1.23", **more: Any) -> dict[str, Any]:
    """Return a site as an operator would write it."""
    return {"profile": profile, "kubeedgeVersion": kubeedge, **ADDRESS, **more}


def cloud(objects: list[Object]) -> Object:
    """Return cloudcore.yaml."""
    return config(objects, "cloudcore", "cloudcore.yaml")


def edge(objects: list[Object]) -> Object:
    """Return edgecore.yaml."""
    return config(objects, "edgecore", "edgecore.yaml")


def agent(objects: list[Object]) -> Object:
    """Return edgemesh-agent.yaml."""
    return config(objects, "edgemesh-agent-cfg", "edgemesh-agent.yaml")


def flags(*lines: str) -> dict[str, Any]:
    """Read the words after `--set` as Helm itself does."""
    values: dict[str, Any] = helm_python.parse_set_string(",".join(lines))
    return values


def mounts(objects: list[Object]) -> dict[str, Object]:
    """Return the volume behind every mount of the agent, by mount path."""
    spec = find(objects, "DaemonSet", "edgemesh-agent")["spec"]["template"]["spec"]
    volumes = {volume["name"]: volume for volume in spec["volumes"]}
    return {m["mountPath"]: volumes[m["name"]] for m in spec["containers"][0]["volumeMounts"]}


@cache
def endpoint_pod(profile: str, kubeedge: str = "1.23") -> Object:
    """Return the pod of `helm test`, which a rendering for `kubectl apply` leaves out."""
    chart = helm_python.Chart.load(locations.CHARTS / "edgemesh")
    rendered = chart.render(site(profile, kubeedge), name="edgemesh", namespace="kubeedge")
    loaded: Object = go_yaml.load(rendered["edgemesh/templates/tests/endpoint-pod.yaml"])
    return loaded


# --- step 1: dynamicController in cloudcore.yaml, and a restart ---------------------------------


@pytest.mark.parametrize("profile", PROFILES)
def test_step_1_cloudcore_answers_the_endpoint(render: Render, profile: str) -> None:
    assert cloud(render("cloudcore", site(profile)))["modules"]["dynamicController"] == {"enable": True}


def test_step_1_a_changed_config_restarts_cloudcore(render: Render) -> None:
    templates = []
    for profile in ("plain", "one-way-verified"):
        found = find(render("cloudcore", site(profile)), "Deployment", "cloudcore")
        templates.append(found["spec"]["template"]["metadata"]["annotations"])
    assert templates[0] != templates[1]


def test_step_1_the_flag_of_the_guide(render: Render) -> None:
    values = flags("cloudCore.modules.dynamicController.enable=true")
    assert cloud(render("cloudcore", values))["modules"]["dynamicController"] == {"enable": True}
    assert not cloud(render("cloudcore"))["modules"].get("dynamicController", {}).get("enable")


# --- step 2: metaServer in edgecore.yaml; edgeMesh off below 1.8 -------------------------------


@pytest.mark.parametrize("kubeedge", ["1.7", "1.8", "1.11", "1.12", "1.16", "1.17", "1.23"])
def test_step_2_edgecore_serves_the_endpoint(render: Render, kubeedge: str) -> None:
    modules = edge(render("edgecore", site("plain", kubeedge)))["modules"]
    assert modules["metaManager"]["metaServer"]["enable"] is True
    if kubeedge == "1.7":
        assert modules["edgeMesh"]["enable"] is False
    else:
        assert "edgeMesh" not in modules


# --- step 3: clusterDNS and clusterDomain where, and as, the release reads them ----------------


@pytest.mark.parametrize("kubeedge", ["1.7", "1.11"])
def test_step_3_name_server_up_to_1_11(render: Render, kubeedge: str) -> None:
    edged = edge(render("edgecore", site("plain", kubeedge)))["modules"]["edged"]
    assert (edged["clusterDNS"], edged["clusterDomain"]) == ("169.254.96.16", "cluster.local")
    assert "tailoredKubeletConfig" not in edged


@pytest.mark.parametrize("kubeedge", ["1.12", "1.23"])
def test_step_3_name_server_from_1_12(render: Render, kubeedge: str) -> None:
    edged = edge(render("edgecore", site("plain", kubeedge)))["modules"]["edged"]
    kubelet = edged["tailoredKubeletConfig"]
    assert (kubelet["clusterDNS"], kubelet["clusterDomain"]) == (["169.254.96.16"], "cluster.local")
    assert "clusterDNS" not in edged


def test_step_3_both_addresses_are_one_value(render: Render) -> None:
    values = site("plain", agent={"commonConfig": {"bridgeDeviceIP": "169.254.96.99"}})
    edged = edge(render("edgecore", values))["modules"]["edged"]
    assert edged["tailoredKubeletConfig"]["clusterDNS"] == ["169.254.96.99"]
    assert agent(render("edgemesh", values))["commonConfig"]["bridgeDeviceIP"] == "169.254.96.99"


def test_step_3_the_wrong_place_and_the_wrong_domain_are_rejected(render: Render) -> None:
    wrong = site("plain", edgeCore={"modules": {"edged": {"clusterDNS": "169.254.96.16"}}})
    with pytest.raises(HelmError, match=r"edgeCore\.modules\.edged\.clusterDNS: not read by this release"):
        render("edgecore", wrong)
    with pytest.raises(HelmError, match=r"\[cluster-domain\]"):
        render("edgemesh", site("plain", cluster={"domain": "example.local"}))


# --- step 4: curl, and "check carefully" -------------------------------------------------------


def test_step_4_helm_test_runs_on_an_edge_node() -> None:
    pod = endpoint_pod("plain")
    assert pod["metadata"]["annotations"]["helm.sh/hook"] == "test"
    spec = pod["spec"]
    terms = spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    edge_node = {"key": "node-role.kubernetes.io/edge", "operator": "Exists"}
    assert terms["nodeSelectorTerms"] == [{"matchExpressions": [edge_node]}]
    assert spec["tolerations"] == [edge_node]
    assert (spec["hostNetwork"], spec["serviceAccountName"]) == (True, "edgemesh-agent")
    script = spec["containers"][0]["args"][0]
    assert "'http://127.0.0.1:10550/api/v1/services'" in script
    assert "Bearer" not in script


@pytest.mark.parametrize(
    ("profile", "kubeedge", "option"),
    [
        ("one-way", "1.23", " --insecure "),
        ("one-way-verified", "1.23", f" --cacert '{SERVICE_ACCOUNT}/ca.crt' 'https"),
        ("one-way-verified", "1.16", " --cacert '/etc/edgemesh/metaserver/rootCA.crt' 'https"),
        ("mtls", "1.23", " --cert '/etc/edgemesh/metaserver/server.crt' --key "),
    ],
)
def test_step_4_helm_test_connects_like_the_agent(profile: str, kubeedge: str, option: str) -> None:
    script = endpoint_pod(profile, kubeedge)["spec"]["containers"][0]["args"][0]
    assert option in script
    assert f"Bearer $(cat {SERVICE_ACCOUNT}/token)" in script
    assert "'https://127.0.0.1:10550/api/v1/services'" in script


def test_step_4_helm_test_prints_the_cause() -> None:
    script = endpoint_pod("mtls")["spec"]["containers"][0]["args"][0]
    for answer in answers():
        assert f"\n{' | '.join(answer.match)})\n" in script
        assert f"[{answer.code}]" in script
        assert all(f"[{code}]" in script for code in answer.causes)


@pytest.mark.parametrize("profile", PROFILES)
def test_step_4_the_notes_contain_the_command(profile: str) -> None:
    notes = Embedded().notes("edgemesh", site(profile), release="edgemesh", namespace="kubeedge")
    scheme = "http" if profile == "plain" else "https"
    assert f"'{scheme}://127.0.0.1:10550/api/v1/services'" in notes


# --- S1: the feature gate on both sides --------------------------------------------------------


@pytest.mark.parametrize("kubeedge", ["1.12", "1.16", "1.17", "1.23"])
@pytest.mark.parametrize("profile", TLS_PROFILES)
def test_s1_the_gate_is_on_everywhere(render: Render, profile: str, kubeedge: str) -> None:
    values = site(profile, kubeedge)
    assert cloud(render("cloudcore", values))["featureGates"]["requireAuthorization"] is True
    assert edge(render("edgecore", values))["featureGates"]["requireAuthorization"] is True
    security = agent(render("edgemesh", values))["kubeAPIConfig"]["metaServer"]["security"]
    assert security["requireAuthorization"] is True


def test_s1_the_flag_of_the_guide(render: Render) -> None:
    values = flags(
        "cloudCore.modules.dynamicController.enable=true",
        "cloudCore.featureGates.requireAuthorization=true",
        "cloudCore.modules.cloudHub.advertiseAddress[0]=192.0.2.10",
    )
    found = cloud(render("cloudcore", values))
    assert found["featureGates"] == {"requireAuthorization": True}
    assert found["modules"]["dynamicController"] == {"enable": True}
    assert found["modules"]["cloudHub"]["advertiseAddress"] == ["192.0.2.10"]


@pytest.mark.parametrize("chart", ["cloudcore", "edgecore", "edgemesh"])
def test_s1_tls_below_1_12_is_rejected(render: Render, chart: str) -> None:
    with pytest.raises(HelmError, match="serves the endpoint over plain http only"):
        render(chart, site("mtls", "1.11"))


# --- S2: test certificates, and the secret -----------------------------------------------------


def test_s2_from_1_17_on_no_certificate_is_needed(render: Render) -> None:
    objects = render("edgemesh", site("one-way-verified", "1.17"))
    assert agent(objects)["kubeAPIConfig"]["metaServer"]["security"] == {
        "requireAuthorization": True,
        "insecureSkipTLSVerify": False,
        "tlsCaFile": f"{SERVICE_ACCOUNT}/ca.crt",
        "tlsCertFile": "",
        "tlsPrivateKeyFile": "",
    }
    assert "/etc/edgemesh/metaserver" not in mounts(objects)


def test_s2_up_to_1_16_the_ca_comes_from_the_secret(render: Render) -> None:
    objects = render("edgemesh", site("one-way-verified", "1.16"))
    security = agent(objects)["kubeAPIConfig"]["metaServer"]["security"]
    assert security["tlsCaFile"] == "/etc/edgemesh/metaserver/rootCA.crt"
    assert (security["tlsCertFile"], security["tlsPrivateKeyFile"]) == ("", "")
    assert mounts(objects)["/etc/edgemesh/metaserver"]["secret"]["secretName"] == "metaserver-certs"


@pytest.mark.parametrize("secret", ["metaserver-certs", "mine"])
def test_s2_the_notes_show_how_to_create_the_secret(secret: str) -> None:
    values = site("mtls", metaServer={"certificateSecret": secret})
    notes = Embedded().notes("edgemesh", values, release="edgemesh", namespace="kubeedge")
    assert (
        f"kubectl --namespace kubeedge create secret generic {secret} "
        "--from-file=rootCA.crt --from-file=server.crt --from-file=server.key" in notes
    )


# --- S3: the endpoint's address and certificates in edgecore.yaml ------------------------------


@pytest.mark.parametrize("kubeedge", ["1.12", "1.16", "1.17", "1.23"])
@pytest.mark.parametrize("profile", TLS_PROFILES)
def test_s3_the_endpoint_listens_on_an_address(render: Render, profile: str, kubeedge: str) -> None:
    endpoint = edge(render("edgecore", site(profile, kubeedge)))["modules"]["metaManager"]["metaServer"]
    assert endpoint["server"] == "127.0.0.1:10550"
    files = [endpoint.get(f"tls{name}File") for name in ("Ca", "Cert", "PrivateKey")]
    if kubeedge in ("1.12", "1.16"):
        assert files == [f"/etc/kubeedge/metaserver/{n}" for n in ("rootCA.crt", "server.crt", "server.key")]
    else:
        assert files == [None, None, None]
        assert endpoint["dummyServer"] == "169.254.30.10:10550"


def test_s3_a_url_is_rejected(render: Render) -> None:
    server = {"modules": {"metaManager": {"metaServer": {"server": "https://127.0.0.1:10550"}}}}
    with pytest.raises(HelmError, match=r"\[server-is-url\]"):
        render("edgecore", site("mtls", edgeCore=server))


# --- method 1 and method 2 ---------------------------------------------------------------------

REQUIRE = "agent.kubeAPIConfig.metaServer.security.requireAuthorization=true"


def test_method_1_the_flags_of_the_guide(render: Render) -> None:
    values = flags(REQUIRE, "agent.kubeAPIConfig.metaServer.security.insecureSkipTLSVerify=true")
    objects = render("edgemesh", values)
    assert agent(objects)["kubeAPIConfig"]["metaServer"]["security"] == {
        "requireAuthorization": True,
        "insecureSkipTLSVerify": True,
    }
    assert "/etc/edgemesh/metaserver" not in mounts(objects)


def test_method_1_with_a_profile(render: Render) -> None:
    objects = render("edgemesh", site("one-way"))
    assert agent(objects)["kubeAPIConfig"]["metaServer"] == {
        "server": "https://127.0.0.1:10550",
        "security": {"requireAuthorization": True, "insecureSkipTLSVerify": True},
    }
    assert "/etc/edgemesh/metaserver" not in mounts(objects)


@pytest.mark.parametrize(
    "values",
    [flags(REQUIRE, "agent.metaServerSecret=metaserver-certs"), site("mtls")],
    ids=["flags", "profile"],
)
def test_method_2_mounts_the_secret(render: Render, values: dict[str, Any]) -> None:
    objects = render("edgemesh", values)
    security = agent(objects)["kubeAPIConfig"]["metaServer"]["security"]
    assert security["requireAuthorization"] is True
    assert security.get("insecureSkipTLSVerify", False) is False
    volume = mounts(objects)["/etc/edgemesh/metaserver"]
    assert volume["secret"]["secretName"] == "metaserver-certs"
    assert volume["secret"]["defaultMode"] <= 420


def test_method_2_without_a_secret_is_rejected(render: Render) -> None:
    with pytest.raises(HelmError, match=r"\[authorization-without-trust\]"):
        render("edgemesh", flags(REQUIRE))
    with pytest.raises(HelmError, match=r"\[mtls-without-secret\]"):
        render("edgemesh", site("mtls", agent={"metaServerSecret": ""}))


def test_a_key_that_contradicts_the_profile_is_rejected(render: Render) -> None:
    skip = {"kubeAPIConfig": {"metaServer": {"security": {"insecureSkipTLSVerify": True}}}}
    with pytest.raises(HelmError, match="contradicts profile mtls: the agent would accept any certificate"):
        render("edgemesh", site("mtls", agent=skip))


def test_the_flags_of_the_edgemesh_readme(render: Render) -> None:
    values = flags(
        "agent.psk=abc",
        "agent.relayNodes[0].nodeName=relay",
        "agent.relayNodes[0].advertiseAddress={192.0.2.20}",
    )
    objects = render("edgemesh", values)
    relays = [{"nodeName": "relay", "advertiseAddress": ["192.0.2.20"]}]
    assert agent(objects)["modules"]["edgeTunnel"]["relayNodes"] == relays
    assert find(objects, "Secret", "edgemesh-agent-psk")["stringData"] == {"psk": "abc"}
