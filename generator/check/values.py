"""Values files: judged as the generator judges a site, upstream's charts' values included."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.check.findings import Finding, Level
from generator.check.sources import Source
from generator.errors import InvalidInput, Problem
from generator.load.layers import Layers, Origin
from generator.load.site import judge
from generator.model import paths
from generator.model.site import CHARTS

_CHARTS_OF = {
    "site": CHARTS,
    "cloudcore-values": ("cloudcore",),
    "edgemesh-values": ("edgemesh",),
    "gateway-values": ("edgemesh",),
}


def values_findings(source: Source) -> Iterator[Finding]:
    """Yield what the model, the field table and the rules say of a values file."""
    try:
        site = judge(layers_of(source), _CHARTS_OF[source.kind])
    except InvalidInput as error:
        yield from (_finding(source, problem, "error") for problem in error.problems)
        return
    yield from (_finding(source, problem, "warning") for problem in site.warnings)


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
