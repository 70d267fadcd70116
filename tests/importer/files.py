"""Files to import: made by upstream's charts, by keadm and by hand."""

from __future__ import annotations

from typing import Any

from generator import go_yaml
from generator.components import project_of
from generator.model.common import affinity
from generator.upstream import Field, Release, config_fields

Config = dict[str, Any]

KUBELET = "modules.edged.tailoredKubeletConfig"


def stream(*objects: Config) -> str:
    """Write objects as one YAML stream."""
    return "".join(f"---\n{go_yaml.dump(item)}" for item in objects)


def config_map(name: str, key: str, config: Config | str) -> Config:
    """Return a ConfigMap that holds a config."""
    text = config if isinstance(config, str) else go_yaml.dump(config)
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": "kubeedge"},
        "data": {key: text},
    }


def workload(kind: str, name: str, image: str, pod: Config | None = None, **container: Any) -> Config:
    """Return a Deployment or DaemonSet with one container."""
    spec = {"containers": [{"name": name, "image": image, **container}], **(pod or {})}
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": "kubeedge"},
        "spec": {"template": {"metadata": {}, "spec": spec}},
    }


# --- the guide, done by hand -------------------------------------------------------------------


def by_hand(minor: int, method: int | None) -> dict[str, str]:
    """Return the three files after the steps of the guide: method 1 is one-way TLS, 2 mutual, None no TLS."""
    gates = {"featureGates": {"requireAuthorization": True}} if method else {}
    server: Config = {"enable": True}
    if method and minor < 17:
        folder = "/tmp/metaserver-certs"
        server |= {
            "tlsCaFile": f"{folder}/rootCA.crt",
            "tlsCertFile": f"{folder}/server.crt",
            "tlsPrivateKeyFile": f"{folder}/server.key",
        }
    dns = (
        {"tailoredKubeletConfig": {"clusterDNS": ["169.254.96.16"], "clusterDomain": "cluster.local"}}
        if minor >= 12
        else {"clusterDNS": "169.254.96.16", "clusterDomain": "cluster.local"}
    )
    layout = "v1alpha2" if minor >= 12 else "v1alpha1"
    edge = {
        "apiVersion": f"edgecore.config.kubeedge.io/{layout}",
        "kind": "EdgeCore",
        **gates,
        "modules": {
            "edgeHub": {
                "httpServer": "https://192.0.2.10:10002",
                "token": "tok-e4c1",
                "websocket": {"enable": True, "server": "192.0.2.10:10000"},
            },
            "edged": {"hostnameOverride": "edge-1", **dns},
            "metaManager": {"metaServer": server},
        },
    }
    cloud = {
        "apiVersion": "cloudcore.config.kubeedge.io/v1alpha1",
        "kind": "CloudCore",
        **gates,
        "modules": {
            "cloudHub": {"advertiseAddress": ["192.0.2.10"]},
            "dynamicController": {"enable": True},
        },
    }
    security = {
        1: {"requireAuthorization": True, "insecureSkipTLSVerify": True},
        2: {"requireAuthorization": True},
    }
    agent = {
        "modules": {"edgeProxy": {"enable": True}, "edgeTunnel": {"enable": True}},
        **({"kubeAPIConfig": {"metaServer": {"security": security[method]}}} if method else {}),
    }
    return {
        "cloudcore.yaml": go_yaml.dump(cloud),
        "edgecore.yaml": go_yaml.dump(edge),
        "edgemesh-agent.yaml": go_yaml.dump(agent),
    }


# --- upstream's charts -------------------------------------------------------------------------

_NOT_EDGE = affinity(edge=False)
# appVersion, then the tags of cloudcore, iptables-manager, controller-manager and admission.
UPSTREAM = {
    "v1.12.7": ("1.9.1", "v1.9.1", "v1.9.1", "v1.9.1", ""),
    "v1.15.4": ("1.13.0", "v1.13.0", "v1.12.0", "v1.12.0", ""),
    "v1.18.3": ("1.15.1", "v1.15.1", "v1.12.0", "v1.15.1", ""),
    "v1.20.0": ("1.20.0", "v1.20.0", "v1.20.0", "v1.20.0", "v1.17.0"),
    "v1.23.1": ("1.23.0", "v1.23.0", "v1.23.0", "v1.23.0", "v1.23.0"),
}


