"""Properties of every document: no false findings, all misspelt and moved keys found, all fixes safe."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from generator import go_yaml, paths
from generator.check import check_files
from generator.check.fields import field_findings
from generator.check.fix_files import write_fix
from generator.check.fixes import plan_fixes
from generator.check.results import CheckReport
from generator.check.sources import Source
from generator.components import COMPONENTS, EDGEMESH, KUBEEDGE, project_of
from generator.io import yaml_reader
from generator.upstream import Field, Release, config_fields, default_config
from generator.upstream.moves import moved_to, moves
from generator.upstream.releases import minors

LETTERS = "abcdefghijklmnopqrstuvwxyz"
DURATIONS = st.sampled_from(["10s", "1m0s", "1h30m", "500ms"])
TEXTS = st.text("abcxyz/.:-_ 019", max_size=8)


def source_of(value: dict[str, Any], kind: str, text: str | None = None) -> Source:
    """Return a value as if it had been read from a file."""
    document = next(yaml_reader.read_all(text or go_yaml.dump(value), "config.yaml", tolerant=True))
    return Source("config.yaml", kind, document)


def release_of(kind: str, minor: str) -> Release:
    """Return a release of the program that reads a config."""
    return Release.parse(project_of(kind), minor)


def values_for(field: Field) -> st.SearchStrategy[Any]:
    """Make valid values of a field."""
    if field.enum:
        return st.sampled_from(field.enum)
    low, high = field.bounds or (-(2**31), 2**31 - 1)
    simple: dict[str, st.SearchStrategy[Any]] = {
        "string": TEXTS,
        "boolean": st.booleans(),
        "integer": st.integers(low, high),
        "number": st.integers(-1000, 1000) | st.floats(-10, 10, allow_nan=False),
        "duration": DURATIONS,
    }
    if field.type in simple:
        return simple[field.type]
    if field.type == "array":
        items = values_for(field.items) if field.items else TEXTS
        return st.lists(items, min_size=1, max_size=2)
    if field.values:
        return st.dictionaries(st.text("abc", min_size=1), values_for(field.values), min_size=1, max_size=2)
    return documents(field)


def documents(field: Field) -> st.SearchStrategy[dict[str, Any]]:
    """Make maps with some of the fields below a field."""
    if not field.fields:
        return st.just({})

    def some(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries({name: values_for(field.fields[name]) for name in names})

    return st.lists(st.sampled_from(sorted(field.fields)), unique=True, max_size=4).flatmap(some)


@pytest.mark.parametrize("kind", COMPONENTS)
@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_what_a_release_reads_is_no_problem(kind: str, data: Any) -> None:
    release = release_of(kind, data.draw(st.sampled_from(minors(project_of(kind)))))
    config = data.draw(documents(config_fields(kind, release)))
    config.pop("apiVersion", None)
    assert list(field_findings(source_of(config, kind), release)) == []


RELEASES = [(kind, minor) for kind in COMPONENTS for minor in minors(project_of(kind))]


@pytest.mark.parametrize(("kind", "minor"), RELEASES)
def test_the_defaults_of_a_release_are_no_problem(kind: str, minor: str, tmp_path: Path) -> None:
    file = tmp_path / f"{kind}.yaml"
    file.write_text(go_yaml.dump(default_config(kind, release_of(kind, minor))), "utf-8")
    versions: dict[str, Any] = {{KUBEEDGE: "kubeedge", EDGEMESH: "edgemesh"}[project_of(kind)]: minor}
    report = check_files([str(file)], kind=kind, **versions)
    assert [finding.code for finding in report.findings if finding.level == "error"] == []
    # The file has no defaults that depend on the host, so these two findings are possible.
    assert {finding.code for finding in report.findings} <= {
        "no-advertise-address",
        "no-cloud-address",
    }


# --- misspellings --------------------------------------------------------------------------


def places(value: Any, at: paths.Path = ()) -> Iterator[paths.Path]:
    """Yield every key of nested maps."""
    if isinstance(value, dict):
        for name, child in value.items():
            yield (*at, name)
            yield from places(child, (*at, name))


def misspelt(name: str, dice: random.Random) -> str:
    """Insert, delete, swap or replace one letter."""
    at = dice.randrange(len(name))
    letter = dice.choice(LETTERS)
    if len(name) < 3:
        return name[:at] + letter + name[at:]
    return dice.choice(
        [
            name[:at] + letter + name[at:],
            name[:at] + name[at + 1 :],
            name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
            name[:at] + letter + name[at + 1 :],
        ]
    )


def renamed(value: dict[str, Any], path: paths.Path, name: str) -> dict[str, Any]:
    """Copy a map with one key renamed."""
    changed = copy.deepcopy(value)
    parent = paths.at(changed, path[:-1])
    parent[name] = parent.pop(path[-1])
    return changed


@pytest.mark.long
def test_a_misspelt_key_is_found_and_the_right_key_suggested() -> None:
    dice = random.Random(1)
    tried = found = suggested = 0
    for kind, minor in [
        ("cloudcore", "1.23"),
        ("edgecore", "1.11"),
        ("edgecore", "1.18"),
        ("edgecore", "1.23"),
        ("edgemesh-agent", "1.17"),
        ("edgemesh-gateway", "1.17"),
    ]:
        release = release_of(kind, minor)
        config = default_config(kind, release)
        tree = config_fields(kind, release)
        known = [path for path in places(config) if _named(tree, path)]
        for path in [dice.choice(known) for _ in range(500)]:
            name = misspelt(str(path[-1]), dice)
            if name.lower() in {sibling.lower() for sibling in _siblings(tree, path)}:
                continue
            tried += 1
            findings = list(field_findings(source_of(renamed(config, path, name), kind), release))
            at = [f for f in findings if f.key == paths.text((*path[:-1], name))]
            found += len(at) == 1 and len(findings) == 1
            suggested += any(f.fix.startswith(f"did you mean {path[-1]}?") for f in at)
    assert tried > 2500
    assert found == tried
    assert suggested / tried >= 0.95, f"{suggested} of {tried}"


def _siblings(tree: Field, path: paths.Path) -> dict[str, Field]:
    parent = tree.below(".".join(map(str, path[:-1]))) if path[:-1] else tree
    return parent.fields if parent else {}


def _named(tree: Field, path: paths.Path) -> bool:
    return path[-1] in _siblings(tree, path)


# --- moves ---------------------------------------------------------------------------------

MOVES = [(kind, old) for kind in COMPONENTS for old in moves(kind)]


@pytest.mark.parametrize(("kind", "old"), MOVES)
def test_every_moved_key_is_found(kind: str, old: str) -> None:
    release = release_of(kind, minors(project_of(kind))[-1])
    config: dict[str, Any] = {}
    paths.put(config, old, "x")
    findings = list(field_findings(source_of(config, kind), release))
    move = moved_to(kind, release, old)
    lost = [finding for finding in findings if finding.code != "key-in-other-case"]
    assert {finding.code for finding in lost} <= {"unknown-key", "key-of-other-release"}
    if move:
        assert [(f.code, f.message.get("to")) for f in lost] == [("key-of-other-release", move.new)]


@pytest.mark.parametrize(("kind", "old"), MOVES)
def test_every_moved_key_has_a_new_field(kind: str, old: str) -> None:
    new = moves(kind)[old].new
    known = [release_of(kind, minor) for minor in minors(project_of(kind))]
    since = int(moves(kind)[old].since.split(".")[1])
    readers = [release for release in known if config_fields(kind, release).below(new)]
    first = int(known[0].minor.split(".")[1])
    assert (
        not readers
        or int(readers[0].minor.split(".")[1]) == max(since, first)
        or "registerWithTaints" in new
        or "registerNode" in new
    )


# --- fixes ---------------------------------------------------------------------------------

BROKEN = """\
# the head
modules:
  edgeHub:
    projectID: 0123  # the plant
    websocket: {server: "192.0.2.10:10000"}   # cloudcore
  # the kubelet
  edged:
    clusterDNS: 169.254.96.16  # EdgeMesh
    # the name
    hostnameOverride: 1e3
    labels:
      zone: hall-1  # where
    # kept
    maxContainerCont: 5
  metaManager:
    metaserver:
      enabel: false
