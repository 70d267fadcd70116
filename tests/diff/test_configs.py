"""Configs of the programs in ConfigMaps and Secrets: compared as the programs read them."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from typing import Any

import pytest

from generator import go_yaml
from generator.components import COMPONENTS, project_of
from generator.upstream import Release
from generator.upstream.effective import effective_config
from generator.upstream.releases import minors
from tests.diff.sides import changes, compared, one_change, places, says, stream, texts_compared

Data = dict[str, Any]
LATEST = [(kind, minors(project_of(kind))[-1]) for kind in COMPONENTS]


def holder(component: str, minor: str, config: Data | str, kind: str = "ConfigMap") -> Data:
    """Return a ConfigMap or Secret with a config, labelled with the release that reads it."""
    text = config if isinstance(config, str) else go_yaml.dump(config)
    data = base64.b64encode(text.encode()).decode() if kind == "Secret" else text
    label = {"app.kubernetes.io/version": f"v{minor}.0"}
    head = {"name": component, "namespace": "kubeedge", "labels": label}
    return {"apiVersion": "v1", "kind": kind, "metadata": head, "data": {f"{component}.yaml": data}}


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every string, number and boolean of nested maps."""
    for name, child in value.items():
        if isinstance(child, dict):
            yield from leaves(child, (*path, name))
        elif isinstance(child, str | int):
            yield (*path, name), child


def nested(path: tuple[str, ...], value: Any) -> Data:
    """Return nested maps with one value at a path."""
    for name in reversed(path):
        value = {name: value}
    return dict(value)


def other(value: Any) -> Any:
    """Return another value of the same type."""
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else f"{value}x"


# The program ignores these values and calculates them from other keys.
COMPUTED = {"qps", "burst", "nodeLimit", "apiVersion", "kind"}


@pytest.mark.parametrize(("component", "minor"), LATEST)
@pytest.mark.parametrize("kind", ["ConfigMap", "Secret"])
def test_a_changed_key_is_reported_at_its_path(component: str, minor: str, kind: str) -> None:
    release = Release.parse(project_of(component), minor)
    known = [leaf for leaf in leaves(effective_config(component, release, {})) if leaf[0][-1] not in COMPUTED]
    assert len(known) > 10
    for path, value in random.Random(1).sample(known, min(40, len(known))):
        before = holder(component, minor, {}, kind)
        change = one_change(before, holder(component, minor, nested(path, other(value)), kind))
        assert (change.place, change.file) == (f"{component}.yaml: {'.'.join(path)}", f"{component}.yaml")


@pytest.mark.parametrize(("component", "minor"), LATEST)
def test_a_default_written_out_changes_nothing(component: str, minor: str) -> None:
    release = Release.parse(project_of(component), minor)
    known = [leaf for leaf in leaves(effective_config(component, release, {})) if leaf[0][-1] not in COMPUTED]
    for path, value in random.Random(2).sample(known, min(40, len(known))):
        bare, written = holder(component, minor, {}), holder(component, minor, nested(path, value))
        for before, after in ((bare, written), (written, bare)):
            found = compared([before], [after])
            assert [(one.behaviour, one.file) for one in changes(found)] == [(False, f"{component}.yaml")]
            assert found.impacts == []
            note = changes(found)[0].note
            assert note
            assert (note.code, note.variant[:7]) == ("same-behaviour", "default")


def test_a_config_in_another_yaml_style_is_the_same() -> None:
    one = "modules: {edgeHub: {heartbeat: 15}}  # a comment\n"
    two = "# another\nmodules:\n    edgeHub:\n        heartbeat: 15\n"
    assert places(compared([holder("edgecore", "1.23", one)], [holder("edgecore", "1.23", two)])) == []


def test_a_key_that_the_release_ignores_changes_no_behaviour() -> None:
    before, after = ({"modules": {"edgehubb": {"heartbeat": number}}} for number in (1, 2))
    change = one_change(holder("edgecore", "1.23", before), holder("edgecore", "1.23", after))
    assert not change.behaviour
    assert change.note
    assert (change.note.code, change.note.variant) == ("same-behaviour", "not-read")


def test_a_config_that_the_program_cannot_read_is_compared_as_text() -> None:
    change = one_change(holder("edgecore", "1.23", "a: [1"), holder("edgecore", "1.23", "a: [2"))
    assert (change.place, change.before, change.after) == ('data["edgecore.yaml"]', "a: [1", "a: [2")


def test_relay_nodes_are_compared_by_name_and_not_by_order() -> None:
    nodes = [{"nodeName": name, "advertiseAddress": ["192.0.2.1"]} for name in "abc"]

    def mesh(relays: list[Data]) -> Data:
        return holder("edgemesh-agent", "1.17", {"modules": {"edgeTunnel": {"relayNodes": relays}}})

    assert places(compared([mesh(nodes)], [mesh(nodes[::-1])])) == []
    change = one_change(mesh(nodes), mesh(nodes[:2]))
    assert change.place == "edgemesh-agent.yaml: modules.edgeTunnel.relayNodes[c]"


# Without the label, the image of the Deployment decides which release reads the config.
def _unlabelled(tag: str) -> list[Data]:
    config = holder("cloudcore", "1.16", {"modules": {"cloudHub": {"nodeLimit": 7}}})
    del config["metadata"]["labels"]
    pod = {"containers": [{"name": "cloudcore", "image": f"example.com/cloudcore:{tag}"}]}
    head = {"name": "cloudcore", "namespace": "kubeedge"}
    spec = {"template": {"spec": pod}}
    return [config, {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": head, "spec": spec}]


def test_another_image_changes_the_defaults_of_the_same_config() -> None:
    before, after = _unlabelled("v1.12.0"), _unlabelled("v1.23.0")
    expected = places(compared(before, after))
    assert [place for place in expected if "cloudcore.yaml" in place]
    # The same with documents that have the same text.
    assert sorted(places(texts_compared(stream(before), stream(after)))) == sorted(expected)


def test_edgecore_restarts_only_on_the_nodes_of_its_group() -> None:
    before = holder("edgecore", "1.23", {})
    before["data"] = {"a.edgecore.yaml": "{}", "b.edgecore.yaml": "{}"}
    after = {**before, "data": {**before["data"], "b.edgecore.yaml": "modules: {edgeHub: {heartbeat: 16}}"}}
    (line,) = says(compared([before], [after]))
    assert "nodes of group b" in line
