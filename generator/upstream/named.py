"""Finds the release of a program in objects: in a label, or in the tag of an image."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from generator.components import COMPONENTS, component_of, project_of
from generator.upstream.releases import Release, UnknownRelease

LABEL = "app.kubernetes.io/version"
_IMAGES = "|".join(row.name for row in COMPONENTS.values() if row.image)
_IMAGE = re.compile(rf"(?:^|/)({_IMAGES}):([^@]+)")


def known_release(program: str, version: object) -> Release | None:
    """Return the release of a version; None if the version is not that of a known release."""
    with suppress(UnknownRelease):
        return Release.parse(program, version) if isinstance(version, str) else None
    return None


def named_by_image(image: object) -> Iterator[tuple[str, str]]:
    """Yield the project of an image and the version in its tag."""
    match = _IMAGE.search(image) if isinstance(image, str) else None
    if match:
        yield project_of(match[1]), match[2]


def named_by_label(label: object, keys: object) -> Iterator[tuple[str, str]]:
    """Yield the projects of the configs in these data keys of an object, each with its version label."""
    for name in keys if isinstance(label, str) and isinstance(keys, dict) else ():
        component = component_of(str(name))
        if component:
            yield project_of(component), str(label)


def named_by_object(value: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each project in the labels and images of a ConfigMap or workload, and its version."""
    metadata = value.get("metadata")
    labels = metadata.get("labels") if isinstance(metadata, dict) else None
    label = labels.get(LABEL) if isinstance(labels, dict) else None
    if value.get("kind") == "ConfigMap":
        yield from named_by_label(label, value.get("data"))
    for container in _containers(value):
        yield from named_by_image(container.get("image"))


def _containers(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    here: Any = value
    for name in ("spec", "template", "spec", "containers"):
        here = here.get(name) if isinstance(here, dict) else None
    yield from (one for one in here if isinstance(one, dict)) if isinstance(here, list) else ()
