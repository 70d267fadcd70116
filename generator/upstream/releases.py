"""The known releases of KubeEdge and EdgeMesh, and the release of a version.

A table row applies to the minors from `from` to `to`, both included; without `to`, up to the newest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from generator.catalogue.message import say
from generator.components import COMPONENTS, DEFAULT_RELEASES, EDGEMESH, KUBEEDGE, project_of
from generator.errors import Coded

# Build metadata after a + is not supported, because labels and image tags cannot contain a +.
_VERSION = re.compile(r"v?1\.(?P<minor>\d{1,3})(?P<patch>\.\d+(?:-[0-9A-Za-z.-]+)?)?")
# The charts have the two programs of EdgeMesh, agent and gateway, which exist from 1.12 on.
_OLDEST = {KUBEEDGE: 7, EDGEMESH: 12}
_DATA = Path(__file__).parent / "data"


class UnknownRelease(Coded, ValueError):
    """The table has no row for a version."""

    def __init__(self, project: str, version: str) -> None:
        known = minors(project)
        self.message = say(
            "unknown-release", program=project, version=version or '""', oldest=known[0], newest=known[-1]
        )
        super().__init__(project, version)

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class Release:
    """A minor release of one project, with the tag of the images to use."""

    project: str
    minor: str
    tag: str

    @classmethod
    def parse(cls, project: str, version: str) -> Release:
        """Parse `v1.23.1`, `1.23.1` or `1.23` (the newest patch in the table); raise UnknownRelease."""
        match = _VERSION.fullmatch(version)
        if not match or f"1.{match['minor']}" not in minors(project):
            raise UnknownRelease(project, version)
        minor = f"1.{match['minor']}"
        return cls(project, minor, f"v{version.lstrip('v')}" if match["patch"] else tags(project)[minor])

    def within(self, span: Mapping[str, Any] | None) -> bool:
        """Return whether this release is in a `{from, to}` span of minors (both included)."""
        if span is None:
            return True
        first, last = ends(span)
        return first <= _number(self.minor) <= last

    def __str__(self) -> str:
        return f"{self.project} {self.minor}"


def ends(span: Mapping[str, Any]) -> tuple[int, int]:
    """Return the first and the last minor of a `{from, to}` span, without the `1.` before them."""
    return _number(span.get("from", "1.0")), _number(span.get("to", "1.999"))


@cache
def _number(minor: str) -> int:
    return int(minor.split(".")[1])


@cache
def table(component: str) -> dict[str, Any]:
    """Load the field table of a component, which was read from the programs."""
    loaded: dict[str, Any] = json.loads((_DATA / f"{component}.json").read_bytes())
    return loaded


@cache
def tags(project: str) -> dict[str, str]:
    """Map each known minor of a project to the patch tag that the table was read from."""
    # All programs of a project are released together, so the first one has the releases of all.
    first = next(row.name for row in COMPONENTS.values() if row.project == project)
    rows = table(first)["versions"]
    return {r["minor"]: r["tag"] for r in rows if _number(r["minor"]) >= _OLDEST[project]}


def minors(project: str) -> list[str]:
    """List the known minors of a project, oldest first."""
    return list(tags(project))


def default_release(project: str) -> Release:
    """Return the release for a site that sets no version."""
    return Release.parse(project, DEFAULT_RELEASES[project])


def release_of(component: str, kubeedge: Release, edgemesh: Release) -> Release:
    """Return the release that determines the config fields of a program: `kubeedge` or `edgemesh`."""
    return edgemesh if project_of(component) == EDGEMESH else kubeedge


@cache
def custom_resources() -> dict[str, list[dict[str, Any]]]:
    """Map each custom resource `<plural>.<group>` to its rows by KubeEdge minor."""
    rows: dict[str, list[dict[str, Any]]] = table("crds")["crds"]
    return rows
