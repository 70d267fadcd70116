"""The schemas of KubeEdge's custom resources, of the releases whose types could be had.

`make definitions` wrote data/schemas.json with controller-gen, from upstream's types. A release that is
not in it has none here: its definitions let everything through.
"""

from __future__ import annotations

from typing import Any

from generator.upstream.releases import Release, custom_resources, table

Schema = dict[str, Any]
_KEEP = "x-kubernetes-preserve-unknown-fields"


def schemas(release: Release) -> dict[str, dict[str, Schema]]:
    """Map each definition of a release to the schemas of its versions, as far as they are known."""
    found = {}
    for name, spans in custom_resources().items():
        for span in spans:
            if release.within(span):
                versions = [version["name"] for version in span["versions"]]
                found[name] = {version: _known(name, version, release, versions) for version in versions}
    return {name: {v: schema for v, schema in known.items() if schema} for name, known in found.items()}


def _known(name: str, version: str, release: Release, versions: list[str]) -> Schema | None:
    rows = table("schemas").get(name, {}).get(version, ())
    schema: Schema | None = next((row["schema"] for row in rows if release.minor in row["minors"]), None)
    # The API server turns one version into the other by its name alone: what the other's schema does not
    # know would be lost by the next write.
    return keeping(schema) if schema and len(versions) > 1 else schema


def keeping(schema: Schema) -> Schema:
    """Return a schema that keeps the fields it does not know, on every level."""
    kept: Schema = {}
    for key, value in schema.items():
        if key == "properties":
            kept[key] = {name: keeping(part) for name, part in value.items()}
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            kept[key] = keeping(value)
        else:
            kept[key] = value
    return {**kept, _KEEP: True} if "properties" in schema else kept
