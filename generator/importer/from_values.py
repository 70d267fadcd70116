"""Values files, ours and upstream's: the keys that differ from our defaults."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from generator import paths
from generator.catalogue.message import Message, say
from generator.check.sources import Source
from generator.check.values import layers_of
from generator.components import CHARTS, COMPONENTS, EDGEMESH, KUBEEDGE, SECTIONS
from generator.errors import InvalidInput, Problem
from generator.importer.compare import SECRETS, is_entry
from generator.importer.site_file import Imported, key_of
from generator.load.layers import Layers
from generator.load.site import normalised, validate
from generator.model import quick
from generator.model.conditions import same
from generator.upstream import Release, config_fields, default_config

# Defaults of upstream's charts that ours replace on purpose, and the variant of the message that says why.
_UPSTREAM: dict[str, tuple[Any, str]] = {
    "cloudCore.resources.limits.cpu": ("200m", "small"),
    "cloudCore.resources.limits.memory": ("1Gi", "small"),
    "iptablesManager.resources.limits.memory": ("50Mi", "small"),
    "controllerManager.resources.limits.memory": ("50Mi", "small"),
    "cloudCore.securityContext.privileged": (True, "privileged"),
    "cloudCore.service.type": ("NodePort", "service"),
    "mosquitto.tolerations": ([], "tolerations"),
    "mosquitto.image.tag": ("1.6.15", "old"),
    "gateway.nodeName": ("your node name", "placeholder"),
}
# Not reported: tags follow the two versions, selectors are fixed, appVersion is not read.
_FOLLOWS = re.compile(r"(cloudCore|iptablesManager|controllerManager|admission)\.image\.tag|appVersion")
_FIXED = re.compile(r"\w+\.labels\.(k8s-app|kubeedge)")
_OWN_IMAGE = re.compile(r"kubeedge/edgemesh-(agent|gateway):v(?P<version>1\.\d+\.\d+)")
_NOT_CARRIED = ("spiderpool", "agent.modules.edgeCNI", "agent.cloudCIDR", "agent.edgeCIDR")
_PSK = ("agent.psk", "gateway.psk")
_STREAM = "cloudCore.modules.cloudStream.enable"
# Codes of keys that neither upstream's charts nor the programs read.
_IGNORED = ("unknown-key", "key-of-other-release", "edgemesh-server-ended")


def upstream_default(key: str, value: Any) -> Message | None:
    """Return why a default of upstream's charts is not imported, None for any other value."""
    default, reason = _UPSTREAM.get(key, (None, ""))
    replaced = default is not None and same(default, value)
    return say("upstream-default-replaced", reason) if replaced else None


def take_values(source: Source, releases: Mapping[str, Release], imported: Imported) -> None:
    """Take the keys of a values file that differ from our defaults; a secret becomes a reference."""
    layers = layers_of(source)
    values = normalised(layers.values)
    imported.given |= set(values)
    upstreams = source.kind == "cloudcore-values" and paths.first(values, _STREAM) is not False
    unread = {problem.key: problem for problem in _unread(layers, releases)}
    for path, value in paths.leaves(values):
        key, where = key_of(path), _where(layers, path, source)
        silent = _adds_no_key(key, value, releases) or (key == _STREAM and upstreams)
        ignored = next((unread[name] for name in _names_above(path) if name in unread), None)
        why = _reason(key, value, ignored) or (None if silent else _another_release(key, value))
        if key in _PSK:
            row = SECTIONS[key.split(".")[0]]
            imported.refer_psk(row.section, where, f"{row.name}-psk")
        elif why:
            imported.left_out(Problem(where, key, why))
        elif not (silent or _adds_nothing(path, quantity(key, value), releases)):
            imported.take(key, quantity(key, value), where)
    if upstreams:
        origin = f"{source.file}: upstream's chart creates this Secret for cloudStream"
        imported.take("cloudCore.streamCertificate.existingSecret", "cloudcore", origin, assumed=True)


