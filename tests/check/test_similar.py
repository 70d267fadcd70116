"""Files that differ in a few lines: a check reads and checks only the differences, and finds the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.check import check_files
from generator.check.results import CheckReport
from generator.check.sources import read_sources
from generator.errors import InvalidInput
from generator.io import yaml_reader
from generator.io.similar import Similar
from generator.io.yaml_document import YamlDocument
from generator.merge import identical

PLAIN = """\
apiVersion: edgecore.config.kubeedge.io/v1alpha2
kind: EdgeCore
modules:
  edgeHub:
    enable: true
    websocket:
      server: ""
      enable: true
    token: abc.def.ghi
  edged:
    hostnameOverride: node-0
    nodeIP: 192.0.2.10
    registerSchedulable: "yes"
    tailoredKubeletConfig:
      maxPods: 110
      clusterDNS:
      - 169.254.96.16
  metaManager:
    metaServer:
      enable: true
      server: 127.0.0.1:10550
featureGates:
  requireAuthorization: false
"""
# Lines with a key and a value that mean something else, or go on in the next line.
ODD = """\
kind: EdgeCore
modules:
  edged:
    text: |
      hostnameOverride: node-1
    long: one
      two
    folded: >-
      nodeIP: here

      more: text
    quoted: "one
      key: two"
    single: 'a
      b: c
      '
    flow: {
      enable: true,
      name: node
        two,
      last: node
      }
    list: [
      one: two
      ]
    items:
    -
      name: node
      other: node
    - name: node
    hostnameOverride: node-1
    # comment: here
    empty:
      below: node
