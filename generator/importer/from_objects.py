"""Kubernetes objects around the configs: images, placement, the Service, the names of Secrets.

Nothing inside a Secret is looked at. `from_pods` takes the other fields, `leftovers` lists the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from generator import paths
from generator.check.sources import ObjectInFile
from generator.components import COMPONENTS
from generator.importer.from_values import quantity, upstream_default
from generator.importer.site_file import Imported
from generator.model.rules import same
from generator.model.site import Site
from generator.model.tree import defaults, leaves
from generator.upstream import Release

# What a workload is, by the end of its image's name: the section of the site, and that image.
_SECTIONS = {
    "iptables-manager": ("iptablesManager", "kubeedge/iptables-manager"),
    "iptables-manager-nft": ("iptablesManager", "kubeedge/iptables-manager-nft"),
    "controller-manager": ("controllerManager", "kubeedge/controller-manager"),
    "admission": ("admission", "kubeedge/admission"),
    "eclipse-mosquitto": ("mosquitto", "eclipse-mosquitto"),
    **{row.name: (row.section, row.image) for row in COMPONENTS.values() if row.image},
}
_IMAGE = re.compile(r"(?P<repository>[^@]+?)(:(?P<tag>[^:/@]+))?(@(?P<digest>.+))?")
_RELEASE = re.compile(r"v?1\.\d+(\.\d+.*)?")


@dataclass(frozen=True)
class ImportedWorkload:
    """A Deployment or DaemonSet of one of the programs, with its first container."""

    object: ObjectInFile
    program: str
    section: str
    pod: dict[str, Any]
    container: dict[str, Any]
    place: paths.Path = ("spec", "template", "spec")

    @property
    def where(self) -> str:
        """Say where it stands."""
        return f"{self.object.file}:{self.object.line(('spec',))}"

    @property
    def image(self) -> dict[str, str]:
        """Return repository, tag and digest of its image, "" for what it has not."""
        match = _IMAGE.fullmatch(str(self.container["image"]))
        return {name: text or "" for name, text in match.groupdict().items()} if match else {}

    def at(self, name: str) -> paths.Path:
        """Return the path of a field of the container."""
        number = next(n for n, one in enumerate(self.pod["containers"]) if one is self.container)
        return (*self.place, "containers", number, name)

    def line(self, *path: str | int) -> str:
        """Return the place of a key of the pod."""
        return f"{self.object.file}:{self.object.line((*self.place, *path))}"


def workloads(objects: Iterable[ObjectInFile]) -> list[ImportedWorkload]:
    """Find the workloads of the programs among the objects of a stream."""
    return [found for item in objects for found in _workload(item)]


def _workload(item: ObjectInFile) -> Iterator[ImportedWorkload]:
    pod = paths.at(item.value, ("spec", "template", "spec"))
    containers = pod.get("containers") if isinstance(pod, dict) else None
    for container in containers if isinstance(containers, list) else ():
        image = container.get("image") if isinstance(container, dict) else None
        match = _IMAGE.fullmatch(image) if isinstance(image, str) else None
        program = match["repository"].rpartition("/")[2] if match else ""
        if program in _SECTIONS and isinstance(pod, dict):
            yield ImportedWorkload(item, program, _SECTIONS[program][0], pod, container)
            return


def take_objects(objects: list[ObjectInFile], kubeedge: Release, imported: Imported) -> None:
    """Take what the workloads and the Service of cloudcore have different from our defaults."""
    found = workloads(objects)
    _take_images(found, imported)
    _take_pulling(found, imported)
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


# --- images --------------------------------------------------------------------------------


def _take_images(found: list[ImportedWorkload], imported: Imported) -> None:
    """Take the registry that all images share, else the repositories; tags follow the release."""
    prefixes = {_prefix(workload) for workload in found}
    shared = next(iter(prefixes)) if len(prefixes) == 1 else None
    if shared:
        imported.take("images.registry", shared, found[0].line("containers"))
    for workload in found:
        image, where = workload.image, workload.line("containers")
        key = f"{workload.section}.image"
        standard = _SECTIONS[workload.program][1]
        if shared is None and image["repository"] != standard:
            name = "nftRepository" if workload.program.endswith("-nft") else "repository"
            imported.take(f"{key}.{name}", image["repository"], where)
        if workload.program == "iptables-manager-nft":
            imported.take("iptablesManager.framework", "nft", where)
        if image["digest"]:
            imported.take(f"{key}.digest", image["digest"], where)
        elif image["tag"] and not _RELEASE.fullmatch(image["tag"]):
            take_new(f"{key}.tag", image["tag"], where, imported)


def _take_pulling(found: list[ImportedWorkload], imported: Imported) -> None:
    """Take pull policies and secrets: for all images what all have, for one what it has besides."""
    policies = {workload.container.get("imagePullPolicy") or "IfNotPresent" for workload in found}
    secrets = [workload.pod.get("imagePullSecrets") or [] for workload in found]
    shared = [secret for secret in secrets[0] if all(secret in own for own in secrets)] if secrets else []
    if shared:
        imported.take("images.pullSecrets", shared, found[0].line("imagePullSecrets"))
    if len(policies) == 1:
        take_new("images.pullPolicy", policies.pop(), found[0].line("containers"), imported)
    for workload, own in zip(found, secrets, strict=True):
        more = [secret for secret in own if secret not in shared]
        if more:
            where = workload.line("imagePullSecrets")
            imported.take(f"{workload.section}.image.pullSecrets", more, where)
        policy = workload.container.get("imagePullPolicy")
        if len(policies) > 1 and policy not in (None, "IfNotPresent"):
            imported.take(f"{workload.section}.image.pullPolicy", policy, workload.line("containers"))


def _prefix(workload: ImportedWorkload) -> str | None:
    """Return what stands before the usual repository, "" for nothing, None for another repository."""
    repository, standard = workload.image["repository"], _SECTIONS[workload.program][1]
    if repository == standard:
        return ""
    return repository.removesuffix(f"/{standard}") if repository.endswith(f"/{standard}") else None


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
    """Say whether cloud nodes have an agent of their own; the charts set the two apart by affinity."""
    return sum(workload.section == "agent" for workload in found) > 1


def _without_edge(value: dict[str, Any]) -> dict[str, Any]:
    """Return an affinity without what keeps it to edge nodes, or off them."""
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
    """Take the gateway's node, a selector in ours and past the scheduler in upstream's; return the rest."""
    selector = dict(workload.pod.get("nodeSelector") or {})
    name = selector.pop("kubernetes.io/hostname", None) or workload.pod.get("nodeName")
    if name:
        imported.take("gateway.nodeName", name, workload.line("nodeSelector"))
    return selector


def take_new(key: str, value: Any, where: str, imported: Imported) -> None:
    """Take a key unless it is our default, or upstream's default that ours replaces."""
    why = upstream_default(key, value)
    if why:
        imported.left_out(f"{where}: {key}: {why}", key)
    elif not same(paths.first(defaults(Site), key), value):
        imported.take(key, value, where)


