"""Helm renders every site that the generator accepts: odd texts in every key, each default removed."""

from __future__ import annotations

import json
import typing
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from pydantic import BaseModel

from generator import paths
from generator.components import CHARTS
from generator.errors import InvalidInput
from generator.load import LoadedSite, load_site
from generator.model.site import CHART_KEYS, SHARED_KEYS, Site
from generator.model.tree import defaults, keys, walk
from generator.render.site import render_site

# Switched on, so that their keys are rendered.
ON = {
    "gateway.enable": True,
    "controllerManager.enable": True,
    "admission.enable": True,
    "admission.certsSecretName": "certs",
    "cloudCore.podDisruptionBudget.enable": True,
    "cloudCore.networkPolicy.enable": True,
}
# Text that a template may not print as it is.
TEXTS = ["- a", "a: b\nc: d", "{{ .x }}'\"", "1e3"]
WORKLOADS = ("Deployment", "DaemonSet")
# Nothing is rendered without these.
REFUSED = {"kubeedgeVersion", "edgemeshVersion", "admission.certsSecretName"}


def site_or_problems(changes: dict[str, Any], charts: tuple[str, ...] = CHARTS) -> LoadedSite | list[str]:
    """Load a site with everything on and the changes; return the keys of its problems if it is rejected."""
    values: dict[str, Any] = {}
    for key, value in {**ON, **changes}.items():
        paths.put(values, key, value)
    try:
        return load_site(set_json=[json.dumps(values)], charts=charts)
    except InvalidInput as error:
        return [problem.key for problem in error.problems]


def names(problem: str, key: str) -> bool:
    """Return whether the key of a problem is a key, or is below it."""
    return problem == key or problem.startswith((f"{key}.", f"{key}["))


def site_of(changes: dict[str, Any], charts: tuple[str, ...] = CHARTS) -> LoadedSite | None:
    """Load a site with everything on and the changes, None if they are rejected."""
    site = site_or_problems(changes, charts)
    return None if isinstance(site, list) else site


@cache
def text_keys() -> dict[str, str]:
    """Map every key that takes text, or texts, to its type."""
    return dict(_text_keys(Site, ""))


def _text_keys(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str]]:
    for key in keys(model, prefix):
        if key.section:
            yield from _text_keys(key.section, key.path)
            continue
        annotation = model.model_fields[key.name].annotation
        parts = [part for part in typing.get_args(annotation) or (annotation,) if part is not type(None)]
        if str in (annotation, *parts) or annotation in (dict[str, str], list[str]):
            yield (
                key.path,
                "map" if annotation == dict[str, str] else "list" if annotation == list[str] else "text",
            )


@pytest.mark.parametrize("text", TEXTS)
def test_odd_texts(text: str) -> None:
    shapes = {"text": text, "list": [text], "map": {"key": text}}
    # The charts write this address into another key, which the problem then names.
    taken = {key: shapes[kind] for key, kind in text_keys().items() if key != "metaServer.dummyAddress"}
    # Leave out the keys whose text is rejected, alone or with others.
    while isinstance(site := site_or_problems(taken), list):
        rejected = {key for key in taken for problem in site if names(problem, key)}
        assert rejected, site
        taken = {key: value for key, value in taken.items() if key not in rejected}
    assert len(taken) > 150
    rendering = render_site(site)
    written = json.dumps([document.data for document in rendering.documents])
    for key in (
        "cloudCore.podAnnotations",
        "agent.podAnnotations",
        "gateway.annotations",
        "mosquitto.labels",
    ):
        if key in taken:
            assert written.count(f'"key": {json.dumps(text)}')


def parts_of(values: dict[str, Any], above: str = "") -> Iterator[tuple[str, bool]]:
    """Yield every key of nested values, and whether it is a section."""
    for name, value in values.items():
        yield above + name, bool(value) and isinstance(value, dict)
        if isinstance(value, dict):
            yield from parts_of(value, f"{above}{name}.")


@pytest.mark.long
@pytest.mark.parametrize("part", sorted(defaults(Site)))
def test_any_default_removed(part: str) -> None:
    found = list(parts_of({part: defaults(Site)[part]}))
    sections = [[key] for key, section in found if section]
    leaves = [key for key, section in found if not section and key not in REFUSED]
    for taken in [*sections, leaves]:
        site = site_of(dict.fromkeys(taken), charts=owners(part))
        assert site, taken
        render_site(site)


@pytest.mark.parametrize(
    "key",
    [
        "agent",
        "agent.enable",
        "iptablesManager",
        "iptablesManager.mode",
        "crds",
        "cloudCore.service",
        "cloudCore.hostNetWork",
    ],
)
def test_null_turns_nothing_off(key: str) -> None:
    plain, nulled = site_of({}), site_of({key: None})
    assert plain
    assert nulled
    kinds = [[(d.kind, d.name) for d in render_site(site).documents] for site in (plain, nulled)]
    assert kinds[0] == kinds[1]


COPIED = {
    "kubeedgeVersion": "v1.16.6",
    "profile": "mtls",
    "certificateCopy.enable": True,
    "metaServer.serverCertificate.existingSecret": "certs",
}


@pytest.mark.parametrize("empty", ["null", "no text"])
@pytest.mark.parametrize("framework", ["legacy", "nft"])
def test_no_image_without_a_name(framework: str, empty: str) -> None:
    charts = ("cloudcore", "edgecore") if framework == "legacy" else ("cloudcore",)
    base = {"iptablesManager.framework": framework, **(COPIED if framework == "legacy" else {})}
    found = [
        (key.path, child.path)
        for key in walk(Site)
        for child in key.children()
        if key.name == "image" and child.name in ("repository", "nftRepository", "tag")
    ]
    taken = {image: None for image, _ in found} if empty == "null" else {text: "" for _, text in found}
    plain, without = site_of(base, charts), site_of({**base, **taken}, charts)
    assert plain
    assert without
    assert images(without) == images(plain)
    assert "busybox:1.37.0" in images(plain) or framework == "nft"


def images(site: LoadedSite) -> list[str]:
    """List the images of every rendered container."""
    pods = [d.data["spec"]["template"]["spec"] for d in render_site(site).documents if d.kind in WORKLOADS]
    return [container["image"] for pod in pods for container in pod["containers"]]


@pytest.mark.parametrize("key", sorted(REFUSED))
def test_a_needed_default_cannot_be_removed(key: str) -> None:
    assert site_of({key: None}) is None


def owners(part: str) -> tuple[str, ...]:
    """Return the charts that read a key of the top level."""
    return tuple(chart for chart in CHARTS if part in (*SHARED_KEYS, *CHART_KEYS[chart]))
