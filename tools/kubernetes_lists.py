#!/usr/bin/env python3
"""Write generator/tables/kubernetes-lists.yaml from Kubernetes' OpenAPI data: `make kubernetes-lists`.

The data comes with the package kubernetes-validate. --check writes nothing and fails if the file differs.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml

TABLE = Path(__file__).parent.parent / "generator/tables/kubernetes-lists.yaml"
HEAD = """\
# Written by `make kubernetes-lists` from Kubernetes {version}'s OpenAPI data; do not edit.
# Lists whose items have a natural key: x-kubernetes-list-map-keys, else x-kubernetes-patch-merge-key.
"""


def newest() -> Path:
    """Return the folder with the schemas of the newest release."""
    folders = (Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema").glob("v*-local")
    return max(folders, key=lambda folder: [int(n) for n in re.findall(r"\d+", folder.name)])


def lists(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and the schema of every field that is a list."""
    if isinstance(schema, dict):
        fields = schema.get("properties")
        for name, field in fields.items() if isinstance(fields, dict) else ():
            if isinstance(field, dict) and "array" in (field.get("type") or ()):
                yield name, field
        schema = list(schema.values())
    for part in schema if isinstance(schema, list) else ():
        yield from lists(part)


def table(folder: Path) -> dict[str, list[list[str]]]:
    """Return a map from the name of each list to the natural key of its items."""
    keys: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for name, field in lists(json.loads((folder / "_definitions.json").read_text("utf-8"))):
        merge = field.get("x-kubernetes-patch-merge-key")
        found = field.get("x-kubernetes-list-map-keys") or ([merge] if merge else [])
        if found:
            keys[name].add(tuple(found))
    return {name: [list(one) for one in sorted(found)] for name, found in sorted(keys.items())}


def main() -> None:
    """Write the table, or compare it with the file."""
    folder = newest()
    version = folder.name.removesuffix("-local")
    text = HEAD.format(version=version) + yaml.safe_dump(table(folder), default_flow_style=None)
    if sys.argv[1:] == ["--check"]:
        if TABLE.read_text("utf-8") != text:
            sys.exit(f"{TABLE.name} differs; run `make kubernetes-lists`")
        return
    TABLE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
