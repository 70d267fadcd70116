"""Values of a chart inside objects and values of KubeSphere, and of umbrella charts."""

from __future__ import annotations

import re
from typing import Any

from generator import paths
from generator.catalogue.message import say
from generator.check.held import CHARTS, Held, Text, parsed, part
from generator.errors import Problem
from generator.io.yaml_document import YamlDocument

# --- KubeSphere, and umbrella charts -----------------------------------------------------------

# Keys of KubeSphere up to 3.x below `kubeedge`, and of the chart that it installs.
_KUBESPHERE = {
    "cloudCore.cloudHub": "cloudCore.modules.cloudHub",
    "cloudCore.cloudhubPort": "cloudCore.modules.cloudHub.websocket.port",
    "cloudCore.cloudhubQuicPort": "cloudCore.modules.cloudHub.quic.port",
    "cloudCore.cloudhubHttpsPort": "cloudCore.modules.cloudHub.https.port",
    "cloudCore.cloudstreamPort": "cloudCore.modules.cloudStream.streamPort",
    "cloudCore.tunnelPort": "cloudCore.modules.cloudStream.tunnelPort",
    "iptables-manager.enabled": "iptablesManager.enable",
    "iptables-manager": "iptablesManager",
}
# KubeSphere's own keys there.
_KUBESPHERE_OWN = ("enabled", "edgeWatcher")


def cluster_configuration(text: Text, at: paths.Path, title: str, found: Held) -> None:
    for place in ((*at, "spec", "edgeruntime", "kubeedge"), (*at, "spec", "kubeedge")):
        _kubesphere(text, place, title, found)


def _kubesphere(text: Text, at: paths.Path, title: str, found: Held) -> None:
    section = paths.at(text.document.value, at)
    if not isinstance(section, dict) or not isinstance(section.get("cloudCore"), dict):
        return
    for name in _KUBESPHERE_OWN:
        if name in section:
            place = (*at, name)
            found.foreign.append(Problem(text.where(place), paths.text(place), say("foreign-key")))
    whole = part(text, at)
    document = YamlDocument({}, {}, whole.begin)
    written: dict[str, str] = {}
    for name, value in section.items():
        if name not in _KUBESPHERE_OWN:
            _translate((name,), value, whole, document, written)
    found.add(document, title, "cloudcore", written)


def _translate(
    path: paths.Path,
    value: Any,
    whole: YamlDocument,
    document: YamlDocument,
    written: dict[str, str],
) -> None:
    """Put a key of KubeSphere at its place in the values of the chart."""
    key = ".".join(map(str, path))
    if isinstance(value, dict) and any(name.startswith(f"{key}.") for name in _KUBESPHERE):
        for name, child in value.items():
            _translate((*path, name), child, whole, document, written)
        return
    new = _renamed(key)
    if new != key:
        written[new] = key
        # KubeSphere has its ports as texts, and writes them into the file without quotes.
        value = int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,5}", value) else value
    paths.put(document.value, new, value)
    target = tuple(new.split("."))
    for end in range(1, len(target)):
        document.lines.setdefault(target[:end], whole.line(path))
    for inner, line in whole.lines.items():
        if inner[: len(path)] == path:
            below = inner[len(path) :]
            document.lines[target + below] = line


def _renamed(key: str) -> str:
    """Return the chart's key for one of KubeSphere."""
    old = max((old for old in _KUBESPHERE if f"{key}.".startswith(f"{old}.")), key=len, default=None)
    return _KUBESPHERE[old] + key.removeprefix(old) if old else key


def install_plan(text: Text, at: paths.Path, title: str, found: Held) -> None:
    config = paths.at(text.document.value, (*at, "spec", "config"))
    if isinstance(config, str):
        document = parsed(text, (*at, "spec", "config"))
        _umbrella(Text(text.file, [], document), (), title, found)


def bare(text: Text, at: paths.Path, found: Held) -> None:
    """Read values of an umbrella chart, and values of KubeSphere that are not in an object."""
    if isinstance(paths.at(text.document.value, (*at, "kubeedge", "cloudCore")), dict):
        _kubesphere(text, (*at, "kubeedge"), "section kubeedge", found)
    _umbrella(text, at, "", found)


def _umbrella(text: Text, at: paths.Path, title: str, found: Held) -> None:
    value = paths.at(text.document.value, at)
    charts = [name for name in value if name in CHARTS] if isinstance(value, dict) else []
    for name in charts:
        found.add(part(text, (*at, name)), f"{title}, section {name}".removeprefix(", "), name)
    if not found.values:
        return
    for name in value:
        if name not in charts and paths.at(value, (name, "cloudCore")) is None:
            place = (*at, name)
            message = say("foreign-key", "umbrella")
            found.foreign.append(Problem(text.where(place), paths.text(place), message))
