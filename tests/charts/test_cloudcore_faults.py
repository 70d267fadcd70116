"""One test per fault of the upstream cloudcore chart that a rendering shows, named after its number.

The numbers are those of docs/upstream-faults.md, which also says what no rendering shows.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from generator.components import KUBEEDGE
from generator.errors import HelmError
from generator.upstream.releases import minors
from tests.charts.conftest import Render
from tests.charts.objects import config, containers, find, has, pod_specs

STREAM = {"streamCertificate": {"existingSecret": "stream"}}
ISSUER = {"enable": True, "issuerRef": {"name": "edge"}}
EVERYTHING: dict[str, Any] = {
    "cloudCore": STREAM,
    "controllerManager": {"enable": True},
    "admission": {"enable": True, "certsSecretName": "admission"},
}


def cloud(objects: list[dict[str, Any]]) -> dict[str, Any]:
    """Return cloudcore.yaml."""
    return config(objects, "cloudcore", "cloudcore.yaml")


def hub(**fields: Any) -> dict[str, Any]:
    """Return values that set fields of cloudHub."""
    return {"cloudCore": {"modules": {"cloudHub": fields}}}


def pod(objects: list[dict[str, Any]], kind: str = "Deployment", name: str = "cloudcore") -> dict[str, Any]:
    """Return the pod template of a workload."""
    template: dict[str, Any] = find(objects, kind, name)["spec"]["template"]
    return template


def container(
    objects: list[dict[str, Any]], kind: str = "Deployment", name: str = "cloudcore"
) -> dict[str, Any]:
    """Return the container of a workload."""
    found: dict[str, Any] = pod(objects, kind, name)["spec"]["containers"][0]
    return found


def ports(objects: list[dict[str, Any]]) -> dict[str, tuple[int, str]]:
    """Return the ports of the Service by name, with their protocol; they are the container's as well."""
    service = find(objects, "Service", "cloudcore")["spec"]["ports"]
    inside = container(objects)["ports"]
    assert [(p["name"], p["targetPort"], p["protocol"]) for p in service] == [
        (p["name"], p["containerPort"], p["protocol"]) for p in inside
    ]
    return {p["name"]: (p["port"], p["protocol"]) for p in service}


def rights(objects: list[dict[str, Any]], *, kind: str = "ClusterRole") -> dict[str, set[str]]:
    """Return what cloudcore may do: verbs by group/resource, over the roles bound to it."""
    bound = {
        one["roleRef"]["name"]
        for one in objects
        if one["kind"] == f"{kind}Binding" and one["subjects"][0]["name"] == "cloudcore"
    }
    found: dict[str, set[str]] = {}
    for role in objects:
        if role["kind"] == kind and role["metadata"]["name"] in bound:
            for rule in role.get("rules", []):
                for resource in rule["resources"]:
                    found.setdefault(f"{rule['apiGroups'][0]}/{resource}", set()).update(rule["verbs"])
    return found


# --- certificates --------------------------------------------------------------------------


def test_fault_01_two_renderings_are_the_same(render: Render) -> None:
    assert json.dumps(render("cloudcore", EVERYTHING)) == json.dumps(render("cloudcore", EVERYTHING))


def test_fault_02_no_secret_and_no_hook(render: Render) -> None:
    objects = render("cloudcore", EVERYTHING)
    assert not [o for o in objects if o["kind"] == "Secret"]
    assert not [o for o in objects if "helm.sh/hook" in o["metadata"].get("annotations", {})]


def test_fault_03_the_certificate_has_every_name(render: Render) -> None:
    values = hub(advertiseAddress=["192.0.2.10", "2001:db8::10"], dnsNames=["cloud.example.com"])
    values["cloudCore"] |= {
        "streamCertificate": {"certManager": ISSUER},
        "loadBalancerAddress": "abc.de",
        "hostNetWork": False,
    }
    values |= {"nameOverride": "other", "cluster": {"domain": "cluster.example"}}
    spec = find(render("cloudcore", values), "Certificate", "cloudcore-stream")["spec"]
    assert spec["dnsNames"] == [
        "cloudcore",
        "cloudcore.kubeedge",
        "cloudcore.kubeedge.svc",
        "cloudcore.kubeedge.svc.cluster.example",
        "localhost",
        "abc.de",
        "cloud.example.com",
    ]
    assert spec["ipAddresses"] == ["127.0.0.1", "192.0.2.10", "2001:db8::10"]


