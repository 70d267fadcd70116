"""Kubernetes' own OpenAPI schemas (from kubernetes-validate), compiled once per version and kind."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

_SCHEMAS = files("kubernetes_validate").joinpath("kubernetes-json-schema")
VERSIONS = tuple(f"1.{minor}" for minor in range(25, 38))
# Kinds that clusters know from elsewhere; no published schema describes them.
FOREIGN = ("cert-manager.io/", "monitoring.coreos.com/")


@cache
def _definitions(version: str) -> Any:
    return _load(version, "_definitions.json")


def _load(version: str, name: str) -> Any:
    return json.loads((_SCHEMAS / f"v{version}.0-local-strict" / name).read_text("utf-8"))


@cache
def _validator(version: str, kind: str, api_version: str) -> Any:
    group_version = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api_version)
    schema = _load(version, f"{kind.lower()}-{group_version}.json")
    registry = jsonschema_rs.Registry([("urn:k8s:_definitions.json", _definitions(version))])
    schema["$id"] = "urn:k8s:schema"
    text = re.sub(r'"[^"]*_definitions\.json#', '"urn:k8s:_definitions.json#', json.dumps(schema))
    return jsonschema_rs.validator_for(json.loads(text), registry=registry)


def faults(found: dict[str, Any], version: str) -> list[str]:
    """Return what Kubernetes of a version would reject in an object, unknown fields included."""
    if found["apiVersion"].startswith(FOREIGN):
        return []
    validator = _validator(version, found["kind"], found["apiVersion"])
    name = f"{found['kind']}/{found['metadata']['name']}"
    return [
        f"{version} {name} {list(e.instance_path)}: {e.message[:200]}" for e in validator.iter_errors(found)
    ]