def _resources(cpu: str, memory: str, least: str) -> Config:
    return {"limits": {"cpu": cpu, "memory": memory}, "requests": {"cpu": "100m", "memory": least}}


def _part(name: str, repository: str, tag: str, memory: str, least: str) -> Config:
    return {
        "image": {"repository": repository, "tag": tag, "pullPolicy": "IfNotPresent", "pullSecrets": []},
        "labels": {"k8s-app": name, "kubeedge": name},
        "annotations": {},
        "affinity": _NOT_EDGE,
        "tolerations": [],
        "nodeSelector": {},
        "resources": _resources("200m", memory, least),
    }


def tolerated(role: str) -> Config:
    """Return the toleration of a role's taint."""
    return {"key": f"node-role.kubernetes.io/{role}", "operator": "Exists", "effect": "NoSchedule"}


def upstream_values(chart: str) -> Config:
    """Return the default values of upstream's cloudcore chart, as `helm get values --all` prints them."""
    version, cloudcore, iptables, controller, admission = UPSTREAM[chart]
    minor = int(chart.split(".")[1])
    strings = minor <= 12
    on, off = ("true", "false") if strings else (True, False)
    hub: Config = {
        "advertiseAddress": [""],
        "dnsNames": [""],
        "nodeLimit": "1000",
        "websocket": {"enable": on},
        "quic": {"enable": off, "maxIncomingStreams": "10000"},
        "https": {"enable": on},
    }
    modules: Config = {
        "cloudHub": hub,
        "cloudStream": {"enable": on},
        "dynamicController": {"enable": off},
        "router": {"enable": off},
    }
    core = _part("cloudcore", "kubeedge/cloudcore", cloudcore, "1Gi", "512Mi")
    core |= {
        "replicaCount": 1,
        "hostNetWork": on,
        "securityContext": {"privileged": True},
        "modules": modules,
    }
    core["labels"]["k8s-app"] = "kubeedge"
    names = ("cloudhub", "cloudhubQuic", "cloudhubHttps", "cloudstream", "tunnel")
    ports = {f"{name}NodePort": str(30000 + number) for number, name in enumerate(names)}
    core["service"] = {"enable": on, "type": "NodePort", **ports, "annotations": {}}
    manager = _part("iptables-manager", "kubeedge/iptables-manager", iptables, "50Mi", "25Mi")
    manager |= {"enable": on, "mode": "internal" if minor <= 15 else "external", "hostNetWork": True}
    manager["securityContext"] = {"capabilities": {"add": ["NET_ADMIN", "NET_RAW"]}}
    groups = _part("controller-manager", "kubeedge/controller-manager", controller, "50Mi", "25Mi")
    roles = ("master",) if minor <= 12 else ("master", "control-plane")
    groups["tolerations"] = [tolerated(role) for role in roles]
    values: Config = {
        "appVersion": version,
        "cloudCore": core,
        "iptablesManager": manager,
        "controllerManager": {"enable": False, **groups},
    }
    _add_newer_keys(values, minor, admission)
    return values