@pytest.mark.parametrize(
    ("given", "secret", "keys"),
    [
        ({"existingSecret": "own"}, "own", ["streamCA.crt", "stream.crt", "stream.key"]),
        (
            {"existingSecret": "own", "secretKeys": {"ca": "a", "cert": "b", "key": "c"}},
            "own",
            ["a", "b", "c"],
        ),
        ({"certManager": ISSUER}, "cloudcore-stream", ["ca.crt", "tls.crt", "tls.key"]),
    ],
    ids=["existing", "other-keys", "cert-manager"],
)
def test_fault_04_the_stream_certificate_can_be_your_own(
    render: Render, given: dict[str, Any], secret: str, keys: list[str]
) -> None:
    objects = render("cloudcore", {"cloudCore": {"streamCertificate": given}})
    assert cloud(objects)["modules"]["cloudStream"]["enable"] is True
    volume = next(v for v in pod(objects)["spec"]["volumes"] if v["name"] == "stream-certificate")
    assert volume["secret"]["secretName"] == secret
    assert [i["key"] for i in volume["secret"]["items"]] == keys
    paths = {m["mountPath"] for m in container(objects)["volumeMounts"]}
    names = ("ca/streamCA.crt", "certs/stream.crt", "certs/stream.key")
    assert {f"/etc/kubeedge/{name}" for name in names} <= paths


def test_fault_04_without_a_certificate_cloudstream_stays_off(render: Render) -> None:
    objects = render("cloudcore")
    assert cloud(objects)["modules"]["cloudStream"]["enable"] is False
    assert "stream-certificate" not in json.dumps(objects)
    with pytest.raises(HelmError, match=r"\[stream-without-certificate\]"):
        render("cloudcore", {"cloudCore": {"modules": {"cloudStream": {"enable": True}}}})


def test_fault_05_no_path_to_a_certificate_that_is_not_mounted(render: Render) -> None:
    assert not [key for key in cloud(render("cloudcore"))["modules"]["cloudHub"] if key.startswith("tls")]


# --- the config ----------------------------------------------------------------------------


@pytest.mark.parametrize("minor", minors(KUBEEDGE))
def test_fault_06_api_version_exists(render: Render, minor: str) -> None:
    loaded = cloud(render("cloudcore", {"kubeedgeVersion": minor}))
    assert (loaded["apiVersion"], loaded["kind"]) == ("cloudcore.config.kubeedge.io/v1alpha1", "CloudCore")


@pytest.mark.parametrize("value", [[""], []], ids=["upstream", "empty"])
def test_fault_07_without_an_address_the_key_is_not_rendered(render: Render, value: list[str]) -> None:
    found = cloud(render("cloudcore", hub(advertiseAddress=value, dnsNames=value)))["modules"]["cloudHub"]
    assert "advertiseAddress" not in found
    assert "dnsNames" not in found


def test_fault_08_names_and_addresses_stay_strings(render: Render) -> None:
    addresses, names = ["192.0.2.10", "::1", "fe80::1"], ["*.example.com", "1e3", "0123", "null", "true"]
    found = cloud(render("cloudcore", hub(advertiseAddress=addresses, dnsNames=names)))["modules"]["cloudHub"]
    assert found["advertiseAddress"] == addresses
    assert found["dnsNames"] == names


@pytest.mark.parametrize("limit", ["2000000", 2000000, 2000000.0])
def test_fault_09_numbers_are_written_as_integers(render: Render, limit: Any) -> None:
    objects = render("cloudcore", hub(nodeLimit=limit, quic={"maxIncomingStreams": limit}))
    text = find(objects, "ConfigMap", "cloudcore")["data"]["cloudcore.yaml"]
    assert re.search(r"^    nodeLimit: 2000000$", text, re.MULTILINE)
    assert re.search(r"^      maxIncomingStreams: 2000000$", text, re.MULTILINE)
    assert not re.search(r"\de\+", text)


def test_fault_10_every_feature_gate_can_be_set(render: Render) -> None:
    gates = {"requireAuthorization": False, "moduleRestart": True, "disableNodeTaskV1alpha2": True}
    values = {"cloudCore": {"featureGates": gates}, "controllerManager": {"enable": True}}
    objects = render("cloudcore", values)
    assert cloud(objects)["featureGates"] == gates
    manager = container(objects, name="kubeedge-controller-manager")
    assert manager["args"] == ["--feature-gates=disableNodeTaskV1alpha2"]


