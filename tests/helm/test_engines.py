"""The chosen engine, and the message if there is none."""

from __future__ import annotations

import importlib.util
from functools import partial
from pathlib import Path

import pytest

from generator import load_site
from generator.errors import HelmError
from generator.helm import ENGINES, open_engine
from generator.helm.binary import Binary
from generator.helm.documents import reason
from generator.helm.embedded import Embedded
from tests.helm.binaries import BINARIES
from tests.levels import program


@pytest.fixture
def without_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulate that the embedded Helm is not installed."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)


@pytest.mark.helm
def test_the_embedded_helm_is_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELM_BIN", program("helm-4.3"))
    assert isinstance(open_engine(), Embedded)
    assert isinstance(open_engine("embedded"), Embedded)
    assert isinstance(open_engine("helm"), Binary)
    assert set(ENGINES) == {"auto", "embedded", "helm"}


@pytest.mark.helm
@pytest.mark.usefixtures("without_wheel")
def test_without_a_wheel_the_binary_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELM_BIN", program("helm-4.3"))
    assert isinstance(open_engine(), Binary)
    with pytest.raises(HelmError) as caught:
        open_engine("embedded")
    assert str(caught.value) == (
        "the embedded Helm is not installed (pip install helm-python-sdk==0.2.2, or use --engine helm)"
    )


@pytest.mark.helm
def test_helm_on_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "helm").symlink_to(program("helm-3.10"))
    monkeypatch.delenv("HELM_BIN", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Binary().version() == (3, 10)


@pytest.mark.parametrize(("name", "version"), BINARIES.items())
def test_versions(name: str, version: tuple[int, int]) -> None:
    assert Binary(program(name)).version() == version


@pytest.mark.parametrize("name", [*BINARIES, "embedded"])
def test_an_error_of_a_chart_is_printed_without_the_template_stack(name: str) -> None:
    engine = Embedded() if name == "embedded" else Binary(program(name))
    with pytest.raises(HelmError) as caught:
        engine.render("edgecore", {"kubeedgeVersion": "v9"}, release="edgecore", namespace="kubeedge")
    lines = str(caught.value).splitlines()
    assert lines[0] == (
        "edgecore: kubeedgeVersion: unknown release v9 (known: 1.10, 1.11, 1.12, 1.13, 1.14, 1.15, 1.16, "
        "1.17, 1.18, 1.19, 1.20, 1.21, 1.22, 1.23, 1.7, 1.8, 1.9)"
    )
    assert len(lines) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Error: execution error at (c/a.yaml:1:4): why\n\nUse --debug flag to render out invalid YAML",
            "why",
        ),
        ("execution error at (c/templates/a.yaml:1:4): 2 problem(s):\na\nb\n", "2 problem(s):\na\nb"),
        ("Error: no space left on device", "no space left on device"),
        ("a: values don't meet the specifications", "a: values don't meet the specifications"),
    ],
)
def test_reasons(text: str, told: str) -> None:
    assert reason(text) == told


@pytest.mark.parametrize("name", [*BINARIES, "embedded"])
def test_test_hooks_are_rendered_if_wanted(name: str) -> None:
    engine = Embedded() if name == "embedded" else Binary(program(name))
    complete = load_site([]).values
    render = partial(engine.render, "edgemesh", {}, release="mesh", namespace="kubeedge", complete=complete)
    # The second rendering of a chart in a process may be that of a lean chart.
    for _ in range(2):
        documents = render(tests=True)
        assert [one.name for one in documents if one.is_test] == ["mesh-test"]
        assert render() == [one for one in documents if not one.is_test]
