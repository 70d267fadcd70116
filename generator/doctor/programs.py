"""The programs of an installation with their releases and effective configs, as the cluster shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from generator import go_yaml, paths
from generator.components import COMPONENTS, KUBEEDGE, component_of, group_of, project_of
from generator.doctor.cluster import Json, LiveCluster, image_name, image_tag, labels, runs
from generator.kube.objects import Object
from generator.kube.pods import as_list, as_map, containers, pod_of, references
from generator.kube.rollout import claimed, daemonsets, group_name
from generator.render.site import RenderedConfig, Rendering
from generator.upstream import Release
from generator.upstream.effective import effective_config
from generator.upstream.named import known_release
from generator.upstream.releases import default_release

_CLOUDCORE = "cloudcore"
_EDGECORE = "app.kubernetes.io/name=edgecore"
# A node with KubeEdge 1.23.1 reports this as its kubelet: v1.32.10-kubeedge-v1.23.1.
_KUBELET = "-kubeedge-"


@dataclass(frozen=True)
class Config:
    """A config of a program: where it is, its text in the cluster, and what the program makes of it."""

    component: str
    where: str
    own: Mapping[str, Any]
    effective: Mapping[str, Any]
    configmap: Json | None = None
    reason: str = ""
    text: str = ""

    def at(self, path: str) -> Any:
        """Return a field of the effective config."""
        return paths.first(self.effective, path)

    @property
    def gate(self) -> bool:
        """Return whether requireAuthorization is on."""
        return self.at(COMPONENTS[self.component].tls) is True


@dataclass(frozen=True)
class Program:
    """A workload that runs a program, with its config."""

    component: str
    workload: Object
    config: Config | None
    release: Release | None

    @property
    def title(self) -> str:
        """Return the workload for messages: `daemonset kubeedge/edgemesh-agent`."""
        return f"{self.workload.kind.lower()} {self.workload.namespace}/{self.workload.name}"

    @property
    def account(self) -> tuple[str, str]:
        """Return namespace and name of its service account."""
        name = pod_of(self.workload).get("serviceAccountName") or "default"
        return self.workload.namespace, str(name)


@dataclass
class NodeConfig:
    """The edgecore.yaml of some nodes, from the ConfigMap of a node group or from the site."""

    config: Config
    nodes: list[str]


@dataclass
class Programs:
    """Everything that runs, found in a cluster; `site` is the site that should run."""

    cluster: LiveCluster
    site: Rendering | None = None
    cloudcore: list[Program] = field(default_factory=list)
    agents: list[Program] = field(default_factory=list)
    gateways: list[Program] = field(default_factory=list)

    @property
    def cloud(self) -> Config | None:
        """Return the config of cloudcore, None if it is unknown."""
        found = next((one.config for one in self.cloudcore if one.config), None)
        return found if found is None or not found.reason else None

    @property
    def namespace(self) -> str:
        """Return the namespace of cloudcore."""
        return self.cloudcore[0].workload.namespace if self.cloudcore else "kubeedge"

    @property
    def cloud_pods(self) -> list[Json]:
        """Return the pods of cloudcore that are not being deleted."""
        return [pod for one in self.cloudcore for pod in self.cluster.pods_of(one.workload)]

    @cached_property
    def kubeedge(self) -> Release:
        """Return the release of cloudcore, else that of the site or of most nodes."""
        known = [one.release for one in self.cloudcore if one.release]
        if not known and self.site is not None:
            known = [self.site.site.kubeedge]
        if not known:
            edge = filter(None, map(edge_release, self.cluster.edge_nodes.values()))
            known = list(filter(None, (known_release(KUBEEDGE, tag) for tag in edge)))
        return known[0] if known else default_release(KUBEEDGE)

    @cached_property
    def node_configs(self) -> list[NodeConfig]:
        """Return every edgecore.yaml that the cluster or the site has, with its existing nodes."""
        return list(_node_configs(self))

    def configs_of(self, node: str) -> list[Config]:
        """Return the edgecore.yaml of a node, [] if it is unknown."""
        return [one.config for one in self.node_configs if node in one.nodes]


def read_programs(cluster: LiveCluster, site: Rendering | None = None) -> Programs:
    """Find the programs of an installation, whoever installed them."""
    found = Programs(cluster, site)
    places = {_CLOUDCORE: found.cloudcore, "edgemesh-agent": found.agents, "edgemesh-gateway": found.gateways}
    for workload in sorted(cluster.workloads, key=lambda one: (one.namespace, one.name)):
        for component, programs in places.items():
            if runs(workload, component):
                programs.append(_program(cluster, component, workload))
    return found


def edge_release(node: Json) -> str:
    """Return the release of edgecore on a node as the node reports it, "" if it does not."""
    info = as_map(as_map(node.get("status")).get("nodeInfo"))
    return str(info.get("kubeletVersion") or "").partition(_KUBELET)[2]


def config_changed(configmap: Json) -> datetime | None:
    """Return when the data of a ConfigMap changed last, None if it does not say so.

    cloudcore itself changes its ConfigMap when it starts, if a value is below its minimum.
    """
    times = [
        one["time"]
        for one in as_list(as_map(configmap["metadata"]).get("managedFields"))
        if "time" in one and "f:data" in as_map(one.get("fieldsV1")) and one.get("manager") != _CLOUDCORE
    ]
    newest = max(times, default=None)
    return datetime.fromisoformat(newest.replace("Z", "+00:00")) if newest else None


def endpoint_clients(programs: Programs) -> list[Program]:
    """Return the programs of EdgeMesh that use the endpoint, and not the API server."""
    found = [one for one in programs.agents if one.config is not None and not one.config.reason]
    return [one for one in found if one.config and not one.config.at("kubeAPIConfig.master")]


def requests_certificates(programs: Programs) -> bool:
    """Return whether nodes request a certificate for their endpoint, or may do so."""
    off = programs.cloud is not None and not programs.cloud.gate
    return not off and programs.kubeedge.within({"from": "1.17"})


def _program(cluster: LiveCluster, component: str, workload: Object) -> Program:
    images = (str(one.get("image")) for one in containers(pod_of(workload)))
    tag = next((image_tag(image) for image in images if image_name(image) == component), "")
    release = known_release(project_of(component), tag)
    return Program(component, workload, _config(cluster, component, workload, release), release)


def _config(cluster: LiveCluster, component: str, workload: Object, release: Release | None) -> Config | None:
    """Return the config in a ConfigMap that the pods of a workload mount, None if there is none."""
    for kind, name in references(pod_of(workload)):
        found = cluster.get(kind, workload.namespace, name) if kind == "ConfigMap" else None
        for key, text in as_map((found or {}).get("data")).items():
            if component_of(key) == component:
                return _parsed(component, f"configmap {workload.namespace}/{name}", text, release, found)
    return None


def _parsed(component: str, where: str, text: str, release: Release | None, configmap: Json | None) -> Config:
    own, reason = _loaded(text)
    chosen = release or default_release(project_of(component))
    effective = {} if reason else effective_config(component, chosen, own)
    return Config(component, where, own, effective, configmap, reason, text)


def _loaded(text: str) -> tuple[dict[str, Any], str]:
    """Return a config and "", or {} and the reason why it cannot be read."""
    try:
        own = go_yaml.load(text)
    except ValueError as error:
        return {}, " ".join(str(error).split())
    if not isinstance(own, dict):
        return {}, "not a YAML map"
    return own, ""


def _node_configs(programs: Programs) -> Iterator[NodeConfig]:
    """Yield the configs of the node groups, those of the site before those in the cluster."""
    cluster = programs.cluster
    if programs.site is not None:
        edge = [one for one in programs.site.configs if one.component == "edgecore"]
        for one in edge:
            config = Config("edgecore", _title(one), one.data, _effective(programs, one.data))
            yield NodeConfig(config, _nodes_of(cluster, one.group, [found.group for found in edge]))
        return
    for key, text, configmap in _edgecore_texts(cluster):
        own, reason = _loaded(text)
        if reason:
            continue
        where = f"configmap {configmap['metadata']['namespace']}/{configmap['metadata']['name']}"
        config = Config("edgecore", f"{where}: {key}", own, _effective(programs, own), configmap)
        groups = [group_of(other) for other in configmap["data"]]
        yield NodeConfig(config, _nodes_of(cluster, group_of(key), groups))


def _effective(programs: Programs, own: Mapping[str, Any]) -> dict[str, Any]:
    return effective_config("edgecore", programs.kubeedge, dict(own))


def _title(config: RenderedConfig) -> str:
    return f"node group {config.group}" if config.group else "the site"


def _edgecore_texts(cluster: LiveCluster) -> Iterator[tuple[str, str, Json]]:
    """Yield each edgecore.yaml in the ConfigMaps of the charts/edgecore releases."""
    nothing: list[Json] = []
    found = cluster.attempt("configmaps of edgecore", partial(_labelled, cluster, _EDGECORE), nothing)
    for configmap in found:
        for key, text in sorted(as_map(configmap.get("data")).items()):
            if component_of(key) == "edgecore":
                yield key, str(text), configmap


def _labelled(cluster: LiveCluster, selector: str) -> list[Json]:
    return list(cluster.kubectl.pages("/api/v1/configmaps", labelSelector=selector))


def _nodes_of(cluster: LiveCluster, group: str, groups: Iterable[str]) -> list[str]:
    """Return the edge nodes of a node group; without a rollout only a single group has known nodes."""
    edge = cluster.edge_nodes
    rollouts = daemonsets(cluster.workloads)
    if rollouts:
        by_name = {one.name: group_name(one) for one in rollouts}
        chosen = claimed(rollouts, {name: labels(node) for name, node in edge.items()})
        return [node for node, names in chosen.items() if group in (by_name[name] for name in names)]
    return list(edge) if len(list(groups)) == 1 else []