def test_fault_11_every_field_can_be_set(render: Render) -> None:
    given: dict[str, Any] = {
        "kubeAPIConfig": {"contentType": "application/json", "master": ""},
        "commonConfig": {"monitorServer": {"bindAddress": "0.0.0.0:9092", "enableProfiling": False}},
        "modules": {
            "cloudHub": {
                "keepaliveInterval": 10,
                "writeTimeout": 0,
                "edgeCertSigningDuration": 30,
                "tokenRefreshDuration": 6,
                "authorization": {"enable": True, "debug": False, "modes": [{"node": {"enable": True}}]},
                "unixsocket": {"enable": False, "address": "unix:///run/kubeedge/hub.sock"},
                "https": {"address": "192.0.2.1"},
            },
            "edgeController": {"enable": False, "nodeUpdateFrequency": 5, "buffer": {"podEvent": 0}},
            "deviceController": {"enable": False},
            "syncController": {"enable": False},
            "router": {"address": "127.0.0.1", "port": 9444, "restTimeout": 0},
            "taskManager": {"buffer": {"taskStatus": 1}, "load": {"taskWorkers": 2}},
        },
    }
    loaded = cloud(render("cloudcore", {"cloudCore": given}))

    def holds(part: Any, whole: Any) -> bool:
        if isinstance(part, dict):
            return all(name in whole and holds(value, whole[name]) for name, value in part.items())
        return bool(part == whole) and type(part) is type(whole)

    assert holds(given, loaded)


def test_fault_11_a_field_of_another_release_is_rejected(render: Render) -> None:
    values = {"kubeedgeVersion": "1.12", "cloudCore": {"modules": {"taskManager": {"enable": True}}}}
    with pytest.raises(HelmError, match=r"cloudCore\.modules\.taskManager"):
        render("cloudcore", values)


def test_fault_12_ports_follow_the_config(render: Render) -> None:
    values = hub(websocket={"port": 11000}, quic={"enable": True, "port": 11001}, https={"port": 11002})
    values["cloudCore"] |= STREAM
    values["cloudCore"]["modules"] |= {"cloudStream": {"streamPort": 11003, "tunnelPort": 11004}}
    objects = render("cloudcore", values)
    assert ports(objects) == {
        "cloudhub": (11000, "TCP"),
        "cloudhub-quic": (11001, "UDP"),
        "cloudhub-https": (11002, "TCP"),
        "cloudstream": (11003, "TCP"),
        "tunnelport": (11004, "TCP"),
    }
    assert container(objects)["readinessProbe"]["httpGet"]["port"] == 11002
    assert container(objects, "DaemonSet", "cloud-iptables-manager")["args"] == ["--forwardport=11003"]


def test_iptables_manager_gets_no_flag_for_its_own_default(render: Render) -> None:
    # Older releases spell it --ForwardPort or lack it, and exit on a flag they do not know.
    assert "args" not in container(render("cloudcore"), "DaemonSet", "cloud-iptables-manager")


@pytest.mark.parametrize(
    "path",
    [
        "cloudCore.service",
        "cloudCore.image",
        "cloudCore.resources",
        "cloudCore.labels",
        "cloudCore.modules.cloudHub",
        "cloudCore.modules",
        "cloudCore.replicaCount",
        "images",
        "iptablesManager",
        "iptablesManager.image",
        "admission.image",
        "mosquitto",
    ],
)
def test_fault_13_a_section_can_be_null(render: Render, path: str) -> None:
    values: dict[str, Any] = {}
    here = values
    *parents, last = path.split(".")
    for name in parents:
        here = here.setdefault(name, {})
    here[last] = None
    objects = render("cloudcore", values)
    assert find(objects, "Deployment", "cloudcore")["spec"]["replicas"] == 1
    assert "null" not in json.dumps([o for o in objects if o["kind"] != "CustomResourceDefinition"])


@pytest.mark.parametrize("path", ["featureGates", "modules.taskManager", "modules.cloudHub.unixsocket"])
def test_fault_13_a_null_that_would_crash_cloudcore_is_rejected(render: Render, path: str) -> None:
    core: dict[str, Any] = {}
    here = core
    *parents, last = path.split(".")
    for name in parents:
        here = here.setdefault(name, {})
    here[last] = None
    with pytest.raises(HelmError, match="null"):
        render("cloudcore", {"cloudCore": core})


