"""Imports Kubernetes objects around the configs: images, placement, the Service, the names of Secrets.

The content of Secrets is not read. `from_pods` takes the other fields, `leftovers` notes the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from generator import paths
from generator.check.sources import ObjectInFile
from generator.importer.from_images import take_images, take_pulling
from generator.importer.from_values import quantity, take_new
from generator.importer.imported_workload import ImportedWorkload, workloads
from generator.importer.site_file import Imported
from generator.upstream import Release


def take_objects(objects: list[ObjectInFile], kubeedge: Release, imported: Imported) -> None:
    """Take the fields of the workloads and of cloudcore's Service that differ from our defaults."""
    found = workloads(objects)
    take_images(found, imported)
    take_pulling(found, imported)
    imported.given |= {workload.section for workload in found}
    for workload in found:
        _take_pod(workload, found, imported)
        for read in (*_ANY, *_OWN.get(workload.section, ())):
            read(workload, imported)
    _take_presence(found, kubeedge, imported)
    services = [item for item in objects if item.value.get("kind") == "Service"]
    for item in services:
        if paths.first(item.value, "metadata.name") == "cloudcore":
            _take_service(item, imported)


# --- pods ----------------------------------------------------------------------------------

_POD_KEYS = ("nodeSelector", "affinity", "tolerations", "priorityClassName")


def _take_pod(workload: ImportedWorkload, found: list[ImportedWorkload], imported: Imported) -> None:
    for name in _POD_KEYS:
        value = workload.pod.get(name)
        if name == "nodeSelector" and workload.section == "gateway":
            value = _take_node_name(workload, imported)
        if name == "affinity" and value and workload.section == "agent" and _twins(found):
            value = _without_edge(value)
        if value:
            take_new(f"{workload.section}.{name}", value, workload.line(name), imported)


def _twins(found: list[ImportedWorkload]) -> bool:
    """Return whether cloud nodes have their own agent; the two differ in their affinity."""
    return sum(workload.section == "agent" for workload in found) > 1


def _without_edge(value: dict[str, Any]) -> dict[str, Any]:
    """Return an affinity without the terms that select or exclude edge nodes."""
    required = "requiredDuringSchedulingIgnoredDuringExecution"
    terms = paths.first(value, f"nodeAffinity.{required}.nodeSelectorTerms") or []
    rest = [
        [
            one
            for one in term.get("matchExpressions") or ()
            if one.get("key") != "node-role.kubernetes.io/edge"
        ]
        for term in terms
    ]
    node = {name: part for name, part in (value.get("nodeAffinity") or {}).items() if name != required}
    if any(rest):
        narrowed = [
            {**term, "matchExpressions": expressions} for term, expressions in zip(terms, rest, strict=True)
        ]
        node[required] = {"nodeSelectorTerms": narrowed}
    others = {name: part for name, part in value.items() if name != "nodeAffinity"}
    return {**({"nodeAffinity": node} if node else {}), **others}


def _take_node_name(workload: ImportedWorkload, imported: Imported) -> dict[str, Any]:
    """Take the gateway's node from the node selector or, in upstream's chart, nodeName; return the rest."""
    selector = dict(workload.pod.get("nodeSelector") or {})
    name = selector.pop("kubernetes.io/hostname", None) or workload.pod.get("nodeName")
    if name:
        imported.take("gateway.nodeName", name, workload.line("nodeSelector"))
    return selector


def _take_resources(workload: ImportedWorkload, imported: Imported) -> None:
    for path, value in paths.leaves(workload.container.get("resources")):
        where = workload.line("containers", 0, "resources", *path)
        key = ".".join((workload.section, "resources", *map(str, path)))
        take_new(key, quantity(key, value), where, imported)


def _take_replicas(workload: ImportedWorkload, imported: Imported) -> None:
    replicas = paths.first(workload.object.value, "spec.replicas")
    if isinstance(replicas, int) and workload.object.value.get("kind") == "Deployment":
        take_new(f"{workload.section}.replicaCount", replicas, workload.where, imported)
        if workload.section == "cloudCore" and replicas > 1:
            origin = f"{workload.where}, several replicas, which share a CA already"
            imported.take("cloudCore.existingCA", True, origin)


def _take_network(key: str) -> Callable[[ImportedWorkload, Imported], None]:
    def take(workload: ImportedWorkload, imported: Imported) -> None:
        take_new(key, workload.pod.get("hostNetwork") is True, workload.line("hostNetwork"), imported)

    return take


# --- Secrets, by name ------------------------------------------------------------------------


def _mounted(workload: ImportedWorkload) -> Iterator[tuple[str, dict[str, Any], paths.Path]]:
    """Yield the volumes that the container mounts: mount path, volume, place in the pod."""
    volumes = [volume for volume in workload.pod.get("volumes") or () if isinstance(volume, dict)]
    for mount in workload.container.get("volumeMounts") or ():
        for number, volume in enumerate(volumes):
            if isinstance(mount, dict) and mount.get("name") == volume.get("name"):
                yield str(mount.get("mountPath")).rstrip("/"), volume, ("volumes", number)


