"""Writes the CRDs of a chart as static files: one spec for all releases that share it.

templates/crds.yaml adds the metadata. files/releases/ lists the files of each release, because it takes
templates long to look at the names of all files.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from generator import go_yaml
from generator.components import KUBEEDGE
from generator.upstream import Release, custom_resources
from generator.upstream.releases import minors
from generator.upstream.schemas import schemas

Spec = dict[str, Any]

# A schema that accepts every field, for releases without published types and for Istio's CRDs.
_ANYTHING = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
_OPEN = {**_ANYTHING, "properties": {"spec": _ANYTHING, "status": _ANYTHING}}
_OPEN_BELOW = {"type": "object", "properties": {"spec": _ANYTHING, "status": _ANYTHING}}
_ISTIO_VERSIONS = ("v1", "v1beta1", "v1alpha3")
_ISTIO = {
    "destinationrules": ("DestinationRule", "dr"),
    "gateways": ("Gateway", "gw"),
    "virtualservices": ("VirtualService", "vs"),
}


def files(chart: str) -> Iterator[tuple[str, str]]:
    """Yield the CRD files of a chart."""
    if chart == "cloudcore":
        for file, (_, spec) in _specs().items():
            yield f"files/crds/{file}.yaml", _text(spec)
    if chart == "edgemesh":
        for plural in _ISTIO:
            yield f"files/crds/{plural}.networking.istio.io.yaml", _text(_istio(plural))


def names(minor: str) -> list[str]:
    """Return the names of the CRD files of cloudcore, without .yaml, for a minor of KubeEdge."""
    return [file for file, (span, _) in _specs().items() if minor in span]


@cache
def _specs() -> dict[str, tuple[list[str], Spec]]:
    """Return the minors that share a spec, and the spec, by the name of its file."""
    known = minors(KUBEEDGE)
    return {
        f"{name}_{first}-{last}": (known[known.index(first) : known.index(last) + 1], spec)
        for name in sorted(custom_resources())
        for first, last, spec in _spans(name)
    }


def _text(spec: Spec) -> str:
    return go_yaml.dump({"spec": spec})


def _spans(name: str) -> Iterator[tuple[str, str, Spec]]:
    """Yield each spec of a CRD with the first and last release of a row that shares it."""
    first, last, spec = "", "", None
    for minor in minors(KUBEEDGE):
        found = _spec(name, Release.parse(KUBEEDGE, minor))
        if found != spec and spec is not None:
            yield first, last, spec
        if found != spec:
            first, spec = minor, found
        last = minor
    if spec is not None:
        yield first, last, spec


def _spec(name: str, release: Release) -> Spec | None:
    """Return the spec of a CRD in a release, None if the release has no such CRD."""
    row = next((span for span in custom_resources()[name] if release.within(span)), None)
    if row is None:
        return None
    plural, _, group = name.partition(".")
    names = {"kind": row["kind"], "listKind": f"{row['kind']}List", "plural": plural}
    names |= {"singular": row["kind"].lower()}
    names |= {"shortNames": row["shortNames"]} if row["shortNames"] else {}
    known = schemas(release).get(name, {})
    versions = [_version(version, known.get(version["name"], _OPEN)) for version in row["versions"]]
    return {"group": group, "scope": row["scope"], "names": names, "versions": versions}


def _version(version: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    written = {name: version[name] for name in ("name", "served", "storage")}
    written["schema"] = {"openAPIV3Schema": schema}
    return {**written, "subresources": {"status": {}}} if version["status"] else written


def _istio(plural: str) -> Spec:
    """Return the spec of one of Istio's CRDs, with the versions that Istio serves."""
    kind, short = _ISTIO[plural]
    served = [
        {"name": name, "served": True, "storage": name == "v1", "status": True} for name in _ISTIO_VERSIONS
    ]
    return {
        "group": "networking.istio.io",
        "scope": "Namespaced",
        "names": {
            "kind": kind,
            "listKind": f"{kind}List",
            "plural": plural,
            "singular": kind.lower(),
            "shortNames": [short],
            "categories": ["istio-io", "networking-istio-io"],
        },
        "versions": [_version(version, _OPEN_BELOW) for version in served],
    }
