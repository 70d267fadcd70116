"""Finds texts that are probably mistakes: placeholders such as `<CLOUD_IP>`, and typographic quotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from generator import paths
from generator.catalogue.message import Message, say
from generator.characters import TYPOGRAPHIC_QUOTES
from generator.patterns import pattern
from generator.secrets.names import is_secret

# Only upper case: your-server.example and my_ip can be real names.
_PLACEHOLDER = pattern(
    r"<[A-Za-z][A-Za-z0-9 _./-]*>"
    r"|(?<![A-Za-z0-9])YOUR[_-][A-Z0-9_-]+"
    r"|(?<![A-Za-z0-9_])[A-Z][A-Z0-9_]*_IP(?![A-Za-z0-9_])"
)
_QUOTES = TYPOGRAPHIC_QUOTES
_QUOTED = pattern(rf"[{_QUOTES}].*[{_QUOTES}\"']|[\"'].*[{_QUOTES}]", re.DOTALL)
# Keys of the values outside the configs that become part of a config.
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


class OddText(NamedTuple):
    """A text that is probably a mistake: its path, and what is odd."""

    path: paths.Path
    message: Message


def odd_texts(value: Any) -> Iterator[OddText]:
    """Yield every odd text of a config, except in secrets."""
    yield from _found(value, (), _placeholder)
    yield from _found(value, (), _quotes)


def odd_texts_of_site(values: dict[str, Any]) -> Iterator[OddText]:
    """Yield the texts of a site in typographic quotes, and the placeholders that a program reads."""
    for key in (*_OF_SITE, *(f"{top}.{name}" for top, names in _CONFIG.items() for name in names)):
        for path, value in paths.find(values, key):
            yield from _found(value, path, _placeholder)
    yield from _found(values, (), _quotes)


def _found(
    value: Any, at: paths.Path, look: Callable[[paths.Path, str], OddText | None]
) -> Iterator[OddText]:
    if isinstance(value, dict):
        for name, child in value.items():
            if not is_secret(str(name)):
                yield from _found(child, (*at, name), look)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _found(item, (*at, number), look)
    elif isinstance(value, str):
        found = look(at, value)
        if found:
            yield found


def _placeholder(at: paths.Path, text: str) -> OddText | None:
    found = _PLACEHOLDER.search(text)
    if not found:
        return None
    return OddText(at, say("placeholder", text=found[0]))


def _quotes(at: paths.Path, text: str) -> OddText | None:
    if not _QUOTED.fullmatch(text):
        return None
    return OddText(at, say("typographic-quotes", opening=text[0], closing=text[-1]))
