"""Reads the objects of KubeEdge and EdgeMesh in a live cluster, and imports them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from generator import go_yaml
from generator.catalogue.message import say
from generator.errors import InvalidInput, Problem
from generator.importer import import_files
from generator.importer.from_pods import EDGE_APIS
from generator.importer.site_file import Imported
from generator.io.kubectl import Kubectl

Object = dict[str, Any]

_KINDS = "deployments,daemonsets,services,configmaps"
# The only object outside the namespace that becomes a key of the site.
_ROLE = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "ClusterRole",
    "metadata": {"name": EDGE_APIS},
}
# The name of the text with all objects, in the places of values and notes.
_FILE = "cluster"
_PLACE = re.compile(rf"\b{_FILE}:(\d+)")
# Kubernetes creates this ConfigMap in every namespace.
_OF_KUBERNETES = "kube-root-ca.crt"


def read_cluster(kubectl: Kubectl, namespace: str) -> list[Object]:
    """Return the objects of a namespace that an import reads, without Secrets; raise ClusterError."""
    found = [*kubectl.listed(_KINDS, "--namespace", namespace), *kubectl.objects([_ROLE])]
    return [one for one in found if not _is_foreign(one["metadata"])]


def _is_foreign(metadata: Object) -> bool:
    """Return whether Kubernetes, or an object that is imported itself, made an object."""
    return metadata.get("name") == _OF_KUBERNETES or bool(metadata.get("ownerReferences"))


def site_in_cluster(
    objects: Sequence[Object],
    namespace: str,
    *,
    kubeedge: str | None = None,
    edgemesh: str | None = None,
    option: str = "--from-cluster",
) -> Imported:
    """Import objects; the comment beside a value names the object that it comes from.

    Raises InvalidInput, about `option`, if no object is of KubeEdge or EdgeMesh.
    """
    texts = [f"---\n{go_yaml.dump(one)}" for one in objects]
    try:
        found = import_files([_FILE], kubeedge=kubeedge, edgemesh=edgemesh, texts={_FILE: "".join(texts)})
    except InvalidInput as error:
        if {"nothing-to-import", "empty-file"} & {problem.code for problem in error.problems}:
            message = say("cluster-without-kubeedge", namespace=namespace, option=option)
            raise InvalidInput([Problem(option, "", message)]) from None
        raise
    return _with_names(found, objects, texts)


def _with_names(found: Imported, objects: Sequence[Object], texts: Sequence[str]) -> Imported:
    """Replace the lines in the places of an import by the names of the objects."""
    starts, line = [], 1
    for text in texts:
        starts.append(line)
        line += text.count("\n")

    def named(place: str) -> str:
        return _PLACE.sub(lambda match: _name(objects[bisect_right(starts, int(match[1])) - 1]), place)

    return replace(
        found,
        keys={key: replace(taken, origin=named(taken.origin)) for key, taken in found.keys.items()},
        notes=[_renamed(note, named) for note in found.notes],
        assumed=[_renamed(note, named) for note in found.assumed],
    )


def _renamed(note: Problem, named: Callable[[str], str]) -> Problem:
    return replace(note, where=named(note.where), message=note.message.map_texts(named))


def _name(found: Object) -> str:
    return f"{found['kind']} {found['metadata']['name']}"


def told_by(found: Imported, objects: Sequence[Object]) -> set[str]:
    """Return the names of the questions that an import answers."""
    kinds = {source.kind for source in found.configs}
    hub = "cloudCore.modules.cloudHub"
    told = {
        # If no object names a release, the import chose one, and a note says so.
        "kubeedge": True,
        "edgemesh": True,
        "profile": "profile" in found.keys,
        "addresses": bool({f"{hub}.advertiseAddress", f"{hub}.dnsNames"} & found.keys.keys()),
        "groups": "edgecore" in kinds,
        "registry": any(one["kind"] in ("Deployment", "DaemonSet") for one in objects),
        "mesh": "edgemesh-agent" in kinds,
        "streams": {"cloudcore", "edgecore"} <= kinds,
    }
    return {name for name, known in told.items() if known}
