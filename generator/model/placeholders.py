"""Texts that somebody meant to replace: `<CLOUD_IP>`, `YOUR_ADDRESS`, `NODE_IP`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generator.model import paths
from generator.secrets.names import is_secret

WHAT = "{} is a placeholder, which the program takes as it stands"
FIX = "write the real value"

# Small letters are left alone: your-server.example and my_ip can be real names.
_PLACEHOLDER = re.compile(
    r"<[A-Za-z][A-Za-z0-9 _./-]*>"
    r"|(?<![A-Za-z0-9])YOUR[_-][A-Z0-9_-]+"
    r"|(?<![A-Za-z0-9_])[A-Z][A-Z0-9_]*_IP(?![A-Za-z0-9_])"
)
# Where the values model has texts that end up in a program's config, apart from the config itself.
_OF_SITE = (
    "metaServer",
    "cluster",
    "cloudCore.loadBalancerAddress",
    "cloudCore.service.loadBalancerIP",
    "agent.relayNodes",
    "gateway.relayNodes",
    "gateway.nodeName",
)
_CONFIG = {
    "cloudCore": ("commonConfig", "kubeAPIConfig", "modules"),
    "edgeCore": ("database", "modules", "nodeGroups"),
    "agent": ("commonConfig", "kubeAPIConfig", "modules", "cloudNodes"),
    "gateway": ("kubeAPIConfig", "modules", "pprofConfig"),
}


def placeholders(value: Any, at: paths.Path = ()) -> Iterator[tuple[paths.Path, str]]:
    """Yield every placeholder in the texts of a config, with its place; secrets are not looked at."""
    if isinstance(value, dict):
        for name, child in value.items():
            if not is_secret(str(name)):
                yield from placeholders(child, (*at, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from placeholders(item, (*at, number))
    elif isinstance(value, str):
        found = _PLACEHOLDER.search(value)
        if found:
            yield at, found[0]


def placeholders_of_site(values: dict[str, Any]) -> Iterator[tuple[paths.Path, str]]:
    """Yield the placeholders in those values of a site that a program reads."""
    for key in (*_OF_SITE, *(f"{top}.{name}" for top, names in _CONFIG.items() for name in names)):
        for path, value in paths.find(values, key):
            yield from placeholders(value, path)