@pytest.mark.parametrize("limit", [1, 49, 500, 1000, 3001])
@pytest.mark.parametrize("minor", ["1.13", "1.23"])
def test_fault_14_cloudcore_changes_nothing_in_its_config(render: Render, minor: str, limit: int) -> None:
    loaded = cloud(render("cloudcore", {"kubeedgeVersion": minor, **hub(nodeLimit=limit)}))
    assert loaded["kubeAPIConfig"] == {"qps": 5 * limit, "burst": 10 * limit}
    assert loaded["modules"]["edgeController"] == {
        "load": {
            "queryNodeWorkers": limit,
            "createLeaseWorkers": limit,
            "patchNodeWorkers": 100 + limit // 50,
        },
        "buffer": {
            "patchNode": 1024 + limit // 2,
            "queryNode": 1024 + limit,
            "createLease": 1024 + limit,
        },
    }


def test_fault_14_nothing_is_computed_where_cloudcore_does_not_adjust(render: Render) -> None:
    loaded = cloud(render("cloudcore", {"kubeedgeVersion": "1.12"}))
    assert "kubeAPIConfig" not in loaded
    assert "edgeController" not in loaded["modules"]


def test_fault_14_cloudcore_has_no_permission_to_rewrite_its_config(render: Render) -> None:
    rules = find(render("cloudcore"), "Role", "cloudcore")["rules"]
    updates = [rule for rule in rules if "configmaps" in rule["resources"] and "update" in rule["verbs"]]
    assert [rule["resourceNames"] for rule in updates] == [["tunnelport"]]


def test_fault_15_a_misspelled_mode_is_rejected(render: Render) -> None:
    with pytest.raises(HelmError, match="mode"):
        render("cloudcore", {"iptablesManager": {"mode": "Internal"}})


@pytest.mark.parametrize(
    ("values", "restarted"),
    [
        (hub(keepaliveInterval=31), {"cloudcore"}),
        ({"mosquitto": {"extraConfig": "max_connections 9"}}, {"edge-eclipse-mosquitto"}),
        ({"crds": {"enable": False}}, set()),
        ({"cloudCore": {"service": {"type": "NodePort"}}}, set()),
        ({"edgeAPIs": [{"group": "apps", "resources": ["deployments"]}]}, set()),
    ],
    ids=["config", "broker", "crds", "service", "rights"],
)
def test_fault_16_a_change_restarts_the_pods_that_read_it(
    render: Render, values: dict[str, Any], restarted: set[str]
) -> None:
    def templates(objects: list[dict[str, Any]]) -> dict[str, str]:
        return {o["metadata"]["name"]: json.dumps(o["spec"]["template"]) for o, _ in pod_specs(objects)}

    before, after = templates(render("cloudcore")), templates(render("cloudcore", values))
    assert {name for name in before if before[name] != after[name]} == restarted


# --- Deployment and Service ----------------------------------------------------------------


def test_fault_17_recreate_on_the_host_network(render: Render) -> None:
    def strategy(**core: Any) -> Any:
        objects = render("cloudcore", {"cloudCore": core})
        return find(objects, "Deployment", "cloudcore")["spec"]["strategy"]

    assert strategy() == {"type": "Recreate"}
    assert strategy(hostNetWork="true") == {"type": "Recreate"}
    # In full, so that Helm 4 can take it away again when the host network comes back.
    quarter = {"maxSurge": "25%", "maxUnavailable": "25%"}
    assert strategy(hostNetWork=False) == {"type": "RollingUpdate", "rollingUpdate": quarter}
    assert strategy(strategy={"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0}}) == {
        "type": "RollingUpdate",
        "rollingUpdate": {**quarter, "maxSurge": 0},
    }
    own = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}
    assert strategy(strategy=own) == own


def test_fault_18_the_type_of_the_service_is_kept(render: Render) -> None:
    def service(**fields: Any) -> dict[str, Any]:
        host = fields.pop("host", True)
        values = {"cloudCore": {"hostNetWork": host, "service": fields}}
        spec: dict[str, Any] = find(render("cloudcore", values), "Service", "cloudcore")["spec"]
        return spec

    assert service()["type"] == "ClusterIP"
    assert service(host=False)["type"] == "NodePort"
    assert service(host="false")["type"] == "NodePort"
    assert service(type="NodePort")["ports"][0]["nodePort"] == 30000
    extras = {
        "loadBalancerIP": "192.0.2.30",
        "loadBalancerClass": "example.com/internal",
        "loadBalancerSourceRanges": ["192.0.2.0/24"],
        "externalTrafficPolicy": "Local",
        "clusterIP": "10.96.0.30",
        "ipFamilyPolicy": "PreferDualStack",
    }
    assert service(type="LoadBalancer", **extras).items() >= {"type": "LoadBalancer", **extras}.items()


