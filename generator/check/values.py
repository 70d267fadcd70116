"""Values files: judged as the generator judges a site, upstream's charts' values included."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from generator.check.findings import Finding, Level
from generator.check.sources import Source
from generator.errors import InvalidInput, Problem
from generator.load.layers import Layers, Origin
from generator.load.site import judge
from generator.model import paths
from generator.model.site import CHARTS
from generator.upstream import EDGEMESH, KUBEEDGE

_CHARTS_OF = {
    "site": CHARTS,
    "cloudcore-values": ("cloudcore",),
    "edgemesh-values": ("edgemesh",),
    "gateway-values": ("edgemesh",),
}


# What upstream's own charts make by themselves, and ours take from the values.
_MADE_UPSTREAM = ("stream-without-certificate",)
_VERSIONS = {KUBEEDGE: "kubeedgeVersion", EDGEMESH: "edgemeshVersion"}


def values_findings(source: Source, versions: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what the model, the field table and the rules find in a values file.

    `versions` maps a program to the version to check against; a program that is left out has the one
    that the values name.
    """
    problems, warnings = judged(source, versions)
    for problem in problems:
        if problem.code not in _MADE_UPSTREAM or source.kind == "site":
            yield _finding(source, problem, "error")
        elif "appVersion" not in source.value:
            yield _finding(source, _of_our_charts(problem), "warning")
    yield from (_finding(source, problem, "warning") for problem in warnings)


def judged(source: Source, versions: Mapping[str, str]) -> tuple[Sequence[Problem], Sequence[Problem]]:
    """Return the problems and the warnings of a values file at these versions."""
    layers = layers_of(source)
    for program, version in versions.items():
        layers.put(_VERSIONS[program], version, source.file)
    try:
        return (), judge(layers, _CHARTS_OF[source.kind]).warnings
    except InvalidInput as error:
        return error.problems, error.warnings


def _of_our_charts(problem: Problem) -> Problem:
    """Return a problem of our charts for values that may be meant for upstream's as well."""
    return replace(problem, what=f"with the chart of this project {problem.what}; upstream's chart makes one")


def layers_of(source: Source) -> Layers:
    """Return a values document as the one layer of a site; the gateway chart's keys go below gateway."""
    gateway = source.kind == "gateway-values"
    top: paths.Path = ("gateway",) if gateway else ()
    layers = Layers(count=1)
    layers.values = {"gateway": {"enable": True, **source.value}} if gateway else dict(source.value)
    for path in source.document.lines:
        line = source.line(path)
        below = (*top, *path)
        layers.origins[below] = Origin(1, line, f"{source.file}:{line}")
    return layers


def _finding(source: Source, problem: Problem, level: Level) -> Finding:
    place = re.fullmatch(r".*:(\d+)", problem.where)
    line = int(place[1]) if place else source.line(())
    # The keys of the gateway chart stand at the top of its file.
    key = problem.key.removeprefix("gateway.") if source.kind == "gateway-values" else problem.key
    key = source.key_in_file(key)
    return Finding("values", level, source.file, line, key, problem.what, problem.fix, source)
