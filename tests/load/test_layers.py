"""Layers: files and flags merged by Helm's rules, and the origin of each key."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import helm_python
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import go_yaml
from generator.errors import InvalidInput
from generator.io.files import read_text
from generator.load import load_site
from generator.load.layers import Layers
from generator.merge import merge
from tests.levels import program

FIRST = """\
agent:
  enable: true
  relayNodes:
  - nodeName: a
    advertiseAddress: [192.0.2.1]
  labels: {a: "1", b: "2"}
profile: plain
"""
SECOND = """\
agent:
  relayNodes:
  - nodeName: b
  labels:
    b:
    c: "3"
profile: mtls
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("first.yaml").write_text(FIRST)
    Path("second.yaml").write_text(SECOND)


def layered(*steps: tuple[str, str]) -> Layers:
    """Merge files (`-f`) and flags in the order given."""
    layers = Layers()
    for kind, text in steps:
        layers.add_file(text) if kind == "-f" else layers.add_flag(kind, text)
    return layers


# --- merging -------------------------------------------------------------------------------


@pytest.mark.usefixtures("files")
def test_merge_rules_for_maps_lists_and_nulls() -> None:
    assert layered(("-f", "first.yaml"), ("-f", "second.yaml")).values == {
        "agent": {
            "enable": True,
            "relayNodes": [{"nodeName": "b"}],
            "labels": {"a": "1", "b": None, "c": "3"},
        },
        "profile": "mtls",
    }


NAMES = st.sampled_from(["a", "b", "c"])
LEAVES = st.sampled_from([None, False, 0, "", "x", 1, [], ["x", None], [{"a": 1}]])
MAPS = st.recursive(
    st.dictionaries(NAMES, LEAVES, max_size=3),
    lambda inner: st.dictionaries(NAMES, inner | LEAVES, max_size=3),
    max_leaves=5,
)


@pytest.fixture(scope="session")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a chart that prints its values."""
    folder = tmp_path_factory.mktemp("echo")
    (folder / "templates").mkdir()
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: echo\nversion: 0.1.0\n")
    (folder / "templates" / "out.yaml").write_text("out: {{ toJson .Values | quote }}\n")
    return folder


@pytest.mark.helm
@given(st.lists(MAPS, min_size=2, max_size=3))
@settings(max_examples=20)
def test_files_merge_as_helm_merges_them(echo: Path, maps: list[dict[str, Any]]) -> None:
    layers = Layers()
    names = []
    for number, values in enumerate(maps):
        name = echo.parent / f"{number}.yaml"
        name.write_text(go_yaml.dump({"only": "once", **values}))
        names += [str(name)]
        layers.add_file(str(name))
    assert layers.values == by_helm(echo, *(part for name in names for part in ("-f", name)))


def by_helm(echo: Path, *flags: str) -> dict[str, Any]:
    """Return the values that the helm binary passes to a chart."""
    command = [program("helm-4.3"), "template", "x", str(echo), *flags]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded: dict[str, Any] = json.loads(go_yaml.load(done.stdout)["out"])
    return loaded


@pytest.mark.helm
@pytest.mark.usefixtures("files")
def test_files_and_flags_merge_as_the_binary_merges_them(echo: Path) -> None:
    flags = [
        ("set-file", "agent.psk=first.yaml"),
        ("set-string", "agent.labels.d=1,profile=x"),
        ("set", "agent.labels.d=2,profile=y,agent.relayNodes[1].nodeName=c"),
        ("set-json", 'agent.labels={"e": [null]}'),
        ("set-json", '{"agent": {"labels": {"f": 1}}}'),
    ]
    order = ["set-json", "set", "set-string", "set-file"]
    steps = sorted(flags, key=lambda flag: order.index(flag[0]))
    ours = layered(("-f", "first.yaml"), ("-f", "second.yaml"), *steps).values
    texts = [part for kind, text in flags for part in (f"--{kind}", text)]
    assert ours == by_helm(echo, "-f", "first.yaml", "-f", "second.yaml", *texts)


@given(MAPS, MAPS)
def test_defaults_are_laid_under_as_helm_does(defaults: dict[str, Any], user: dict[str, Any]) -> None:
    chart = chart_with(without_nulls(defaults))
    assert without_nulls(merge(without_nulls(defaults), user, null_deletes=True)) == without_nulls(
        chart.merge_values(user)
    )


def chart_with(values: dict[str, Any]) -> Any:
    return helm_python.Chart.load_archive(archive(values))


def archive(values: dict[str, Any]) -> bytes:
    """Pack a chart that has only values."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as packed:
        texts = {
            "Chart.yaml": "apiVersion: v2\nname: echo\nversion: 0.1.0\n",
            "values.yaml": go_yaml.dump(values),
        }
        for name, text in texts.items():
            info = tarfile.TarInfo(f"echo/{name}")
            info.size = len(text.encode())
            packed.addfile(info, io.BytesIO(text.encode()))
    return data.getvalue()


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_nulls(child) for name, child in value.items() if child is not None}
    return value


