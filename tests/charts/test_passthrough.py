"""Every field that a release reads can be set and is rendered unchanged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from generator import paths
from generator.components import EDGEMESH, project_of
from generator.load import load_site
from generator.model import rules
from generator.render.site import render_site
from generator.upstream import Field, Release, config_fields
from generator.upstream.releases import minors

PLACES = {
    "cloudcore": ("cloudCore", "cloudcore"),
    "edgecore": ("edgeCore", "edgecore"),
    "edgemesh-agent": ("agent", "edgemesh"),
    "edgemesh-gateway": ("gateway", "edgemesh"),
}
SAMPLES: dict[str, Any] = {"string": "x", "integer": 1, "boolean": True, "number": 0.5, "duration": "7s"}
# Fields that a rule speaks of keep a value that it lets pass; the rest are set to something new.
RULED = {
    key.removesuffix(".*").removesuffix(".~")
    for kind in ("errors", "distinct")
    for rule in rules._table()[kind]
    for row in (rule, *rule.get("ports", ()))
    for key in (*([row["key"]] if "key" in row else []), *rules._keys_of({"if": [], **row}))
}
FITTING: dict[str, Any] = {
    "cloudCore.modules.cloudHub.advertiseAddress": ["192.0.2.1"],
    "cloudCore.kubeAPIConfig.kubeConfig": "/x",
    "edgeCore.modules.edged.clusterDNS": "169.254.96.16",
    "edgeCore.modules.edged.tailoredKubeletConfig.clusterDNS": ["169.254.96.16"],
    "edgeCore.modules.edged.tailoredKubeletConfig.clusterDomain": "cluster.local",
    "edgeCore.modules.edged.hostnameOverride": "node-1",
    "edgeCore.modules.edged.tailoredKubeletConfig.evictionHard": {"memory.available": "1Mi"},
    "edgeCore.modules.edged.tailoredKubeletConfig.evictionSoft": {"memory.available": "1Mi"},
    "edgeCore.modules.edged.nodeLabels": {"k": "v"},
    "edgeCore.modules.edged.tailoredKubeletConfig.featureGates": {"AllAlpha": False},
    "agent.kubeAPIConfig.kubeConfig": "/x",
    "gateway.kubeAPIConfig.kubeConfig": "/x",
    "agent.modules.edgeTunnel.relayNodes": [{"nodeName": "a", "advertiseAddress": ["192.0.2.1"]}],
    "gateway.modules.edgeTunnel.relayNodes": [{"nodeName": "a", "advertiseAddress": ["192.0.2.1"]}],
}
EVERY = [(component, minor) for component in PLACES for minor in minors(project_of(component))]


def leaves(field: Field, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Field]]:
    """Yield every field that holds no section, with its dotted path."""
    for name, child in field.fields.items():
        if not path and name in ("apiVersion", "kind"):
            continue
        if child.fields:
            yield from leaves(child, (*path, name))
        else:
            yield ".".join((*path, name)), child


def rejected(key: str, release: Release) -> bool:
    """Say whether a rule of a release rejects the key, or a section that it is in, whatever the value."""
    setting = [
        c["key"]
        for rule in rules._table()["errors"]
        for c in rule["if"]
        if c.get("set") and len(rule["if"]) == 1 and release.within(rule.get(release.project.lower()))
    ]
    return any(key.lower() == part.lower() or key.lower().startswith(f"{part.lower()}.") for part in setting)


def new_value(field: Field) -> Any:
    """Return a value of the field's type that is not its default."""
    if field.enum:
        return field.enum[-1]
    if field.type == "array":
        return [new_value(field.items)] if field.items else ["x"]
    if field.type == "object":
        if field.fields:
            return {name: new_value(child) for name, child in field.fields.items()}
        return {"k": new_value(field.values)} if field.values else {"k": "v"}
    value = SAMPLES[field.type]
    if field.type in ("boolean", "integer") and value == field.default:
        return not value if field.type == "boolean" else value + 1
    return value


@pytest.mark.parametrize(("component", "minor"), EVERY)
def test_every_field_of_a_release_is_rendered_unchanged(component: str, minor: str) -> None:
    place, chart = PLACES[component]
    program = project_of(component)
    values: dict[str, Any] = {"edgemeshVersion" if program == EDGEMESH else "kubeedgeVersion": minor}
    values["gateway"] = {"enable": True}
    wanted: dict[str, Any] = {}
    release = Release.parse(program, minor)
    for path, field in leaves(config_fields(component, release)):
        key = f"{place}.{path}"
        if field.unused or rejected(key, release):
            continue
        if key in FITTING or key not in RULED:
            wanted[path] = FITTING.get(key, new_value(field))
        elif field.default not in (None, "", [], {}) and not field.host:
            wanted[path] = field.default
    for path, value in wanted.items():
        *above, last = (place, *path.split("."))
        here = values
        for name in above:
            here = here.setdefault(name, {})
        here[last] = value
    site = load_site(set_json=[json.dumps(values)], charts=[chart])
    config = next(c for c in render_site(site).configs if c.component == component)
    for path, value in wanted.items():
        found = paths.at(config.data, tuple(path.split(".")))
        # A map lies over the program's own, as it would in the program.
        assert (found.items() >= value.items()) if isinstance(value, dict) else (found == value), path
    assert len(wanted) > 25