def _take_resources(workload: ImportedWorkload, imported: Imported) -> None:
    for path, value in leaves(workload.container.get("resources")):
        where = workload.line("containers", 0, "resources", *path)
        key = ".".join((workload.section, "resources", *path))
        take_new(key, quantity(key, value), where, imported)


def _take_replicas(workload: ImportedWorkload, imported: Imported) -> None:
    replicas = paths.first(workload.object.value, "spec.replicas")
    if isinstance(replicas, int) and workload.object.value.get("kind") == "Deployment":
        take_new(f"{workload.section}.replicaCount", replicas, workload.where, imported)
        if workload.section == "cloudCore" and replicas > 1:
            origin = f"{workload.where}, several instances that share an authority already"
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


# --- what there is, and the Service ----------------------------------------------------------


def _take_presence(found: list[ImportedWorkload], kubeedge: Release, imported: Imported) -> None:
    for workload in found:
        if workload.section in ("controllerManager", "admission", "gateway"):
            imported.take(f"{workload.section}.enable", True, workload.where)
    core = next((workload for workload in found if workload.section == "cloudCore"), None)
    broker = any(workload.section == "mosquitto" for workload in found)
    if core and broker != kubeedge.within({"from": "1.16"}):
        origin = f"{core.object.file}, which has {'an' if broker else 'no'} MQTT broker"
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
    for port in spec.get("ports") or ():
        if spec.get("type") == "NodePort" and port.get("name") in _NODE_PORTS and port.get("nodePort"):
            take_new(f"{key}.{_NODE_PORTS[port['name']]}", port["nodePort"], where, imported)
    annotations = paths.first(item.value, "metadata.annotations") or {}
    own = {name: text for name, text in annotations.items() if not name.startswith(_OWN_ANNOTATIONS)}
    if own:
        imported.take(f"{key}.annotations", own, f"{item.file}:{item.line(('metadata', 'annotations'))}")