"""
DUPLICATE = "kind: EdgeCore\nmodules:\n  edged:\n    nodeIP: one\n    nodeIP: two\n    hostnameOverride: a\n"
ANCHOR = "kind: EdgeCore\nmodules:\n  edged: &edged\n    nodeIP: one\n  edgeHub:\n    <<: *edged\n    a: b\n"
CARRIAGE = "kind: EdgeCore\rmodules:\r  edged:\n    nodeIP: one\n    hostnameOverride: one\r\n    a: one\n"
SEVERAL = "kind: EdgeCore\nmodules:\n  edged:\n    nodeIP: one\n---\nkind: EdgeCore\nmodules:\n  a: one\n"
TEXTS = (PLAIN, ODD, DUPLICATE, ANCHOR, CARRIAGE, SEVERAL)

VALUES = (
    *("node-7", "10.0.0.7", "7", "0x1f", "1e3", "true", "off", "null", "~", ".nan", "-1", '"7"', "'7'", '""'),
    *("a:", "a: b", "a #b", "a#b", "a,b", "[a]", "{a}", "a}", "*edged", "&a b", "!!str 7", "|", ">-", "- a"),
    *(
        "a ",
        "a\r",
        "a\tb",
        "a\u2028b",
        "\ufeffa",
        "é",
        '"a\\n"',
        "",
        "192.0.2.10:1",
        "<IP>",
        "@a",
        "EdgeMesh",
    ),
)


def change(line: str, value: str, way: str) -> str:
    """Return a line with another value, key, indentation or comment."""
    key, colon, _ = line.partition(": ")
    ways = {
        "value": f"{key}{colon or ': '}{value}",
        "key": f"  {value}{line[2:]}",
        "deeper": f" {line}",
        "higher": line[1:],
        "tab": f"\t{line}",
        "comment": f"{line} # {value}",
        "gone": "",
        "twice": f"{line}\n{line}",
        "end": f"{line}\r",
    }
    return ways[way]


WAYS = st.sampled_from(["value"] * 12 + ["key", "deeper", "higher", "tab", "comment", "gone", "twice", "end"])
CHANGES = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(VALUES), WAYS),
    min_size=1,
    max_size=3,
    unique_by=lambda c: c[0],
)


def changed(text: str, changes: Sequence[tuple[int, str, str]]) -> str:
    """Return a text with some lines changed."""
    lines = text.split("\n")
    for number, value, way in changes:
        lines[number % len(lines)] = change(lines[number % len(lines)], value, way)
    return "\n".join(lines)


def parsed(text: str) -> list[YamlDocument] | None:
    """Read a text with the parser; return None for a text with a mistake."""
    try:
        return list(yaml_reader.read_all(text, "a.yaml", tolerant=True))
    except InvalidInput:
        return None


def similar(first: str, text: str) -> YamlDocument | None:
    """Read a text as a similar one of another text, if it is one."""
    documents, known = parsed(first), Similar()
    if documents and len(documents) == 1 and isinstance(documents[0].value, dict):
        known.add(first, first.split("\n"), documents[0])
    return known.read(text.split("\n"))


def same(one: YamlDocument, other: YamlDocument) -> bool:
    """Return whether two documents have the same values and places."""
    values = identical(one.value, other.value)
    return values and all(
        getattr(one, name) == getattr(other, name) for name in ("lines", "begin", "twice", "texts")
    )


@given(st.sampled_from(TEXTS), CHANGES, CHANGES)
@settings(max_examples=300)
def test_a_similar_text_is_read_as_the_parser_reads_it(
    text: str, before: list[tuple[int, str, str]], after: list[tuple[int, str, str]]
) -> None:
    for first in (text, changed(text, before)):
        found = similar(first, changed(text, after))
        documents = parsed(changed(text, after))
        assert found is None or (documents is not None and len(documents) == 1 and same(found, documents[0]))


@pytest.mark.parametrize("text", TEXTS)
def test_every_change_of_one_line_is_read_as_the_parser_reads_it(text: str) -> None:
    documents, known, lines = parsed(text), Similar(), text.split("\n")
    assert documents
    known.add(text, lines, documents[0])
    if text not in (PLAIN, ODD):
        assert len(documents) > 1 or known.read(lines) is None
        return
    for number, line in enumerate(lines):
        for value in VALUES:
            now = [*lines[:number], change(line, value, "value"), *lines[number + 1 :]]
            found = known.read(now)
            if found is not None:
                again = parsed("\n".join(now))
                assert again is not None, now[number]
                assert [same(found, one) for one in again] == [True], now[number]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hostnameOverride: node-0", "hostnameOverride: node-7"),
        ("nodeIP: 192.0.2.10", "nodeIP: 7"),
        ("maxPods: 110", "maxPods: many"),
        ("enable: true", "enable: false"),
        ('registerSchedulable: "yes"', 'registerSchedulable: "7"'),
    ],
)
def test_a_text_with_another_simple_value_is_not_parsed(old: str, new: str) -> None:
    found, (document,) = similar(PLAIN, PLAIN.replace(old, new)), parsed(PLAIN.replace(old, new)) or []
    assert found is not None
    assert same(found, document)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("node-0", "node-0 # a comment"),
        ("node-0", "&a node-0"),
        ("node-0", "|"),
        ("node-0", '"node-0"'),
        ("    hostnameOverride", "     hostnameOverride"),
        ("hostnameOverride", "hostname"),
        ("kind: EdgeCore\n", "kind: EdgeCore\n\n"),
    ],
)
def test_a_text_with_another_difference_is_parsed(old: str, new: str) -> None:
    assert similar(PLAIN, PLAIN.replace(old, new)) is None


def test_a_document_is_not_changed_by_a_similar_one() -> None:
    (first,) = parsed(PLAIN) or []
    known = Similar()
    known.add(PLAIN, PLAIN.split("\n"), first)
    known.read(PLAIN.replace("node-0", "7").replace("maxPods: 110", "maxPods: many").split("\n"))
    assert same(first, (parsed(PLAIN) or [])[0])


# --- whole checks ----------------------------------------------------------------------------


def found_in(report: CheckReport, file: str) -> list[str]:
    """Return what a report has about one file: its findings, and its profile."""
    findings = [str(one) for one in report.findings if one.file == file and one.code != "node-name-twice"]
    verdicts = [repr((v.profiles, v.intended, v.changes)) for v in report.verdicts if f"{file}:1" in v.edges]
    return [*findings, *verdicts]


SETTINGS = (
    *("maxPods: many", "enable: 7", "requireAuthorization: true", "server: 127.0.0.1:7", "nodeIP: <NODE_IP>"),
    *("hostnameOverride: Node_7", "hostnameOverride: node-7", "token: 7", "kind: EdgeCores", "extra: a"),
    *("maxPods: 5", "metaServer:", "edged: 7", "- node", "enable: null", "registerSchedulable: off"),
)
FILES = st.lists(st.lists(st.tuples(st.integers(2, 24), st.sampled_from(SETTINGS)), max_size=3), max_size=6)


def with_settings(changes: Sequence[tuple[int, str]]) -> str:
    """Return the plain config with some lines replaced, at the indentation of these lines."""
    lines = PLAIN.split("\n")
    for number, setting in changes:
        line = lines[number % len(lines)]
        lines[number % len(lines)] = f"{line[: len(line) - len(line.lstrip())]}{setting}"
    return "\n".join(lines)


@given(FILES)
@settings(max_examples=25, deadline=None)
def test_a_check_of_many_files_finds_what_a_check_of_each_file_finds(
    files: list[list[tuple[int, str]]],
) -> None:
    with TemporaryDirectory() as folder:
        texts = [PLAIN, *map(with_settings, files), PLAIN.replace("node-0", "node-9")]
        names = [str(Path(folder, f"node-{number}.yaml")) for number in range(len(texts))]
        for name, text in zip(names, texts, strict=True):
            Path(name).write_text(text, "utf-8")
        together = check_files(names, kubeedge="v1.23.1")
        for name in names:
            try:
                alone = check_files([name], kubeedge="v1.23.1")
            except InvalidInput:
                assert all(one.source is None for one in together.findings if one.file == name)
                continue
            assert found_in(together, name) == found_in(alone, name)


def test_files_of_many_nodes_share_what_is_the_same(tmp_path: Path) -> None:
    names = []
    for node in range(3):
        names.append(str(tmp_path / f"node-{node}.yaml"))
        Path(names[-1]).write_text(PLAIN.replace("node-0", f"node-{node}"), "utf-8")
    first, *others = (source.document for source in read_sources(names).sources)
    for other in others:
        assert other.value["modules"]["edgeHub"] is first.value["modules"]["edgeHub"]
        assert other.lines is first.lines
        assert other.value["modules"]["edged"]["hostnameOverride"] != "node-0"
