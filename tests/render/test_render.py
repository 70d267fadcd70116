"""Rendering with a fake engine that returns a fixed text."""

from __future__ import annotations

from typing import Any

import pytest

from generator import load_site, render_site, write_site
from generator.errors import HelmError
from generator.helm.documents import Document, split

ADDRESS = "cloudCore.modules.cloudHub.advertiseAddress[0]=192.0.2.10"


class Fixed:
    """An engine that renders the same text for every chart, and records its calls."""

    def __init__(self, text: str) -> None:
        self.text, self.calls = text, list[dict[str, Any]]()

    def render(
        self,
        chart: str,
        values: dict[str, Any],
        *,
        release: str,
        namespace: str,
        complete: dict[str, Any] | None = None,
        tests: bool = False,
    ) -> list[Document]:
        assert complete, "the site is loaded"
        assert not tests, "nothing of a test is rendered"
        self.calls.append({"chart": chart, "values": values, "release": release, "namespace": namespace})
        return list(split(chart, self.text.replace("CHART", chart), "test"))


def config_map(name: str, text: str) -> str:
    body = "".join(f"    {line}\n" for line in text.splitlines())
    return f"kind: ConfigMap\nmetadata: {{name: CHART}}\ndata:\n  {name}: |\n{body}"


def test_helm_gets_the_users_values_untouched() -> None:
    engine = Fixed("")
    flags = [ADDRESS, "cloudCore.modules.cloudHub.websocket.enable=true,cloudCore.hostNetWork=null"]
    site = load_site(set=flags, set_string=["cloudCore.modules.cloudHub.nodeLimit=7"])
    render_site(site, engine=engine, releases={"edgemesh": "mesh"})
    assert [(call["chart"], call["release"], call["namespace"]) for call in engine.calls] == [
        ("cloudcore", "cloudcore", "kubeedge"),
        ("edgecore", "edgecore", "kubeedge"),
        ("edgemesh", "mesh", "kubeedge"),
    ]
    hub = {"advertiseAddress": ["192.0.2.10"], "nodeLimit": "7", "websocket": {"enable": True}}
    assert engine.calls[0]["values"] == {"cloudCore": {"hostNetWork": None, "modules": {"cloudHub": hub}}}


def test_documents_of_all_charts_come_in_one_order() -> None:
    engine = Fixed("kind: Deployment\nmetadata: {name: b}\n---\nkind: ServiceAccount\nmetadata: {name: a}\n")
    rendering = render_site(load_site(), engine=engine)
    assert [(d.kind, d.chart) for d in rendering.documents] == [
        (kind, chart)
        for kind in ("ServiceAccount", "Deployment")
        for chart in ("cloudcore", "edgecore", "edgemesh")
    ]
    assert rendering.manifests.startswith("---\nkind: ServiceAccount\nmetadata: {name: a}\n---\n")
    assert rendering.manifests.count("---\n") == 6


@pytest.mark.parametrize(
    ("name", "component", "group"),
    [
        ("edgecore.yaml", "edgecore", ""),
        ("line-a.edgecore.yaml", "edgecore", "line-a"),
        ("cloudcore.yaml", "cloudcore", ""),
    ],
)
def test_configs_are_extracted_from_the_documents(name: str, component: str, group: str) -> None:
    engine = Fixed(config_map(name, "modules: {}\n") + "  notes.txt: x\n")
    rendering = render_site(load_site(charts=["edgecore"]), engine=engine)
    (config,) = rendering.configs
    assert (config.component, config.group, config.data) == (component, group, {"modules": {}})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "modules:\n  edgeHub:\n    heartbeet: 1\n",
            "modules.edgeHub.heartbeet: not a field of edgecore.yaml",
        ),
        ("modules:\n  edgeHub:\n", "modules.edgeHub: the program crashes on an empty section"),
        ("modules:\n  edgeHub:\n    heartbeat: '15'\n", "modules.edgeHub.heartbeat: must be an integer"),
    ],
)
def test_a_config_that_the_program_cannot_read_is_an_error(text: str, says: str) -> None:
    site = load_site(charts=["edgecore"])
    with pytest.raises(HelmError) as caught:
        render_site(site, engine=Fixed(config_map("edgecore.yaml", text)))
    assert str(caught.value).startswith(f"edgecore.yaml: {says}")
    assert str(caught.value).endswith("(this is a bug in the chart; please report it)")


def test_the_three_calls(tmp_path: Any) -> None:
    import generator

    assert generator.__all__ == ["load_site", "render_site", "write_site"]
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = generator.nothing
    site = load_site([], profile="mtls", charts=["edgemesh"])
    written = write_site(render_site(site), tmp_path)
    assert [step.path.name for step in written] == ["manifests.yaml", "values.yaml"]
