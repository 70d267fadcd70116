"""Values of the edgecore chart: edgecore.yaml, and node groups that override parts of it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from generator.model.common import ConfigSection, Image, Section, Workload, affinity, key, section


class MetaServer(ConfigSection):
    """The edge Kube-API endpoint."""

    enable: bool | None = key(None, "serve the endpoint", unset="set by the profile; off without a profile")
    server: str | None = key(
        None, "address of the endpoint as IP:port, not a URL", unset="metaServer.address and port"
    )


class MetaManager(ConfigSection):
    """The metadata store of the edge node."""

    metaServer: MetaServer = section(MetaServer, "the edge Kube-API endpoint")


class TailoredKubelet(ConfigSection):
    """Kubelet settings, from KubeEdge 1.12 on."""

    clusterDNS: list[str] | None = key(
        None,
        "name servers of pods",
        unset="set by the profile: agent.commonConfig.bridgeDeviceIP",
        example=["169.254.96.16"],
    )
    clusterDomain: str | None = key(None, "search domain of pods", unset="set by the profile: cluster.domain")
    cgroupDriver: str | None = key(None, "cgroup driver, cgroupfs or systemd", unset="edgecore: cgroupfs")


class Edged(ConfigSection):
    """The kubelet inside edgecore."""

    tailoredKubeletConfig: TailoredKubelet = section(TailoredKubelet, "kubelet settings (1.12 and newer)")


class Transport(ConfigSection):
    """One way to reach cloudcore."""

    enable: bool | None = key(
        None,
        "connect by this protocol; exactly one of websocket and quic must be on",
        unset="the default of edgecore",
    )
    server: str | None = key(
        None,
        "cloudcore's address and port",
        unset="the first address in cloudCore.modules.cloudHub.advertiseAddress",
        example="192.0.2.10:10000",
    )


class EdgeHub(ConfigSection):
    """The connection to cloudcore."""

    httpServer: str | None = key(
        None,
        "URL where the node gets its certificate",
        unset="the first address in cloudCore.modules.cloudHub.advertiseAddress",
        example="https://192.0.2.10:10002",
    )
    websocket: Transport = section(Transport, "connect by websocket (on by default)")
    quic: Transport = section(Transport, "connect by quic (off by default)")


class EdgeModules(ConfigSection):
    """The modules of edgecore."""

    edgeHub: EdgeHub = section(EdgeHub, "the connection to cloudcore")
    edged: Edged = section(Edged, "the kubelet inside edgecore")
    metaManager: MetaManager = section(MetaManager, "the metadata store of the edge node")


class EdgeConfig(Section):
    """The top level of edgecore.yaml."""

    edgecoreVersion: str | None = key(
        None,
        "release that wrote the file last (1.21 and newer)",
        unset="edgecore writes its release at every start",
    )
    featureGates: dict[str, bool] = key(
        {}, "feature gates of edgecore, for example requireAuthorization (1.12 and newer)"
    )
    database: dict[str, Any] = key({}, "the local database, for example dataSource")
    modules: EdgeModules = section(
        EdgeModules, "the modules of edgecore; you can set every field of the release"
    )


class NodeGroup(EdgeConfig):
    """The fields of edgeCore that one group of edge nodes overrides."""

    nodeSelector: dict[str, str] = key({}, "labels of the nodes of this group")


class NodeImage(Image):
    """The image of a DaemonSet that works on edge nodes."""

    repository: str = key("busybox", "repository without registry, of an image that has a shell")
    tag: str = key("1.37.0", "tag")


class Rollout(Workload):
    """A DaemonSet for each node group that brings edgecore.yaml to the nodes."""

    enable: bool = key(
        False,
        "write edgecore.yaml on the nodes and restart edgecore, a few nodes at a time; put the old file back "
        "if edgecore is not healthy",
    )
    maxUnavailable: int | str = key(
        1, "nodes of a group that change at the same time, as a number or in percent; offline nodes count too"
    )
    healthTimeout: int = key(
        300, "time after the restart within which edgecore must be healthy", unit="seconds", ge=30
    )
    restartCommand: str = key(
        "systemctl restart edgecore",
        "command on the node that restarts edgecore",
    )
    nodeKeys: list[str] = key(
        [],
        "more keys of edgecore.yaml that each node keeps, besides modules.edged.hostnameOverride, "
        "modules.edged.nodeIP, modules.edgeHub.token and the cgroup driver",
    )
    image: NodeImage = section(NodeImage, "the image of the DaemonSet")
    securityContext: dict[str, Any] = key(
        {"privileged": True},
        "security context of the container that updates the node: it enters the mount namespace of the host "
        "to run systemctl, which AppArmor and SELinux allow only to a privileged container",
    )
    resources: dict[str, Any] = key(
        {"limits": {"cpu": "200m", "memory": "64Mi"}, "requests": {"cpu": "5m", "memory": "8Mi"}},
        "resources of the containers",
    )
    priorityClassName: str = key("system-node-critical", "priority class")
    tolerations: list[dict[str, Any]] = key(
        [{"key": "node-role.kubernetes.io/edge", "operator": "Exists"}],
        "tolerations; add the taints of your nodes",
    )


class EdgeCore(EdgeConfig):
    """edgecore.yaml, and groups of nodes that override parts of it."""

    nodeGroups: dict[str, NodeGroup] = Field(
        default_factory=dict,
        description="groups of edge nodes by name, each with the fields of edgeCore that it overrides; "
        "one ConfigMap per group",
        json_schema_extra={"example": {"line-a": {"modules": {"eventBus": {"mqttMode": 0}}}}},
    )
    rollout: Rollout = section(Rollout, "bring edgecore.yaml to the nodes by a DaemonSet for each node group")
    labels: dict[str, str] = key({}, "labels to add to the ConfigMaps")
    annotations: dict[str, str] = key({}, "annotations of the ConfigMaps")


class CertificateCopy(Workload):
    """A DaemonSet that copies metaServer.serverCertificate to files on every edge node and updates them."""

    enable: bool = key(False, "copy the certificate of the endpoint to edge nodes (1.12 to 1.16)")
    restart: bool | None = key(
        None,
        "restart edgecore when the files change, and put the old files back if it is not healthy",
        unset="as edgeCore.rollout.enable",
    )
    interval: int = key(60, "time between two comparisons of the files", unit="seconds", ge=1)
    image: NodeImage = section(NodeImage, "the image of the DaemonSet")
    securityContext: dict[str, Any] = key(
        {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "security context of the container; it runs as root, the owner of the directory on the node",
    )
    resources: dict[str, Any] = key(
        {"limits": {"cpu": "50m", "memory": "32Mi"}, "requests": {"cpu": "5m", "memory": "8Mi"}},
        "resources of the container",
    )
    affinity: dict[str, Any] = key(affinity(edge=True), "node and pod affinity")
    tolerations: list[dict[str, Any]] = key(
        [{"key": "node-role.kubernetes.io/edge", "operator": "Exists"}], "tolerations"
    )