def test_fault_19_node_ports_are_integers_and_0_lets_kubernetes_choose(render: Render) -> None:
    fields = {"type": "NodePort", "cloudhubNodePort": "31000", "cloudhubHttpsNodePort": 0}
    objects = render("cloudcore", {"cloudCore": {"service": fields}})
    found = find(objects, "Service", "cloudcore")["spec"]["ports"]
    assert [p.get("nodePort") for p in found] == [31000, None]


def test_fault_20_only_what_is_on_is_exposed(render: Render) -> None:
    assert set(ports(render("cloudcore"))) == {"cloudhub", "cloudhub-https"}
    assert not has(render("cloudcore", hub(enable=False)), "Service", "cloudcore")
    values = hub(websocket={"enable": False}, quic={"enable": True})
    values["cloudCore"]["modules"]["router"] = {"enable": True}
    values["cloudCore"]["commonConfig"] = {"monitorServer": {"bindAddress": "0.0.0.0:9091"}}
    assert ports(render("cloudcore", values)) == {
        "cloudhub-quic": (10001, "UDP"),
        "cloudhub-https": (10002, "TCP"),
        "router": (9443, "TCP"),
        "metrics": (9091, "TCP"),
    }


def test_fault_21_quic_is_udp(render: Render) -> None:
    assert ports(render("cloudcore", hub(quic={"enable": True})))["cloudhub-quic"] == (10001, "UDP")


@pytest.mark.parametrize(
    ("values", "added"),
    [
        ({}, None),
        ({"iptablesManager": {"mode": "internal"}}, ["NET_ADMIN", "NET_RAW"]),
        ({"iptablesManager": {"mode": "internal", "enable": False}}, None),
        ({"kubeedgeVersion": "1.8"}, ["NET_ADMIN", "NET_RAW"]),
        (hub(https={"port": 443}), ["NET_BIND_SERVICE"]),
    ],
    ids=["external", "internal", "off", "1.8", "low-port"],
)
def test_fault_22_only_needed_privileges(
    render: Render, values: dict[str, Any], added: list[str] | None
) -> None:
    context = container(render("cloudcore", values))["securityContext"]
    assert context["privileged"] is False
    assert context["allowPrivilegeEscalation"] is False
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    assert context["capabilities"]["drop"] == ["ALL"]
    assert context["capabilities"].get("add") == added


def test_fault_22_upstreams_privileged_still_works(render: Render) -> None:
    objects = render("cloudcore", {"cloudCore": {"securityContext": {"privileged": True}}})
    assert container(objects)["securityContext"] == {"privileged": True}


def test_fault_22_no_host_directory_without_the_socket(render: Render) -> None:
    objects = render("cloudcore", hub(unixsocket={"enable": False}))
    assert not [v for v in pod(objects)["spec"]["volumes"] if "hostPath" in v]