"""


def write_fixes(report: CheckReport) -> None:
    for step in plan_fixes(report):
        write_fix(step)


def fixed(file: Path, **options: Any) -> tuple[CheckReport, CheckReport]:
    """Check a file, fix it, and check it again."""
    before = check_files([str(file)], **options)
    write_fixes(before)
    return before, check_files([str(file)], **options)


def test_fixes_keep_comments_and_order(tmp_path: Path) -> None:
    file = tmp_path / "edgecore.yaml"
    file.write_text(BROKEN, "utf-8")
    before, after = fixed(file)
    assert all(finding.edit for finding in before.findings)
    assert after.findings == []
    assert (
        file.read_text("utf-8")
        == """\
# the head
modules:
  edgeHub:
    projectID: "0123" # the plant
    websocket: {server: "192.0.2.10:10000"}   # cloudcore
  # the kubelet
  edged:
    # the name
    hostnameOverride: "1e3"
    nodeLabels:
      zone: hall-1  # where
    # kept
    maxContainerCount: 5
    tailoredKubeletConfig:
      clusterDNS:
      - 169.254.96.16          # EdgeMesh
  metaManager:
    metaServer:
      enable: false
"""
    )


@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_fix_removes_what_it_fixes_and_nothing_else(data: Any, tmp_path: Path) -> None:
    kind = data.draw(st.sampled_from(list(COMPONENTS)))
    release = release_of(kind, minors(project_of(kind))[-1])
    config = default_config(kind, release)
    known = [path for path in places(config) if _named(config_fields(kind, release), path)]
    path = data.draw(st.sampled_from(known))
    name = misspelt(str(path[-1]), random.Random(data.draw(st.integers(0, 1000))))
    text = "# head\n" + go_yaml.dump(renamed(config, path, name))
    file = tmp_path / f"{kind}.yaml"
    file.write_text(text, "utf-8")
    before = check_files([str(file)], kind=kind)
    edits = [finding for finding in before.findings if finding.edit]
    write_fixes(before)
    once = file.read_text("utf-8")
    after = check_files([str(file)], kind=kind)
    assert not [finding for finding in after.findings if finding.edit]
    assert once.startswith("# head\n")
    if edits:
        assert YAML(typ="safe").load(once) == YAML(typ="safe").load(
            go_yaml.dump(_as_fixed(config, path, edits[0]))
        )
    write_fixes(after)
    assert file.read_text("utf-8") == once


def _as_fixed(config: dict[str, Any], path: paths.Path, finding: Any) -> dict[str, Any]:
    return renamed(config, path, str(finding.edit.to[-1]))