def _adds_no_key(key: str, value: Any, releases: Mapping[str, Release]) -> bool:
    """Return whether the two versions, fixed selectors or images.pullPolicy already cover a key."""
    if key.startswith((*_NOT_CARRIED, *SECRETS)):
        return True
    text = str(value)
    tags = {release.tag.removeprefix("v") for release in releases.values()}
    follows = _FOLLOWS.fullmatch(key) and text.removeprefix("v") in tags
    own = _OWN_IMAGE.fullmatch(text)
    policy = key.endswith(".image.pullPolicy") and text == "IfNotPresent"
    return bool(follows or _FIXED.fullmatch(key) or (own and own["version"] in tags) or policy)


def _another_release(key: str, value: Any) -> Message | None:
    """Return a message if an image has another release than the site."""
    tag = _FOLLOWS.fullmatch(key) and re.match(r"v?1\.\d", str(value))
    return say("image-of-other-release") if tag or _OWN_IMAGE.fullmatch(str(value)) else None


def _reason(key: str, value: Any, ignored: Problem | None) -> Message | None:
    """Return why a key is not imported, None if it is."""
    if key.startswith(_NOT_CARRIED):
        return say("other-chart") if value else None
    secret = SECRETS.get(re.sub(r"\.nodeGroups\.[^.]+", "", key))
    if secret:
        return secret if value else None
    return ignored.message if ignored else upstream_default(key, value)


def _unread(layers: Layers, releases: Mapping[str, Release]) -> Iterator[Problem]:
    versions = {"kubeedgeVersion": releases[KUBEEDGE].tag, "edgemeshVersion": releases[EDGEMESH].tag}
    try:
        validate(Layers({**layers.values, **versions}, layers.origins, 1), CHARTS)
    except InvalidInput as error:
        yield from (problem for problem in error.problems if problem.code in _IGNORED)


def _names_above(path: paths.Path) -> Iterator[str]:
    """Yield the names of a key and of the keys above it."""
    return (paths.text(path[:end]) for end in range(len(path), 0, -1))


def _where(layers: Layers, path: paths.Path, source: Source) -> str:
    origin = layers.origin(path)
    return origin.where if origin else source.file


def _adds_nothing(path: paths.Path, value: Any, releases: Mapping[str, Release]) -> bool:
    """Return whether a key has our default or, if we have none, the default of its program."""
    default = paths.at(quick.defaults(), path)
    if default is None and key_of(path) != _STREAM:
        default = _programs_default(path, releases)
    if default is not None:
        # Upstream writes an empty list of names as one empty name.
        return same([] if default == [""] else default, value)
    return value is None or (value in ([], {}, "") and not _is_entry(path, releases))


def _is_entry(path: paths.Path, releases: Mapping[str, Release]) -> bool:
    """Return whether a path leads into a map with user-defined keys, such as labels."""
    for component, row in COMPONENTS.items():
        fields = config_fields(component, releases[row.project])
        for place in row.places:
            inside = all(one in ("*", other) for one, other in zip(place, path, strict=False))
            if inside and len(path) > len(place) and is_entry(fields, path[len(place) :]):
                return True
    return any(".".join(map(str, path[:end])) in _without_section() for end in range(1, len(path)))


@cache
def _without_section() -> set[str]:
    """Return the keys whose children the model does not name."""
    return {key for key, section in quick.all_keys() if not section}


def _programs_default(path: paths.Path, releases: Mapping[str, Release]) -> Any:
    if path[1:2] == ("featureGates",) and path[2:]:
        return False
    if key_of(path) == "mosquitto.enable":
        return releases[KUBEEDGE].within({"from": "1.16"})
    row = SECTIONS.get(str(path[0]))
    return paths.at(default_config(row.name, releases[row.project]), path[1:]) if row else None


def quantity(key: str, value: Any) -> Any:
    """Return the quantity of a resource as text, as in our defaults."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if ".resources." in key and number else value


def take_new(key: str, value: Any, where: str, imported: Imported) -> None:
    """Take a key unless its value is our default, or a default of upstream that ours replaces."""
    why = upstream_default(key, value)
    if why:
        imported.left_out(Problem(where, key, why), key)
    elif not same(paths.first(quick.defaults(), key), value):
        imported.take(key, value, where)