def test_fault_23_probes_budget_policy_registry_and_more_can_be_set(render: Render) -> None:
    core: dict[str, Any] = {
        "hostNetWork": False,
        "priorityClassName": "system-cluster-critical",
        "terminationGracePeriodSeconds": 0,
        "topologySpreadConstraints": [
            {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"}
        ],
        "podDisruptionBudget": {"enable": True},
        "networkPolicy": {"enable": True, "ingressFrom": [{"ipBlock": {"cidr": "192.0.2.0/24"}}]},
        "extraEnv": [{"name": "TZ", "value": "UTC"}],
        "extraArgs": ["--v=4"],
        "extraVolumes": [{"name": "extra", "emptyDir": {}}],
        "extraVolumeMounts": [{"name": "extra", "mountPath": "/extra"}],
        "podAnnotations": {"example.com/a": "b"},
        "podLabels": {"example.com/c": "d"},
        "image": {"digest": "sha256:0"},
        "livenessProbe": {},
    }
    images = {"registry": "mirror:5000/", "pullSecrets": ["pull"]}
    objects = render("cloudcore", {"cloudCore": core, "images": images})
    spec, own = pod(objects)["spec"], container(objects)
    assert spec["priorityClassName"] == core["priorityClassName"]
    assert spec["terminationGracePeriodSeconds"] == 0
    (spread,) = spec["topologySpreadConstraints"]
    # Without a selector it would match no pod.
    selector = find(objects, "Deployment", "cloudcore")["spec"]["selector"]
    assert spread == {**core["topologySpreadConstraints"][0], "labelSelector": selector}
    assert spec["imagePullSecrets"] == [{"name": "pull"}]
    assert own["image"] == "mirror:5000/kubeedge/cloudcore@sha256:0"
    assert own["env"] == core["extraEnv"]
    assert own["args"] == ["--v=4"]
    assert {"name": "extra", "mountPath": "/extra"} in own["volumeMounts"]
    assert {"name": "extra", "emptyDir": {}} in spec["volumes"]
    assert "livenessProbe" not in own
    assert own["readinessProbe"]["httpGet"] == {"path": "/ca.crt", "port": 10002, "scheme": "HTTPS"}
    assert own["startupProbe"]["httpGet"] == own["readinessProbe"]["httpGet"]
    assert pod(objects)["metadata"]["annotations"]["example.com/a"] == "b"
    assert pod(objects)["metadata"]["labels"]["example.com/c"] == "d"
    assert find(objects, "PodDisruptionBudget", "cloudcore")["spec"]["maxUnavailable"] == 1
    rule = find(objects, "NetworkPolicy", "cloudcore")["spec"]["ingress"][0]
    assert rule["from"] == core["networkPolicy"]["ingressFrom"]
    assert [p["port"] for p in rule["ports"]] == [10000, 10002]


def test_fault_24_annotations_reach_workload_and_pods(render: Render) -> None:
    mark = {"annotations": {"example.com/a": "b"}, "podAnnotations": {"example.com/c": "d"}}
    values = {
        "cloudCore": mark,
        "iptablesManager": mark,
        "mosquitto": mark,
        "controllerManager": {"enable": True, **mark},
        "admission": {"enable": True, "certsSecretName": "s", **mark},
    }
    workloads = [found for found, _ in pod_specs(render("cloudcore", values))]
    assert len(workloads) == 5
    for found in workloads:
        assert found["metadata"]["annotations"]["example.com/a"] == "b"
        assert found["spec"]["template"]["metadata"]["annotations"]["example.com/c"] == "d"


@pytest.mark.parametrize("labels", [None, {"k8s-app": "mine", "team": "edge"}], ids=["null", "own"])
def test_fault_25_selectors_never_change(render: Render, labels: dict[str, str] | None) -> None:
    parts = ("cloudCore", "iptablesManager", "controllerManager", "admission", "mosquitto")
    changed = {part: {**EVERYTHING.get(part, {}), "labels": labels} for part in parts}
    plain, other = render("cloudcore", EVERYTHING), render("cloudcore", changed)
    for found, _ in pod_specs(plain):
        selector = found["spec"]["selector"]
        twin = find(other, found["kind"], found["metadata"]["name"])
        assert selector["matchLabels"]["app.kubernetes.io/instance"] == "cloudcore"
        assert twin["spec"]["selector"] == selector
        assert twin["spec"]["template"]["metadata"]["labels"].items() >= selector["matchLabels"].items()
    for service in (o for o in other if o["kind"] == "Service"):
        twin = find(plain, "Service", service["metadata"]["name"])
        assert service["spec"]["selector"] == twin["spec"]["selector"]


def test_fault_26_limits_fit_the_node_limit(render: Render) -> None:
    assert container(render("cloudcore"))["resources"]["limits"] == {"cpu": "2", "memory": "4Gi"}


def test_fault_27_service_account_name(render: Render) -> None:
    for found, spec in pod_specs(render("cloudcore", EVERYTHING)):
        assert "serviceAccount" not in spec
        assert ("serviceAccountName" in spec) != (found["metadata"]["name"] == "edge-eclipse-mosquitto")


# --- names and namespaces ------------------------------------------------------------------


def test_fault_28_the_namespace_is_written_out_and_must_be_kubeedge(render: Render) -> None:
    cluster = ("ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition")
    for found in render("cloudcore", {**EVERYTHING, "nameOverride": "mine"}):
        assert found["metadata"].get("namespace") == (None if found["kind"] in cluster else "kubeedge")
        assert found["metadata"]["labels"]["app.kubernetes.io/name"] == "mine"
    with pytest.raises(HelmError, match="cloudcore works only in the namespace kubeedge"):
        render("cloudcore", namespace="edge")


def test_fault_29_the_webhook_is_where_its_service_is(render: Render) -> None:
    objects = render("cloudcore", EVERYTHING)
    service = find(objects, "Service", "kubeedge-admission-service")
    args = container(objects, name="kubeedge-admission")["args"]
    assert f"--webhook-namespace={service['metadata']['namespace']}" in args
    assert f"--webhook-service-name={service['metadata']['name']}" in args
    assert f"--port={service['spec']['ports'][0]['port']}" in args


# --- the helpers ---------------------------------------------------------------------------


def test_fault_30_annotations_of_the_webhook(render: Render) -> None:
    admission = {"enable": True, "certsSecretName": "s", "annoations": {"a": "b"}, "annotations": {"c": "d"}}
    found = find(render("cloudcore", {"admission": admission}), "Deployment", "kubeedge-admission")
    assert found["metadata"]["annotations"] == {"a": "b", "c": "d"}


def test_fault_31_the_webhook_runs_without_root(render: Render) -> None:
    own = container(render("cloudcore", EVERYTHING), name="kubeedge-admission")
    assert all(argument.startswith("--") for argument in own["args"])
    assert own["securityContext"]["runAsNonRoot"] is True
    assert own["ports"] == [{"name": "webhook", "containerPort": 8443}]


def test_fault_31_the_webhooks_certificate_can_be_renewed(render: Render) -> None:
    objects = render("cloudcore", {"admission": {"enable": True, "certManager": ISSUER}})
    certificate = find(objects, "Certificate", "kubeedge-admission")["spec"]
    assert certificate["dnsNames"][0] == "kubeedge-admission-service.kubeedge.svc"
    volume = pod(objects, name="kubeedge-admission")["spec"]["volumes"][0]
    assert volume["secret"]["secretName"] == certificate["secretName"]
    with pytest.raises(HelmError, match=r"\[admission-without-certificate\]"):
        render("cloudcore", {"admission": {"enable": True}})


def test_fault_32_the_controller_manager_uses_its_values(render: Render) -> None:
    manager = {"enable": True, "replicaCount": 0, "nodeSelector": {"a": "b"}}
    objects = render("cloudcore", {"controllerManager": manager})
    found = find(objects, "Deployment", "kubeedge-controller-manager")["spec"]
    assert found["replicas"] == 0
    assert found["template"]["spec"]["nodeSelector"] == {"a": "b"}
    own = found["template"]["spec"]["containers"][0]
    assert own["securityContext"]["runAsNonRoot"] is True
    assert own["livenessProbe"] == {"httpGet": {"path": "/healthz", "port": 9001}}


def test_fault_33_the_broker_listens_on_its_node_only(render: Render) -> None:
    values = {"mosquitto": {"image": {"pullSecrets": ["p"]}, "nodeSelector": {"a": "b"}}}
    objects = render("cloudcore", values)
    lines = find(objects, "ConfigMap", "edge-eclipse-mosquitto")["data"]["mosquitto.conf"].splitlines()
    assert [line for line in lines if line.startswith("listener")] == ["listener 1883 127.0.0.1"]
    spec = pod(objects, "DaemonSet", "edge-eclipse-mosquitto")["spec"]
    assert spec["imagePullSecrets"] == [{"name": "p"}]
    assert spec["nodeSelector"] == {"a": "b"}
    assert spec["tolerations"] == [{"key": "node-role.kubernetes.io/edge", "operator": "Exists"}]
    assert spec["containers"][0]["image"].startswith("eclipse-mosquitto:2.")


@pytest.mark.parametrize(("minor", "there"), [("1.15", False), ("1.16", True)])
def test_fault_33_the_broker_is_on_from_1_16_on(render: Render, minor: str, there: bool) -> None:
    objects = render("cloudcore", {"kubeedgeVersion": minor})
    assert has(objects, "DaemonSet", "edge-eclipse-mosquitto") is there


GATE = {"cloudCore": {"featureGates": {"requireAuthorization": True}}}
ENDPOINT = {"cloudCore": {"modules": {"dynamicController": {"enable": True}}}}
AUTHORIZATION = hub(authorization={"enable": True, "debug": False})
READ = {"get", "list", "watch"}


@pytest.mark.parametrize(
    ("values", "resource", "verbs"),
    [
        ({}, "devices.kubeedge.io/devicestatuses", READ | {"create", "patch"}),
        ({}, "storage.k8s.io/volumeattachments", {"get"}),
        ({}, "certificates.k8s.io/certificatesigningrequests", {"get", "create"}),
        ({}, "/events", {"create", "update", "patch"}),
        ({}, "operations.kubeedge.io/configupdatejobs", READ),
        (AUTHORIZATION, "authorization.k8s.io/subjectaccessreviews", {"create"}),
        (AUTHORIZATION, "/users", {"impersonate"}),
        (AUTHORIZATION, "/groups", {"impersonate"}),
        (AUTHORIZATION, "storage.k8s.io/volumeattachments", READ),
        (GATE, "policy.kubeedge.io/serviceaccountaccesses", READ | {"create", "update", "delete"}),
        (GATE, "policy.kubeedge.io/serviceaccountaccesses/status", {"update"}),
        (GATE, "/serviceaccounts", READ),
        (GATE, "rbac.authorization.k8s.io/clusterroles", READ),
        (GATE, "rbac.authorization.k8s.io/roles", READ),
        (GATE, "rbac.authorization.k8s.io/rolebindings", READ),
        (GATE, "certificates.k8s.io/certificatesigningrequests", READ | {"create"}),
        (GATE, "certificates.k8s.io/certificatesigningrequests/approval", {"update"}),
        (GATE, "certificates.k8s.io/signers", {"approve"}),
        (ENDPOINT, "/services", READ),
        (ENDPOINT, "/endpoints", READ),
        (ENDPOINT, "discovery.k8s.io/endpointslices", READ),
        (ENDPOINT, "networking.istio.io/*", READ),
        ({"edgeAPIs": [{"group": "apps", "resources": ["deployments"]}]}, "apps/deployments", READ),
        ({"edgeAPIs": [{"resources": ["limitranges"]}]}, "/limitranges", READ),
    ],
)
def test_fault_34_cloudcore_has_every_permission_that_it_uses(
    render: Render, values: dict[str, Any], resource: str, verbs: set[str]
) -> None:
    assert rights(render("cloudcore", values))[resource] == verbs


def test_fault_34_labelled_cluster_roles_apply_to_cloudcore(render: Render) -> None:
    objects = render("cloudcore", EVERYTHING)
    # The chart has no such roles: deleting them together with the aggregated role would recreate that role.
    assert not [o for o in objects if "rbac/aggregate-to-cloudcore" in o["metadata"]["labels"]]
    role = find(objects, "ClusterRole", "cloudcore")
    assert role["aggregationRule"] == {
        "clusterRoleSelectors": [{"matchLabels": {"rbac/aggregate-to-cloudcore": "true"}}]
    }
    binding = find(objects, "ClusterRoleBinding", "cloudcore")
    assert binding["roleRef"]["name"] == "cloudcore"
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "cloudcore", "namespace": "kubeedge"}]


