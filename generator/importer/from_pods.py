"""Fields of workloads that have a key in the site: labels, environment, volumes, probes, arguments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator import paths
from generator.check.sources import ObjectInFile
from generator.importer.from_values import take_new
from generator.importer.imported_workload import ImportedWorkload, workloads
from generator.importer.site_file import Imported, has_key, key_of
from generator.importer.surplus import POD, TEMPLATE, cleaned, counterparts, extra_mounts, surplus, touches
from generator.kube.compare import Change
from generator.kube.pods import as_list, as_map
from generator.render.site import Rendering

# The path of a field in the object, and the key of the section that sets it.
_ENTRIES = (
    (("metadata", "labels"), "labels"),
    (("metadata", "annotations"), "annotations"),
    ((*TEMPLATE, "metadata", "labels"), "podLabels"),
    ((*TEMPLATE, "metadata", "annotations"), "podAnnotations"),
    ((*POD, "securityContext"), "podSecurityContext"),
)
_WHOLE = ("terminationGracePeriodSeconds", "topologySpreadConstraints", "dnsPolicy")
_PROBES = ("startupProbe", "livenessProbe", "readinessProbe")


def take_fields(objects: list[ObjectInFile], rendering: Rendering, imported: Imported) -> None:
    """Take the fields of workloads that have a key in the site and that it does not render yet."""
    _take_edge_apis(objects, imported)
    for own, rendered in counterparts(objects, rendering):
        if rendered is None:
            continue
        changes = surplus(own, rendered)
        _take_entries(own, changes, imported)
        _take_whole(own, changes, imported)
        _take_lists(own, rendered, imported)
        _take_volumes(own, rendered, imported)
    _take_accounts(objects, imported)


def _take(own: ImportedWorkload, name: str, value: Any, path: paths.Path, imported: Imported) -> None:
    """Take a key of the section of a workload, if the section has it."""
    if has_key(f"{own.section}.{name.partition('.')[0]}"):
        where = f"{own.object.file}:{own.object.line(path)}"
        take_new(f"{own.section}.{name}", value, where, imported)


def _take_entries(own: ImportedWorkload, changes: list[Change], imported: Imported) -> None:
    context = (*POD, "containers", f"[{own.container.get('name')}]", "securityContext")
    rows: list[tuple[paths.Path, paths.Path, str]] = [(path, path, name) for path, name in _ENTRIES]
    rows.append((context, own.at("securityContext"), "securityContext"))
    mine = cleaned(own.object.value)
    for named, path, name in rows:
        for below, value in paths.leaves(paths.at(mine, path)):
            changed = any(touches(change, (*named, *below)) for change in changes)
            again = name == "podLabels" and key_of((own.section, "labels", *below)) in imported.keys
            if below and changed and not again:
                _take(own, key_of((name, *below)), value, (*path, *below), imported)


def _take_whole(own: ImportedWorkload, changes: list[Change], imported: Imported) -> None:
    for name in _WHOLE:
        if any(touches(change, (*POD, name)) for change in changes):
            _take(own, name, own.pod.get(name), (*POD, name), imported)
    for name in _PROBES:
        path = (*POD, "containers", f"[{own.container.get('name')}]", name)
        if any(touches(change, path) for change in changes):
            _take(own, name, own.container.get(name), own.at(name), imported)
    strategy = {"Deployment": "strategy", "DaemonSet": "updateStrategy"}.get(
        str(own.object.value.get("kind"))
    )
    host = own.pod.get("hostNetwork") is True and strategy == "strategy"
    if strategy and not host and any(touches(change, ("spec", strategy)) for change in changes):
        value = paths.at(own.object.value, ("spec", strategy))
        _take(own, strategy, value, ("spec", strategy), imported)


def _take_lists(own: ImportedWorkload, rendered: ImportedWorkload, imported: Imported) -> None:
    """Take variables and arguments whose names the rendered workload lacks."""
    names = {one.get("name") for one in map(as_map, as_list(rendered.container.get("env")))}
    variables = [
        one for one in map(as_map, as_list(own.container.get("env"))) if one.get("name") not in names
    ]
    if variables:
        _take(own, "extraEnv", variables, own.at("env"), imported)
    flags = set(map(_flag, as_list(rendered.container.get("args"))))
    arguments = [one for one in as_list(own.container.get("args")) if _flag(one) not in flags]
    if arguments and all(isinstance(one, str) for one in arguments):
        _take(own, "extraArgs", arguments, own.at("args"), imported)


def _flag(argument: Any) -> str:
    return str(argument).partition("=")[0]


def _take_volumes(own: ImportedWorkload, rendered: ImportedWorkload, imported: Imported) -> None:
    taken = {one.get("name") for one in map(as_map, as_list(rendered.pod.get("volumes")))}
    volumes: dict[str, dict[str, Any]] = {}
    extra = []
    for mount, volume, replaced in extra_mounts(own, rendered):
        if not replaced:
            name = f"own-{volume['name']}" if volume["name"] in taken else str(volume["name"])
            volumes[name] = {**volume, "name": name}
            extra.append({**mount, "name": name})
    if extra:
        _take(own, "extraVolumes", list(volumes.values()), (*POD, "volumes"), imported)
        _take(own, "extraVolumeMounts", extra, own.at("volumeMounts"), imported)


def _take_accounts(objects: list[ObjectInFile], imported: Imported) -> None:
    """Take the annotations of the service accounts of the workloads."""
    sections = {str(found.pod.get("serviceAccountName")): found.section for found in workloads(objects)}
    for item in objects:
        section = sections.get(str(paths.first(item.value, "metadata.name")))
        if item.value.get("kind") != "ServiceAccount" or section is None:
            continue
        annotations = paths.first(cleaned(item.value), "metadata.annotations")
        for name, text in as_map(annotations).items():
            if has_key(f"{section}.serviceAccount"):
                where = f"{item.file}:{item.line(('metadata', 'annotations', name))}"
                imported.take(key_of((section, "serviceAccount", "annotations", name)), text, where)


# The role that the cloudcore chart creates for edgeAPIs.
EDGE_APIS = "cloudcore-edge-apis"


def _take_edge_apis(objects: list[ObjectInFile], imported: Imported) -> None:
    for item in objects:
        if item.value.get("kind") != "ClusterRole" or paths.first(item.value, "metadata.name") != EDGE_APIS:
            continue
        apis = list(_edge_apis(item.value.get("rules")))
        if apis:
            imported.take("edgeAPIs", apis, f"{item.file}:{item.line(('rules',))}")


def _edge_apis(rules: Any) -> Iterator[dict[str, Any]]:
    for rule in map(as_map, as_list(rules)):
        groups = rule.get("apiGroups")
        if isinstance(groups, list) and len(groups) == 1 and rule.get("resources"):
            yield {"group": groups[0], "resources": rule["resources"]}
