"""The formats: golden files, valid syntax with any names, and a picture without overlaps.

`make golden` rewrites the files; look at the pictures before you commit them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.graph import FORMATS, writer
from generator.graph.compare import compared
from generator.graph.model import Credential, Edge, Graph, Node, TlsSide
from generator.graph.shapes import Box, fitted, width_of, wrapped
from generator.graph.svg import picture
from tests.charts.conftest import ROOT
from tests.graph.sites import CASES, FILES, graph, of_release

GOLDEN = ROOT / "tests/graph/golden"
ENDINGS = {"svg": "svg", "mermaid": "mmd", "dot": "dot", "json": "json"}
HOSTILE = (
    '"]; x["',
    "</title><script>alert(1)</script>",
    "a|b --> c",
    "\\",
    'a\\"',
    "&quot;&amp;",
    "`code` #35; %% x",
    "line\nbreak\x1b[31m",
    "end",
    "中文名" * 20,
    "w" * 300,
    "x" * 63,
)
QUOTED = r'"(?:[^"\\]|\\.)*"'


def named(name: str, protocol: str = "") -> Graph:
    """Return a graph of all changes in which every name and place is the same text; also the protocol."""
    found = compared(graph("plain", "gateway.enable=true"), graph("mtls", file="factory"), name)
    credential = Credential("psk", name)
    nodes = [
        replace(
            node,
            name=name,
            group=name + node.group if node.group else "",
            on=name if node.on else "",
            details=(name,) if node.details else (),
        )
        for node in found.nodes
    ]
    edges = [
        replace(edge, host=name, protocol=protocol or name, client=TlsSide(credential, credential))
        for edge in found.edges
    ]
    return replace(found, nodes=tuple(nodes), edges=tuple(edges))


def long_site() -> Graph:
    """Return a graph with ten node groups, four ways to cloudcore, IPv6 and long names."""
    values = [
        "agent.relayNodes[1].nodeName=" + "relay.".replace(".", "-long" * 20),
        "agent.relayNodes[1].advertiseAddress[0]=192.0.2.21",
        "metaServer.address=2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff",
        "cloudCore.modules.cloudHub.quic.enable=true",
        "streams.enable=true",
        "cloudCore.streamCertificate.existingSecret=" + "stream" * 10,
        "gateway.enable=true",
    ]
    for number in range(10):
        group = f"edgeCore.nodeGroups.{'group' * 11}-{number}.modules.edgeHub"
        values.append(f"{group}.websocket.server=[2001:db8:aaaa:bbbb:cccc:dddd:eeee:{number % 4}]:10000")
    return graph("mtls", *values)


GRAPHS: dict[str, Callable[[], Graph]] = {
    **{f"{profile} {kubeedge}": partial(of_release, profile, kubeedge) for profile, kubeedge in CASES},
    "factory": partial(graph, "mtls", file="factory"),
    "ten groups": long_site,
    "change": lambda: compared(graph("plain"), graph("mtls", file="factory"), "a → b"),
    "bypass": partial(
        graph, "plain", "agent.kubeAPIConfig.master=https://192.0.2.1:6443", "gateway.enable=true"
    ),
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", FILES)
def test_golden(name: str, form: str, request: pytest.FixtureRequest) -> None:
    path = GOLDEN / f"{name}.{ENDINGS[form]}"
    text = writer(form)(graph(FILES[name], file=name))
    if request.config.getoption("--rewrite-golden"):
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text, f"{path.name} differs; `make golden` rewrites it"


# --- syntax --------------------------------------------------------------------------------

MERMAID = re.compile(
    r"%% .*|flowchart LR|  subgraph g\d+\[S\]|    n\d+\[S\]|  end|  n\d+ (-->|-\.->)\|S\| n\d+"
    r"|  linkStyle \d+ stroke:#[0-9a-f]{6},stroke-width:\dpx"
)
DOT = re.compile(
    r"digraph site \{|  (graph|node|edge) \[[a-zA-Z=, S\d]*\];|  subgraph cluster_\d+ \{|    label=S;|  \}|\}"
    r"|    S \[label=S\];|  S -> S \[label=S, color=S(, style=dashed)?(, penwidth=2)?\];"
)


def check_mermaid(text: str) -> None:
    for line in text.splitlines():
        assert MERMAID.fullmatch(re.sub('"[^"`]+"', "S", line)), line
        for label in re.findall('"([^"]*)"', line):
            # After the codes of characters and the line breaks nothing is left that Mermaid could interpret.
            assert not re.search(r"[#&<>;|{}\[\]()\\]", re.sub(r"#\d+;|<br/>", "", label)), label


def check_dot(text: str) -> None:
    for line in text.splitlines():
        assert DOT.fullmatch(re.sub(QUOTED, "S", line)), line
        assert not re.search(r"&(?!amp;)", line)


def check_svg(text: str) -> None:
    root = ET.fromstring(text)
    kinds = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert kinds == {"svg", "title", "desc", "style", "rect", "text", "path", "g"}
    # It refers to nothing: neither links, nor fonts, nor pictures.
    assert not re.search(r"href|url\(|@import|src=", text)
    assert re.findall('https?://[^" ]*', text.replace("https://[", "")) == ["http://www.w3.org/2000/svg"]


CHECKS: dict[str, Callable[[str], object]] = {
    "mermaid": check_mermaid,
    "dot": check_dot,
    "svg": check_svg,
    "json": json.loads,
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", GRAPHS)
def test_every_format_is_valid(name: str, form: str) -> None:
    CHECKS[form](writer(form)(GRAPHS[name]()))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_breaks_a_format(name: str, form: str) -> None:
    CHECKS[form](writer(form)(named(name)))


@settings(max_examples=20)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_no_text_breaks_a_format(name: str) -> None:
    for form, check in CHECKS.items():
        if form != "svg" or "http" not in name:
            check(writer(form)(named(name)))


def test_names_are_whole_in_json() -> None:
    found = json.loads(writer("json")(named(HOSTILE[1])))
    assert {node["name"] for node in found["nodes"]} == {HOSTILE[1]}


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_graph_gives_the_same_text(form: str) -> None:
    assert len({writer(form)(graph("mtls", file="factory")) for _ in range(3)}) == 1


def test_changes_are_in_every_format() -> None:
    change = compared(graph("plain"), graph("mtls"), "a → b")
    for form in ("mermaid", "dot", "svg"):
        text = writer(form)(change)
        assert "(changed)" in text.replace("#40;", "(").replace("#41;", ")")
        assert "before: http 127.0.0.1:10550, no TLS" in text
    (found,) = (
        e for e in json.loads(writer("json")(change))["edges"] if e["source"] == "agent/" and "before" in e
    )
    assert found["before"]["protocol"] == "http"


# --- the picture ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*GRAPHS, "long names"])
def test_nothing_overlaps(name: str) -> None:
    found = picture(named("w" * 300, "https") if name == "long names" else GRAPHS[name]())
    labels = [label.area for label in found.labels]
    page = Box(0, 0, found.width, found.height, "")
    for label, shape in zip(found.labels, labels, strict=True):
        assert page.x <= shape.x, label
        assert shape.right <= page.right, label
        assert shape.bottom <= page.bottom, label
    for (one, area), (other, place) in combinations(zip(found.labels, labels, strict=True), 2):
        assert not area.meets(place), (one, other)
    boxes = [shape for shape in found.shapes if isinstance(shape, Box) and shape.style.startswith("box")]
    for box, beside in combinations(boxes, 2):
        assert not box.meets(beside), (box, beside)
    for box in boxes:
        inside = [label for label in labels if label.meets(box)]
        assert all(box.x <= area.x and area.right <= box.right for area in inside)


def test_a_long_text_keeps_its_ends() -> None:
    text = fitted("a" + "b" * 100 + "c", 100, 14)
    assert text.startswith("ab")
    assert text.endswith("bc")
    assert "…" in text
    assert width_of(text, 14) <= 100
    assert fitted("short", 100, 14) == "short"


def test_a_long_word_is_broken() -> None:
    lines = list(wrapped("one " + "x" * 100 + " two", 120, 12))
    assert "".join(lines).replace(" ", "") == "one" + "x" * 100 + "two"
    assert all(width_of(line, 12) <= 120 for line in lines)


def test_a_node_without_name_of_its_node_is_on_any_node() -> None:
    node = Node("gateway", "gateway", "edgemesh-gateway", "edge", on="*")
    graph_of_it = Graph("", (), "", (Node("api-server", "api-server", "API", "cloud"), node), ())
    assert "any edge node" in writer("dot")(graph_of_it)


def test_an_edge_without_address_shows_its_protocol() -> None:
    edge = Edge("cloudcore", "api-server", "kubernetes-api", "https")
    nodes = (Node("api-server", "api-server", "API", "cloud"), Node("cloudcore", "cloudcore", "c", "cloud"))
    assert ">https<" in writer("svg")(Graph("", (), "", nodes, (edge,)))
