"""Collects the schemas that controller-gen wrote, one folder per minor, in one file without duplicates.

`python -m tests.second_opinion.gather FOLDER FILE`; tools/definitions.sh runs it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml

# The types require more fields than the CRDs that upstream ships (1.10 to 1.23, compared). A status may
# lack fields: cloudcore writes an empty list as null, and the API server drops null before it checks the
# required fields. The items of these lists may lack a field.
_OPTIONAL = {"resourcesOverriders": "value"}


def main(folder: Path, out: Path) -> None:
    """Write the schemas below a folder to a file, as {CRD: {version: [{minors, schema}]}}."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for file in sorted(folder.glob("*/*.yaml"), key=lambda f: (int(f.parent.name.split(".")[1]), f.name)):
        definition = yaml.safe_load(file.read_text("utf-8"))
        versions = found.setdefault(definition["metadata"]["name"], {})
        for version in definition["spec"]["versions"]:
            schema = relaxed(version["schema"]["openAPIV3Schema"])
            add(versions.setdefault(version["name"], []), file.parent.name, schema)
    out.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")


def add(rows: list[dict[str, Any]], minor: str, schema: dict[str, Any]) -> None:
    """Add a minor to the row that has its schema."""
    for row in rows:
        if row["schema"] == schema:
            row["minors"].append(minor)
            return
    rows.append({"minors": [minor], "schema": schema})


def relaxed(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that requires no more than upstream's CRDs."""
    changed = {
        name: _without_required(part) if name == "status" else _optional(part)
        for name, part in schema["properties"].items()
        # Every object has these fields, and a CRD must not describe them.
        if name not in ("apiVersion", "kind", "metadata")
    }
    return {key: value for key, value in {**schema, "properties": changed}.items() if key != "required"}


def _without_required(here: Any) -> Any:
    if isinstance(here, list):
        return [_without_required(item) for item in here]
    if not isinstance(here, dict):
        return here
    kept = {key: value for key, value in here.items() if key != "required" or not isinstance(value, list)}
    return {key: _without_required(value) for key, value in kept.items()}


def _optional(here: Any, name: str = "") -> Any:
    if not isinstance(here, dict):
        return here
    changed = {key: _optional(value, name if key == "items" else key) for key, value in here.items()}
    if isinstance(keys := changed.get("x-kubernetes-list-map-keys"), list):
        # The API server rejects a CRD if the items of a list may lack the key of the list.
        items = changed["items"]
        changed["items"] = {**items, "required": sorted({*items.get("required", ()), *keys})}
    if isinstance(changed.get("required"), list):
        changed["required"] = [field for field in changed["required"] if field != _OPTIONAL.get(name)]
    return changed


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