def test_fault_35_cloudcore_has_no_permission_that_it_does_not_use(render: Render) -> None:
    found = rights(render("cloudcore"))
    assert not [resource for resource in found if resource.startswith("apiextensions.k8s.io/")]
    assert not [resource for resource in found if resource.startswith("rbac.authorization.k8s.io/")]
    assert found["/secrets"] == READ
    assert found["/configmaps"] == READ
    assert "/services" not in found
    assert "/users" not in found
    inside = rights(render("cloudcore"), kind="Role")
    assert inside == {"/secrets": {"create", "update"}, "/configmaps": {"create", "update"}}


@pytest.mark.parametrize(
    ("minor", "resource", "there"),
    [
        ("1.8", "coordination.k8s.io/leases", False),
        ("1.12", "coordination.k8s.io/leases", True),
        ("1.12", "/services", True),
        ("1.13", "/services", False),
        ("1.18", "/events", False),
        ("1.20", "operations.kubeedge.io/nodeupgradejobs", False),
        ("1.22", "devices.kubeedge.io/devicestatuses", False),
    ],
)
def test_fault_35_permissions_depend_on_the_release(
    render: Render, minor: str, resource: str, there: bool
) -> None:
    assert (resource in rights(render("cloudcore", {"kubeedgeVersion": minor}))) is there


def test_fault_37_the_iptables_manager_has_enough_memory(render: Render) -> None:
    own = container(render("cloudcore"), "DaemonSet", "cloud-iptables-manager")
    assert own["resources"]["limits"]["memory"] == "256Mi"
    assert own["image"] == "kubeedge/iptables-manager:v1.23.1"
    objects = render("cloudcore", {"iptablesManager": {"framework": "nft"}})
    own = container(objects, "DaemonSet", "cloud-iptables-manager")
    assert own["image"] == "kubeedge/iptables-manager-nft:v1.23.1"


def test_fault_39_no_section_is_null(render: Render) -> None:
    nothing = {"labels": None, "tolerations": None, "affinity": None, "nodeSelector": None, "resources": None}
    parts = ("cloudCore", "iptablesManager", "controllerManager", "admission", "mosquitto")
    values = {part: {**EVERYTHING.get(part, {}), **nothing} for part in parts}
    # It has no default that null could remove: streams.enable decides it.
    values["iptablesManager"].pop("tolerations")
    for own in containers(render("cloudcore", values)):
        assert None not in own.values()
    assert ": null" not in json.dumps(render("cloudcore", values))
