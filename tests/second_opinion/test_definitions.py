"""The schemas of CRDs: generated from the Go types, and not stricter than upstream's CRDs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.components import KUBEEDGE
from generator.locations import ROOT
from generator.upstream import Release, custom_resources
from generator.upstream.releases import minors
from generator.upstream.schemas import schemas
from tests.second_opinion.releases import available

# The types of 1.8 have a field that is not JSON.
KNOWN = [release.minor for release in available() if release.minor != "1.8"]
# Modules that contain the CRDs that upstream ships.
SHIPPED = [release for release in available() if release.minor in KNOWN and "/api" not in release.module]
KEEP = "x-kubernetes-preserve-unknown-fields"


def test_the_schemas_are_up_to_date(tmp_path: Path) -> None:
    out = tmp_path / "schemas.json"
    subprocess.run(["sh", "tools/definitions.sh", str(out)], cwd=ROOT, check=True, timeout=300)
    there = (ROOT / "generator" / "upstream" / "data" / "schemas.json").read_text("utf-8")
    assert out.read_text("utf-8") == there, "run `make definitions`"


@pytest.mark.parametrize("minor", minors(KUBEEDGE))
def test_a_release_has_all_schemas_or_none(minor: str) -> None:
    release = Release.parse(KUBEEDGE, minor)
    found = {(name, version) for name, versions in schemas(release).items() for version in versions}
    every = {
        (name, version["name"])
        for name, spans in custom_resources().items()
        for span in spans
        if release.within(span)
        for version in span["versions"]
    }
    assert found == (every if minor in KNOWN else set())


@pytest.mark.parametrize("release", SHIPPED, ids=lambda release: release.minor)
def test_the_schemas_accept_every_object_that_upstreams_crds_accept(release: Any) -> None:
    ours = schemas(Release.parse(KUBEEDGE, release.minor))
    theirs = _shipped(release.module, release.version)
    assert set(ours) <= set(theirs)
    faults = [
        fault
        for name, versions in ours.items()
        for version, schema in versions.items()
        for fault in stricter(schema, theirs[name][version], f"{name} {version}")
    ]
    assert faults == []


def _shipped(module: str, version: str) -> dict[str, dict[str, Any]]:
    """Read the CRDs in a module of KubeEdge, as name -> version -> schema."""
    command = f'. tools/go.sh && "$(go_command)" mod download -json {module}@{version}'
    run = subprocess.run(["sh", "-c", command], cwd=ROOT, check=True, capture_output=True, timeout=300)
    folder = Path(json.loads(run.stdout)["Dir"])
    found: dict[str, dict[str, Any]] = {}
    for file in folder.glob("build/crds/*/*.yaml"):
        for definition in yaml.safe_load_all(file.read_text("utf-8")):
            versions = found.setdefault(definition["metadata"]["name"], {})
            for row in definition["spec"].get("versions", ()):
                schema = row["schema"]["openAPIV3Schema"]
                for said in ("apiVersion", "kind", "metadata"):
                    schema["properties"].pop(said, None)
                versions.setdefault(row["name"], schema)
    return found


def stricter(ours: dict[str, Any], theirs: dict[str, Any], at: str) -> Iterator[str]:
    """Yield the places where our schema rejects or drops values that theirs accepts."""
    if theirs.get(KEEP) and "properties" not in theirs and not ours.get(KEEP):
        yield f"{at}: drops unknown fields"
    if more := set(ours.get("required", ())) - set(theirs.get("required", ())):
        yield f"{at}: requires {sorted(more)}"
    for word in ("type", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength"):
        if word in ours and ours[word] != theirs.get(word):
            yield f"{at}: {word} is {ours[word]}, not {theirs.get(word)}"
    for name, schema in theirs.get("properties", {}).items():
        if name not in ours.get("properties", {}):
            yield from () if ours.get(KEEP) else (f"{at}.{name}: is unknown",)
        else:
            yield from stricter(ours["properties"][name], schema, f"{at}.{name}")
    for part in ("items", "additionalProperties"):
        if part in ours and part in theirs:
            yield from stricter(ours[part], theirs[part], f"{at}[]")


def test_every_kind_of_stricter_schema_is_found() -> None:
    theirs = {"properties": {"a": {"type": "string"}, "b": {KEEP: True}, "c": {}}}
    ours = {"required": ["a"], "properties": {"a": {"type": "integer", "enum": [1]}, "b": {"type": "object"}}}
    assert list(stricter(ours, theirs, "x")) == [
        "x: requires ['a']",
        "x.a: type is integer, not string",
        "x.a: enum is [1], not None",
        "x.b: drops unknown fields",
        "x.b: type is object, not None",
        "x.c: is unknown",
    ]
