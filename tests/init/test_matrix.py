"""The site of every release and every profile that is offered renders, without avoidable warnings."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from generator import paths
from generator.init import QUESTIONS, Answers, Interview, head_of
from generator.io import yaml_reader
from generator.load import load_site
from generator.render.site import render_site
from generator.upstream import Release
from generator.upstream.releases import minors

pytestmark = pytest.mark.long

# What the profile or the release itself causes; another answer would only exchange it for another risk.
OF_PROFILE = {"plain-exposes", "server-unverified", "offline-restart"}
BY_NAME = {question.name: question for question in QUESTIONS}
DEFAULTS = {"addresses": "192.0.2.10 edge.example.com", "groups": "1e3, on"}


def finished(**texts: str) -> Interview:
    """Return an interview with answers, and the defaults of all other questions."""
    begun = Interview()
    for question in QUESTIONS:
        text = {**DEFAULTS, **texts}.get(question.name)
        begun.give(question, begun.default(question) or "" if text is None else text)
    return begun


def written(begun: Interview, folder: Path) -> str:
    """Write the site file and return its name."""
    site = begun.site()
    path = folder / "site.yaml"
    path.write_text(site.text(*head_of(site, "site.schema.json")), "utf-8")
    return str(path)


CASES = [
    (minor, name)
    for minor in minors("KubeEdge")
    for name in Answers(kubeedge=Release.parse("KubeEdge", minor)).profiles
]


@pytest.mark.parametrize(("minor", "name"), CASES, ids=lambda value: value)
def test_every_profile_that_is_offered_renders(minor: str, name: str, tmp_path: Path) -> None:
    begun = finished(kubeedge=minor, profile=name)
    site = load_site([written(begun, tmp_path)])
    assert site.user == begun.site().values
    assert {warning.code for warning in site.warnings} <= OF_PROFILE
    assert [config.component for config in render_site(site).configs].count("edgecore") == 2


@pytest.mark.parametrize("minor", minors("KubeEdge"))
def test_every_combination_of_yes_and_no_is_valid(minor: str, tmp_path: Path) -> None:
    for mesh, streams in product(("yes", "no"), ("yes", "no")):
        begun = finished(kubeedge=minor, mesh=mesh, streams=streams)
        codes = {warning.code for warning in load_site([written(begun, tmp_path)]).warnings}
        assert codes <= OF_PROFILE | ({"streams-rules-on-one-node"} if streams == "yes" else set())


@pytest.mark.parametrize("minor", ["1.11", "1.12", "1.23"])
def test_without_edgemesh_pods_do_not_use_its_name_server(minor: str, tmp_path: Path) -> None:
    site = load_site([written(finished(kubeedge=minor, mesh="no"), tmp_path)])
    rendering = render_site(site)
    assert "169.254.96.16" not in "".join(str(config.data) for config in rendering.configs)
    assert {config.component for config in rendering.configs} == {"cloudcore", "edgecore"}


def test_a_site_has_10_to_30_lines(tmp_path: Path) -> None:
    least = finished(kubeedge="1.11", addresses="192.0.2.1", groups="", mesh="yes", streams="no")
    most = finished(groups="line-a line-b", registry="registry.example.com", streams="yes")
    for begun in (least, most):
        text = Path(written(begun, tmp_path)).read_text("utf-8")
        assert 10 <= text.count("\n") <= 30, text


def test_texts_that_look_like_other_types_stay_text(tmp_path: Path) -> None:
    texts = ["1e3", "0x1f", "null", "on", "y", "012", "2020-01-01", "0b1"]
    name = written(finished(groups=",".join(texts)), tmp_path)
    value = yaml_reader.read(Path(name).read_text("utf-8"), name).value
    assert list(paths.first(value, "edgeCore.nodeGroups")) == texts


@pytest.mark.parametrize("text", ["1e3", "1.5", "2020-01-01", "null"])
def test_a_registry_that_looks_like_another_type_stays_text(text: str, tmp_path: Path) -> None:
    assert load_site([written(finished(registry=text), tmp_path)]).values["images"]["registry"] == text
