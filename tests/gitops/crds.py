"""The CRDs of Argo CD, Flux and External Secrets, and their schemas with unknown fields rejected."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from tests import levels
from tests.gitops.examples import objects

CRD = "CustomResourceDefinition"
# Kubernetes checks these parts of an object itself; a CRD does not describe them.
_OF_EVERY_OBJECT = {
    "apiVersion": {"type": "string"},
    "kind": {"type": "string"},
    "metadata": {"type": "object"},
}


def crds() -> list[dict[str, Any]]:
    """Return the CRDs that `make tools` has put into .tools/bin."""
    return _crds(levels.program(levels.CRDS))


@cache
def _crds(file: str) -> list[dict[str, Any]]:
    # The manifests of Flux contain its controllers too.
    return [one for one in objects(Path(file).read_text("utf-8")) if one["kind"] == CRD]


def schemas() -> dict[tuple[str, str], Any]:
    """Return the strict schema of each served version, by apiVersion and kind."""
    return {
        (f"{one['spec']['group']}/{version['name']}", one["spec"]["names"]["kind"]): version["schema"]
        for one in crds()
        for version in one["spec"]["versions"]
        if version["served"]
    }


def problems(found: dict[str, Any]) -> list[str]:
    """Return what the CRD of an object rejects."""
    errors = _validator(found["apiVersion"], found["kind"]).iter_errors(found)
    return [f"{'.'.join(map(str, error.instance_path))}: {error.message}" for error in errors]


@cache
def _validator(version: str, kind: str) -> jsonschema_rs.Draft7Validator:
    schema = strict(schemas()[version, kind]["openAPIV3Schema"])
    schema["properties"] |= _OF_EVERY_OBJECT
    return jsonschema_rs.Draft7Validator(schema)


def strict(schema: Any) -> Any:
    """Copy a schema; unknown fields are rejected, as by the API server with strict validation."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {
        name: {key: strict(child) for key, child in value.items()} if name == "properties" else strict(value)
        for name, value in schema.items()
    }
    open_to_all = found.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in found
    if "properties" in found and not open_to_all:
        found["additionalProperties"] = False
    return found