def _take_mesh_secrets(workload: ImportedWorkload, imported: Imported) -> None:
    section = workload.section
    for path, volume, place in _mounted(workload):
        secret = paths.first(volume, "secret.secretName")
        settings = paths.first(volume, "configMap.name")
        where = workload.line(*place)
        if path == "/etc/edgemesh/metaserver" and secret:
            imported.take(f"{section}.metaServerSecret", secret, where)
        elif volume.get("name") == "psk" and secret and secret != "edgemesh-psk":
            imported.take(f"{section}.pskSecret", secret, where)
        elif volume.get("name") == "psk" and settings:
            imported.refer_psk(section, where, str(settings))


def _take_stream_secret(workload: ImportedWorkload, imported: Imported) -> None:
    key = "cloudCore.streamCertificate"
    names = {"streamCA.crt": "ca", "stream.crt": "cert", "stream.key": "key"}
    for _, volume, place in _mounted(workload):
        items = paths.first(volume, "secret.items")
        files = [item for item in items or () if str(item.get("path")).rpartition("/")[2] in names]
        if files:
            where = workload.line(*place)
            imported.take(f"{key}.existingSecret", paths.first(volume, "secret.secretName"), where)
            for item in files:
                name = names[str(item["path"]).rpartition("/")[2]]
                take_new(f"{key}.secretKeys.{name}", item.get("key"), where, imported)


def _take_admission_secret(workload: ImportedWorkload, imported: Imported) -> None:
    for _, volume, place in _mounted(workload):
        secret = paths.first(volume, "secret.secretName")
        if secret:
            imported.take("admission.certsSecretName", secret, workload.line(*place))


_ANY = (_take_resources, _take_replicas)
_OWN: dict[str, tuple[Callable[[ImportedWorkload, Imported], None], ...]] = {
    "cloudCore": (_take_network("cloudCore.hostNetWork"), _take_stream_secret),
    "iptablesManager": (_take_network("iptablesManager.hostNetWork"),),
    "admission": (_take_admission_secret,),
    "agent": (_take_mesh_secrets,),
    "gateway": (_take_network("gateway.hostNetwork"), _take_mesh_secrets),
}


# --- optional workloads, and the Service ----------------------------------------------------------


def _take_presence(found: list[ImportedWorkload], kubeedge: Release, imported: Imported) -> None:
    for workload in found:
        if workload.section in ("controllerManager", "admission", "gateway"):
            imported.take(f"{workload.section}.enable", True, workload.where)
    core = next((workload for workload in found if workload.section == "cloudCore"), None)
    broker = any(workload.section == "mosquitto" for workload in found)
    if core and broker != kubeedge.within({"from": "1.16"}):
        origin = f"{core.object.file}, with {'an' if broker else 'no'} MQTT broker"
        imported.take("mosquitto.enable", broker, origin)


_SERVICE_KEYS = ("loadBalancerIP", "loadBalancerClass", "loadBalancerSourceRanges")
_NODE_PORTS = {
    "cloudhub": "cloudhubNodePort",
    "cloudhub-quic": "cloudhubQuicNodePort",
    "cloudhub-https": "cloudhubHttpsNodePort",
    "cloudstream": "cloudstreamNodePort",
    "tunnelport": "tunnelNodePort",
    "router": "routerNodePort",
}
_OWN_ANNOTATIONS = ("kubectl.kubernetes.io/", "meta.helm.sh/")


def _take_service(item: ObjectInFile, imported: Imported) -> None:
    key, spec = "cloudCore.service", item.value.get("spec") or {}
    where = f"{item.file}:{item.line(('spec',))}"
    host = paths.first(imported.values, "cloudCore.hostNetWork") is not False
    if spec.get("type", "ClusterIP") != ("ClusterIP" if host else "NodePort"):
        imported.take(f"{key}.type", spec.get("type", "ClusterIP"), where)
    for name in _SERVICE_KEYS:
        if spec.get(name):
            imported.take(f"{key}.{name}", spec[name], where)
    if spec.get("externalTrafficPolicy") == "Local":
        imported.take(f"{key}.externalTrafficPolicy", "Local", where)
    for port in (spec.get("ports") or ()) if spec.get("type") == "NodePort" else ():
        own = _NODE_PORTS.get(port.get("name"))
        if own and port.get("nodePort"):
            take_new(f"{key}.{own}", port["nodePort"], where, imported)
    _take_annotations(item, f"{key}.annotations", imported)


def _take_annotations(item: ObjectInFile, key: str, imported: Imported) -> None:
    annotations = paths.first(item.value, "metadata.annotations") or {}
    own = {name: text for name, text in annotations.items() if not name.startswith(_OWN_ANNOTATIONS)}
    if own:
        imported.take(key, own, f"{item.file}:{item.line(('metadata', 'annotations'))}")