def _add_newer_keys(values: Config, minor: int, admission: str) -> None:
    """Add the keys that upstream's chart has only from some release on."""
    core = values["cloudCore"]
    hub, modules = core["modules"]["cloudHub"], core["modules"]
    if minor == 15:
        modules["nodeUpgradeJobController"] = {"enable": False}
    if minor >= 18:
        hub["websocket"]["port"], hub["quic"]["port"] = 10000, 10001
        modules["taskManager"] = {"enable": False}
        core |= {"featureGates": {"requireAuthorization": False}, "strategy": {}}
        broker = _part("eclipse-mosquitto", "eclipse-mosquitto", "1.6.15", "100Mi", "50Mi")
        values["mosquitto"] = {"enable": True, **broker, "affinity": affinity(edge=True)}
    if minor >= 20:
        webhook = _part("kubeedge-admission", "kubeedge/admission", admission, "128Mi", "64Mi")
        values["admission"] = {"enable": False, "replicaCount": 1, "certsSecretName": "", **webhook}
        values["admission"]["annoations" if minor == 20 else "annotations"] = values["admission"].pop(
            "annotations"
        )
    if minor >= 23:
        manager = values["iptablesManager"]
        manager |= {"framework": "legacy"}
        manager["image"]["nftRepository"] = "kubeedge/iptables-manager-nft"


PSK = "c2VjcmV0LXBzay1vZi10aGUtbWVzaC1uZXR3b3JrLTAxMjM="


def mesh_values(section: str) -> Config:
    """Return values of upstream's agent or gateway chart, also in unusual forms."""
    common = {
        "affinity": {},
        "nodeSelector": {},
        "resources": {"limits": {"cpu": 1, "memory": "256Mi"}, "requests": {"cpu": 0.5, "memory": "128Mi"}},
        "psk": PSK,
    }
    relays = [{"nodeName": "relay-1", "advertiseAddress": ["192.0.2.20"]}]
    if section == "gateway":
        return {
            "image": "kubeedge/edgemesh-gateway:v1.15.0",
            "nodeName": "gate-1",
            "tolerations": {},
            "relayNodes": relays,
            "modules": {"edgeGateway": {"enable": True, "nic": "eth0"}, "edgeTunnel": {"enable": True}},
            **common,
        }
    agent = {
        "image": "kubeedge/edgemesh-agent:v1.15.0",
        "tolerations": [],
        "relayNodes": relays,
        "kubeAPIConfig": {"metaServer": {"security": {"requireAuthorization": True, "tlsCertFile": '""'}}},
        "metaServerSecret": "metaserver-certs",
        "modules": {
            "edgeProxy": {"enable": True},
            "edgeTunnel": {"enable": True},
            "edgeCNI": {"enable": False},
        },
        **common,
    }
    return {"agent": agent, "spiderpool": {"multus": {"enableMultusConfig": False}}}


def upstream_cloud(image: str = "kubeedge/cloudcore:v1.20.0") -> list[Config]:
    """Return the objects of upstream's cloudcore chart, with its oddities."""
    config = {
        "apiVersion": "cloudcore.config.kubeedge.io/v1alpha2",
        "kind": "CloudCore",
        "kubeAPIConfig": {"kubeConfig": "", "master": ""},
        "modules": {
            "cloudHub": {
                "advertiseAddress": [None],
                "dnsNames": [None],
                "nodeLimit": 1000,
                "tlsCAFile": "/etc/kubeedge/ca/rootCA.crt",
                "tlsCertFile": "/etc/kubeedge/certs/edge.crt",
                "websocket": {"enable": True, "port": 10000, "address": "0.0.0.0"},
            },
            "cloudStream": {"enable": True, "streamPort": 10003, "tunnelPort": 10004},
            "dynamicController": {"enable": True},
            "iptablesManager": {"enable": True, "mode": "external"},
        },
    }
    certificate = {
        "name": "certs",
        "secret": {
            "secretName": "cloudcore",
            "items": [
                {"key": "stream.crt", "path": "certs/stream.crt"},
                {"key": "stream.key", "path": "certs/stream.key"},
                {"key": "streamCA.crt", "path": "ca/streamCA.crt"},
            ],
        },
    }
    pod = {"hostNetwork": True, "affinity": _NOT_EDGE, "volumes": [certificate]}
    core = workload(
        "Deployment",
        "cloudcore",
        image,
        pod,
        resources=_resources("200m", "1Gi", "512Mi"),
        volumeMounts=[{"name": "certs", "mountPath": "/etc/kubeedge"}],
    )
    core["spec"]["replicas"] = 1
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "cloudcore", "annotations": {"example.com/pool": "edge"}},
        "spec": {
            "type": "LoadBalancer",
            "loadBalancerIP": "192.0.2.99",
            "ports": [{"name": "cloudhub", "port": 10000}],
        },
    }
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "cloudcore"},
        "data": {"stream.key": PSK},
    }
    return [config_map("cloudcore", "cloudcore.yaml", config), core, service, secret]


