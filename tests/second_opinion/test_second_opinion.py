"""Rendered configs and the field table, checked with the code of the KubeEdge releases.

The Go types of each release load every config strictly, and its own checks run on it (see go/).
releases.txt lists the releases that are not available, with the reason.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator import paths
from generator.components import KUBEEDGE
from generator.upstream import Field, Release, config_fields, default_config
from generator.upstream.releases import minors
from tests.second_opinion.releases import GO, ask, available, rows
from tests.second_opinion.sites import write_configs

MINORS = [release.minor for release in available()]
COMPONENTS = ("cloudcore", "edgecore")
each_minor = pytest.mark.parametrize("minor", MINORS)


def test_every_release_is_loaded_or_listed_as_unavailable() -> None:
    assert [row[0] for row in rows()] == minors(KUBEEDGE)
    assert {row[2] for row in rows() if row[1] == "-"} == {"refused", "unverified"}
    assert {path.stem for path in (GO / "pins").glob("*.mod")} == set(MINORS)
    for release in available():
        pinned = (GO / "pins" / f"{release.minor}.mod").read_text("utf-8")
        assert f"require {release.module} {release.version}\n" in pinned or (
            f"\t{release.module} {release.version}\n" in pinned
        )


@each_minor
def test_rendered_configs_load_strictly(minor: str, tmp_path: Path) -> None:
    files = write_configs(minor, tmp_path)
    assert len(files) > 2
    opinion = ask(minor, files)
    assert set(opinion.findings) == {str(path) for path in files}
    assert {name: found for name, found in opinion.findings.items() if found} == {}


# (key, wrong value, text of the finding). Each config is valid in every release but for this value.
MISTAKES = {
    "cloudcore": {
        "misspelt": ("modules.cloudHub.websocket.prot", 1, 'unknown field "prot"'),
        "in-another-case": ("modules.cloudHub.nodelimit", 7, ".modules.cloudHub.nodelimit: 7 written"),
        "of-wrong-type": ("modules.cloudHub.websocket.port", "ten", "cannot unmarshal string"),
        "port": ("modules.cloudHub.websocket.port", 70000, "must be between 1 and 65535"),
        "address": ("modules.cloudHub.websocket.address", "here", "Address"),
        "socket": ("modules.cloudHub.unixsocket.address", "/run/x.sock", "unix://"),
        "token": ("modules.cloudHub.tokenRefreshDuration", 0, "TokenRefreshDuration"),
        "relative": ("kubeAPIConfig.kubeConfig", "config", "kubeconfig need abs path"),
        "null": ("modules.cloudHub", None, "panic: "),
    },
    "edgecore": {
        "misspelt": ("modules.edgeHub.heartbeet", 1, 'unknown field "heartbeet"'),
        "in-another-case": ("modules.edgeHub.HEARTBEAT", 7, ".modules.edgeHub.HEARTBEAT: 7 written"),
        "of-wrong-type": ("modules.edgeHub.heartbeat", "often", "cannot unmarshal string"),
        "mode": ("modules.eventBus.mqttMode", 7, "Mode need in [0,2] range"),
        "two-ways": ("modules.edgeHub.quic.enable", True, "cannot be true and false at the same time"),
        "null": ("modules.edged", None, "panic: "),
    },
}


@each_minor
def test_mistakes_are_found(minor: str, tmp_path: Path) -> None:
    release = Release.parse(KUBEEDGE, minor)
    files = {}
    for component, mistakes in MISTAKES.items():
        for name, (path, value, words) in mistakes.items():
            config = copy.deepcopy(default_config(component, release))
            paths.put(config, path, value)
            files[_write(tmp_path / f"{name}-{component}.yaml", config)] = words
    findings = ask(minor, files).findings
    missed = {
        str(path): findings[str(path)]
        for path, words in files.items()
        if words not in str(findings[str(path)])
    }
    assert missed == {}


def _write(path: Path, config: dict[str, Any]) -> Path:
    path.write_text(json.dumps(config), "utf-8")
    return path


@each_minor
def test_every_field_of_the_table_is_read(minor: str, tmp_path: Path) -> None:
    release = Release.parse(KUBEEDGE, minor)
    files = [
        _write(tmp_path / f"{component}.yaml", _sample(config_fields(component, release)))
        for component in COMPONENTS
    ]
    findings = ask(minor, files).findings
    assert [f for found in findings.values() for f in found] == []


# Texts that need a certain format.
TEXTS = {
    "kubeConfig": "/root/config",
    "limits": "1Gi",
    "timeAdded": "2026-01-01T00:00:00Z",
    "TimeAdded": "2026-01-01T00:00:00Z",
}


def _sample(field: Field, name: str = "") -> Any:
    """Return a value with every field below it, with the program's own defaults."""
    if field.items:
        return [_sample(field.items, name)]
    if field.fields or field.values:
        found = {key: _sample(child, key) for key, child in field.fields.items()}
        return {**found, **({"some": _sample(field.values, name)} if field.values else {})}
    if field.default is not None and not field.host:
        return field.default
    kinds = {
        "string": TEXTS.get(name, "text"),
        "integer": 1,
        "number": 1.5,
        "boolean": True,
        "duration": "90s",
    }
    return field.enum[0] if field.enum else kinds.get(field.type)


@each_minor
def test_defaults_of_the_release_and_the_table_are_equal(minor: str) -> None:
    release = Release.parse(KUBEEDGE, minor)
    defaults = ask(minor, []).defaults
    assert set(defaults) == set(COMPONENTS)
    differ = [
        f"{component}: {path}: {ours} in the table, {theirs} in {release}"
        for component in COMPONENTS
        for path, ours, theirs in _differences(component, release, defaults[component])
    ]
    assert differ == []


# Defaults from Kubernetes, which go/kubernetes replaces (path, minors).
KUBERNETES = {
    "modules.edged.tailoredKubeletConfig": {"from": "1.12", "to": "1.12"},
    "modules.edged.tailoredKubeletConfig.evictionHard": {"from": "1.13"},
    "modules.edged.tailoredKubeletConfig.memoryThrottlingFactor": {"from": "1.13"},
}
# Set by the linker.
BUILD = {"edgecoreVersion"}


def _differences(component: str, release: Release, theirs: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield each field with different defaults in the table and the release; an unset field is zero."""
    fields = config_fields(component, release)
    ours, theirs = dict(_leaves(default_config(component, release))), dict(_leaves(theirs))
    left_out = {path for path, field in fields.walk() if field.host} | BUILD
    left_out |= {path for path, span in KUBERNETES.items() if release.within(span)}
    for path in sorted({*ours, *theirs}):
        if not any(f"{path}.".startswith(f"{other}.") for other in left_out):
            mine, upstreams = ours.get(path), theirs.get(path)
            if mine != upstreams and (mine or upstreams):
                yield path, mine, upstreams


def _leaves(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _leaves(item, f"{at}.{name}".lstrip("."))
    else:
        yield at, value