@pytest.mark.usefixtures("files")
def test_kinds_of_flags_apply_in_helms_order() -> None:
    site = load_site(
        ["first.yaml"],
        set_file=["agent.annotations.a=first.yaml"],
        set_string=["agent.annotations.a=string,agent.annotations.b=string"],
        set=["agent.annotations.b=plain,agent.annotations.c=plain"],
        set_json=['agent.annotations={"c": "json", "d": "json"}'],
        profile="mtls",
    )
    assert site.user["agent"]["annotations"] == {"a": FIRST, "b": "string", "c": "plain", "d": "json"}
    assert site.profile == "mtls"


def test_a_null_deletes_a_default() -> None:
    site = load_site(set=["cloudCore.hostNetWork=null,mosquitto.image.tag=null"])
    assert "hostNetWork" not in site.values["cloudCore"]
    assert site.values["mosquitto"]["image"] == {
        "repository": "eclipse-mosquitto",
        "digest": "",
        "pullSecrets": [],
    }
    assert site.user == {"cloudCore": {"hostNetWork": None}, "mosquitto": {"image": {"tag": None}}}


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\ufeffprofile: mtls\n".encode())))
    assert load_site(["-"]).profile == "mtls"


def test_a_layer_keeps_the_text_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("é\r\n\n".encode())
    assert read_text(str(tmp_path / "a")) == "é\r\n\n"


# --- origins -------------------------------------------------------------------------------


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("path", "where"),
    [
        (("agent", "enable"), "first.yaml:2"),
        (("agent", "labels", "a"), "first.yaml:6"),
        (("agent", "labels", "b"), "second.yaml:5"),
        (("agent", "relayNodes"), "second.yaml:2"),
        (("agent", "relayNodes", 0, "nodeName"), "second.yaml:3"),
        (("agent", "relayNodes", 1), "--set"),
        (("agent", "relayNodes", 1, "advertiseAddress", 1), "--set"),
        (("agent", "podLabels", "x", "y"), "--set-json"),
        (("agent", "annotations", "z"), "--set-string"),
        (("profile",), "--profile"),
        (("agent", "unknown"), "second.yaml:1"),
        (("nothing",), None),
    ],
    ids=str,
)
def test_each_key_has_its_origin(path: tuple[str | int, ...], where: str | None) -> None:
    layers = layered(
        ("-f", "first.yaml"),
        ("-f", "second.yaml"),
        ("set-json", 'agent.podLabels={"x": {"y": 1}}'),
        ("set", "agent.relayNodes[1].advertiseAddress={192.0.2.2,x}"),
        ("set-string", "agent.annotations.z=1"),
    )
    layers.put("profile", "plain", "--profile")
    origin = layers.origin(path)
    assert (origin and origin.where) == where


def test_a_key_that_a_flag_sets_twice_has_an_origin() -> None:
    layers = layered(("set", "a.b=1,a=2"))
    assert layers.values == {"a": 2}
    assert layers.origin(("a", "b"))


@pytest.mark.usefixtures("files")
def test_own_origin_ignores_parent_keys() -> None:
    layers = layered(("-f", "first.yaml"))
    assert layers.own_origin(("agent", "modules")) is None
    found = layers.own_origin(("agent", "relayNodes", 0))
    assert found
    assert found.where == "first.yaml:4"


@pytest.mark.usefixtures("files")
def test_problems_are_sorted_by_file_line_and_flag() -> None:
    Path("third.yaml").write_text("metaServer:\n  port: 0\nagent:\n  psk: 1\n")
    Path("fourth.yaml").write_text("zzz: 1\nagent: {enable: 5}\n")
    with pytest.raises(InvalidInput) as caught:
        load_site(
            ["third.yaml", "fourth.yaml"], set=["metaServer.host=1"], set_json=['cloudCore.replicaCount="x"']
        )
    places = [found.where for found in caught.value.problems]
    assert places == ["third.yaml:2", "third.yaml:4", "fourth.yaml:1", "fourth.yaml:2", "--set-json", "--set"]
