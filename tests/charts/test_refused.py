"""What one chart can see it refuses by itself, with every Helm and without the generator."""

from __future__ import annotations

import pytest

from generator.errors import HelmError
from generator.model.site import CHARTS
from tests.bad_input import ROWS, Bad
from tests.charts.conftest import Render

ALONE = [row for row in ROWS if row.charts]
ACROSS = [row for row in ROWS if not row.charts]


@pytest.mark.parametrize("bad", ALONE, ids=lambda bad: bad.id)
def test_refused_by_every_chart_that_sees_it(render: Render, bad: Bad) -> None:
    for chart in bad.charts:
        with pytest.raises(HelmError) as caught:
            render(chart, bad.values())
        assert bad.names in str(caught.value)


# The embedded Helm is a Helm 4; its binary is asked where the schema refuses, in words of its own.
BINARIES = [(row, "helm-3.10") for row in ALONE] + [(row, "helm-4.3") for row in ALONE if not row.rule]


@pytest.mark.parametrize(("bad", "engine"), BINARIES, ids=lambda value: getattr(value, "id", value))
def test_refused_by_the_binaries(render: Render, bad: Bad, engine: str) -> None:
    with pytest.raises(HelmError) as caught:
        render(bad.charts[0], bad.values(), engine=engine)
    assert bad.names in str(caught.value)


@pytest.mark.parametrize("bad", ALONE, ids=lambda bad: bad.id)
def test_let_through_by_the_others(render: Render, bad: Bad) -> None:
    for chart in {*CHARTS} - {*bad.charts}:
        render(chart, bad.values())


@pytest.mark.parametrize("bad", ACROSS, ids=lambda bad: bad.id)
def test_no_chart_alone_sees_what_crosses_charts(render: Render, bad: Bad) -> None:
    for chart in CHARTS:
        render(chart, bad.values())
