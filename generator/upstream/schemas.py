"""The schemas of KubeEdge's custom resources, for the releases with published types.

`make definitions` wrote data/schemas.json with controller-gen, from upstream's types. Other releases have no
schemas here, so their CRDs accept everything.
"""

from __future__ import annotations

from typing import Any

from generator.upstream.releases import Release, custom_resources, table

Schema = dict[str, Any]
_KEEP = "x-kubernetes-preserve-unknown-fields"


def schemas(release: Release) -> dict[str, dict[str, Schema]]:
    """Map each CRD of a release to the known schemas of its versions."""
    found = {}
    for name, spans in custom_resources().items():
        for span in spans:
            if release.within(span):
                known = {v["name"]: _known(name, v["name"], release) for v in span["versions"]}
                found[name] = _lossless({version: schema for version, schema in known.items() if schema})
    return {name: versions for name, versions in found.items() if versions}


def _known(name: str, version: str, release: Release) -> Schema | None:
    rows = table("schemas").get(name, {}).get(version, ())
    return next((row["schema"] for row in rows if release.minor in row["minors"]), None)


def _lossless(versions: dict[str, Schema]) -> dict[str, Schema]:
    """Return schemas that keep all fields of an object when it is converted between versions.

    To convert an object, the API server changes only its apiVersion. It would drop the fields that the schema
    of the stored version does not know, or that have another type there.
    """
    if len(versions) < 2:
        return versions
    return {
        name: _keeping(schema, [other for key, other in versions.items() if key != name])
        for name, schema in versions.items()
    }


def _keeping(schema: Schema, others: list[Schema]) -> Schema:
    """Return a schema that keeps unknown fields, and accepts anything where other schemas differ in type."""
    if any(_kind(schema) != _kind(other) for other in others):
        return {_KEEP: True}
    kept = dict(schema)
    if "properties" in schema:
        kept["properties"] = {
            name: _keeping(part, [o["properties"][name] for o in others if name in o.get("properties", {})])
            for name, part in schema["properties"].items()
        }
    for word in ("items", "additionalProperties"):
        if word in schema:
            kept[word] = _keeping(schema[word], [other[word] for other in others])
    if schema.get("type") == "object" and "additionalProperties" not in schema:
        kept[_KEEP] = True
    return kept


def _kind(schema: Schema) -> tuple[Any, bool]:
    return schema.get("type"), "additionalProperties" in schema
