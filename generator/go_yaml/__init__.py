"""Loads and dumps YAML with the rules of Go programs; `generator.io.yaml_reader` adds positions.

Helm and the KubeEdge programs parse YAML with sigs.k8s.io/yaml. It reads `1e3`, `0o17`, `on` and `0123`
differently from PyYAML. This project reads and writes all YAML with this package, so that each value keeps
its meaning. The package converts between text and Python values, and does not access files.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from generator.go_yaml import lines
from generator.go_yaml.lines import NotPlain
from generator.go_yaml.writing import dump

__all__ = ["MAX_NODES", "NotPlain", "dump", "load", "load_plain"]

# The limit for a file: the number of nodes after aliases are expanded.
MAX_NODES = 200_000


def load(text: str) -> Any:
    """Return the value of a document that a program wrote; raise ValueError if it is not YAML."""
    try:
        return load_plain(text)
    except NotPlain:
        return _libyaml().load(text)


def load_plain(text: str) -> Any:
    """Return the value of a document that has no rare parts.

    Raises NotPlain for anchors, tags, merge keys, keys that are not text, and documents that are not YAML.
    """
    try:
        return lines.load(text)
    except NotPlain:
        return _libyaml().load_plain(text)


def _libyaml() -> Any:
    # Imported when used: yaml takes 15 ms, and most documents do not need it.
    return import_module("generator.go_yaml.libyaml")