def upstream_mesh(image: str = "mirror.example/edge/kubeedge/edgemesh-agent:v1.15.0") -> list[Config]:
    """Return the objects of upstream's edgemesh chart: the PSK in a ConfigMap, a Secret for the endpoint."""
    config = {
        "kubeAPIConfig": {"metaServer": {"security": {"requireAuthorization": True}}},
        "modules": {"edgeProxy": {"enable": True}, "edgeTunnel": {"enable": True}},
    }
    volumes: list[Config] = [
        {"name": "conf", "configMap": {"name": "mesh-agent-cfg"}},
        {"name": "psk", "configMap": {"name": "mesh-agent-psk"}},
        {"name": "metaserver-certs", "secret": {"secretName": "own-certs", "defaultMode": 420}},
    ]
    mounts = [
        {"name": "conf", "mountPath": "/etc/edgemesh/config"},
        {"name": "psk", "mountPath": "/etc/edgemesh"},
        {"name": "metaserver-certs", "mountPath": "/etc/edgemesh/metaserver"},
    ]
    taint = [{"key": "node-role.kubernetes.io/edge", "operator": "Exists"}]
    pod = {"hostNetwork": True, "tolerations": taint, "nodeSelector": {"zone": "north"}, "volumes": volumes}
    daemon = workload("DaemonSet", "mesh", image, pod, resources={"limits": {"cpu": 2}}, volumeMounts=mounts)
    return [
        config_map("mesh-agent-cfg", "edgemesh-agent.yaml", config),
        config_map("mesh-agent-psk", "psk", PSK),
        daemon,
    ]


# --- every field changed -----------------------------------------------------------------------

# Values of fields that do not take any text.
_TEXTS = {
    "advertiseAddress": "192.0.2.1",
    "bindAddress": "192.0.2.1:1234",
    "bridgeDeviceIP": "169.254.1.1",
    "cgroupDriver": "systemd",
    "clusterDNS": "192.0.2.53",
    "dummyServer": "192.0.2.2:10551",
    "httpServer": "https://192.0.2.1:10002",
    "kubeConfig": "/etc/kubeconfig",
    "serviceFilterMode": "FilterIfLabelDoesNotExists",
    "transport": "ws",
    "upstreamServers": "192.0.2.53",
}


def everything(component: str, minor: str) -> Config:
    """Return a config of a release in which every field that may change differs from its default."""
    release = Release.parse(project_of(component), minor)
    config: Config = _changed(config_fields(component, release), "", component)
    # KubeEdge 1.13 to 1.17 reads it here and never uses it; a site that has it is rejected.
    config.get("modules", {}).get("edged", {}).pop("registerWithTaints", None)
    return config


def _changed(field: Field, name: str, at: str) -> Any:
    if field.fields:
        found = {below: _changed(child, below, f"{at}.{name}") for below, child in field.fields.items()}
        return {below: value for below, value in found.items() if value is not None}
    if field.values:
        return {"some.key": _changed(field.values, "value", at)}
    if field.enum:
        return next((value for value in field.enum if value != field.default), None)
    if name == "mqttMode":
        return 1
    if name == "server":
        return "http://192.0.2.1:10551" if "edgemesh" in at else "192.0.2.1:10551"
    if name == "address":
        return "unix:///run/x.sock" if at.endswith("unixsocket") else "192.0.2.1"
    if field.type == "array":
        return [_changed(field.items, name, at)] if field.items else None
    text = _TEXTS.get(name, f"{field.default or 'text'}-x")
    simple = {"boolean": not field.default, "duration": "7m0s", "string": text}
    return simple[field.type] if field.type in simple else (field.default or 0) + 1
