"""Checks values files, also those of upstream's charts, as the generator checks a site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from generator import paths
from generator.catalogue.message import say
from generator.check.findings import Finding, Level
from generator.check.sources import Source
from generator.components import CHARTS, VERSION_KEYS
from generator.errors import InvalidInput, Problem
from generator.load.layers import Layers, Origin
from generator.load.site import validate

_CHARTS_OF = {
    "site": CHARTS,
    "cloudcore-values": ("cloudcore",),
    "edgemesh-values": ("edgemesh",),
    "gateway-values": ("edgemesh",),
}


# Rules about the charts of this project; values for upstream's charts get a warning with another code.
_OF_OUR_CHARTS = {
    "stream-without-certificate": say("stream-certificate-upstream-only"),
    "edge-cni": say("edge-cni-upstream-only"),
    "edge-cni-ranges": say("edge-cni-upstream-only", "ranges"),
}
# Keys in upstream's own values that have no effect.
_UPSTREAMS_OWN = ("image-tag", "spiderpool")


def values_findings(
    source: Source, versions: Mapping[str, str], settled: Sequence[str] = ()
) -> Iterator[Finding]:
    """Yield what the model, the field table and the rules find in a values file.

    `versions` maps a program to the version to check against (default: the version in the values). `settled`
    are codes to leave out, because the other files show that there is no problem.
    """
    problems, warnings = problems_of(source, versions)
    levels: dict[Level, Sequence[Problem]] = {"error": problems, "warning": warnings}
    for level, problem in ((level, one) for level, found in levels.items() for one in found):
        if problem.code in settled:
            continue
        if source.kind == "site":
            yield _finding(source, problem, level)
        else:
            yield from _of_upstream(source, problem, level)


def _of_upstream(source: Source, problem: Problem, level: Level) -> Iterator[Finding]:
    """Yield the finding of a problem in values for upstream's chart or ours."""
    # Helm gives `global` to every chart.
    if problem.code in _UPSTREAMS_OWN or (problem.code, problem.key) == ("unknown-key", "global"):
        return
    message = _OF_OUR_CHARTS.get(problem.code)
    if message is None:
        yield _finding(source, problem, level)
    elif "appVersion" not in source.value:
        yield _finding(source, replace(problem, message=message), "warning")


def problems_of(source: Source, versions: Mapping[str, str]) -> tuple[Sequence[Problem], Sequence[Problem]]:
    """Return the problems and the warnings of a values file at these versions."""
    layers = layers_of(source)
    for program, version in versions.items():
        layers.put(VERSION_KEYS[program], version, source.file)
    try:
        charts = (source.chart,) if source.chart else _CHARTS_OF[source.kind]
        return (), validate(layers, charts).warnings
    except InvalidInput as error:
        return error.problems, error.warnings


def layers_of(source: Source) -> Layers:
    """Return a values document as the one layer of a site; the keys of the gateway chart go below gateway."""
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
    # The keys of the gateway chart are at the top of its file.
    key = problem.key.removeprefix("gateway.") if source.kind == "gateway-values" else problem.key
    key = source.key_in_file(key)
    return Finding(problem.message, level, source.file, line, key, source)
