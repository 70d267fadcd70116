"""update.sh compares the edgecore.yaml of every release, written in other ways and with changed values."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator import load_site, render_site
from generator.components import KUBEEDGE
from generator.model.profiles import PROFILES
from generator.render import node_script
from generator.upstream import Release
from generator.upstream.releases import minors
from tests.node.node import SHELLS, Node
from tests.second_opinion.sites import ADDRESS

Path_ = tuple[str | int, ...]
Config = dict[str, Any]
MINORS = minors(KUBEEDGE)
ENDPOINT = ("modules", "metaManager", "metaServer")
IGNORED = {(*ENDPOINT, name) for name in ("tlsCaFile", "tlsCertFile", "tlsPrivateKeyFile")}
# The node keeps its cgroup driver.
IGNORED |= {("modules", "edged", *kubelet, "cgroupDriver") for kubelet in ((), ("tailoredKubeletConfig",))}
MISSING = object()


def profiles(minor: str) -> tuple[str, ...]:
    """Return plain, and the strongest profile with TLS that the release has."""
    tls = Release.parse(KUBEEDGE, minor).within({"from": "1.12"})
    return ("plain", tuple(PROFILES)[-1]) if tls else ("plain",)


CASES = [(minor, profile) for minor in MINORS for profile in profiles(minor)]


@cache
def rendered(minor: str, profile: str) -> tuple[str, Config]:
    """Return the edgecore.yaml of a small site as text and data."""
    site = load_site(profile=profile, set_string=[ADDRESS, f"kubeedgeVersion={minor}"], charts=["edgecore"])
    (found,) = [one for one in render_site(site, engine="embedded").configs if one.component == "edgecore"]
    return found.text, found.data


@cache
def defaults(minor: str) -> str:
    """Return the defaults of a release as the DaemonSet gets them."""
    return node_script.defaults(minor)


@cache
def defaults_of(minor: str) -> Config:
    """Return the defaults of a release."""
    found: Config = yaml.safe_load(defaults(minor))
    return found


def prepared(folder: Path, shell: str, minor: str, on_node: str) -> Node:
    """Return a node with an edgecore.yaml. update.sh is killed if it goes on after the comparison."""
    node = Node(folder, shell)
    node.steps("sha256sum")
    node.has(on_node)
    node.defaults(defaults(minor))
    return node


def leaves(data: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Yield each scalar with its path."""
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else None
    if pairs is None:
        yield path, data
    else:
        for key, value in pairs:
            yield from leaves(value, (*path, key))


# --- the same settings -----------------------------------------------------------------------


class Quoted(yaml.SafeDumper):
    """Writes all strings in single quotes, and indents lists."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow, indentless=False)


Quoted.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, "'"))


def reversed_(data: Any) -> Any:
    """Return the data with the keys of all maps in reverse order."""
    if isinstance(data, dict):
        return {key: reversed_(value) for key, value in reversed(data.items())}
    return [reversed_(value) for value in data] if isinstance(data, list) else data


def sparse(data: Config, default: Any) -> Config:
    """Return the data without empty values and values that are the default."""
    found = {}
    for key, value in data.items():
        other = default.get(key, MISSING) if isinstance(default, dict) else MISSING
        kept = sparse(value, other) if isinstance(value, dict) else value
        if kept not in ("", None) and kept != {} and kept != other:
            found[key] = kept
    return found


@pytest.mark.parametrize(("minor", "profile"), CASES)
@pytest.mark.parametrize("shell", SHELLS)
def test_the_same_settings_are_unchanged(tmp_path: Path, shell: str, minor: str, profile: str) -> None:
    text, data = rendered(minor, profile)
    node = prepared(tmp_path, shell, minor, text)
    short = sparse(data, defaults_of(minor))
    assert short.keys() >= {"kind", "modules"}
    assert len(list(leaves(short))) < len(list(leaves(data))) / 2
    for wanted in (
        yaml.safe_dump(data),
        yaml.safe_dump(reversed_(data), sort_keys=False, indent=4),
        yaml.dump(data, Dumper=Quoted),
        yaml.safe_dump(short),
    ):
        node.wants(wanted)
        run = node.run(kill_at=1)
        assert (run.code, run.state, run.err) == (0, "unchanged try-1", ""), wanted


# --- changed settings ------------------------------------------------------------------------


def changed(data: Config, path: Path_) -> Config:
    """Return the data with another value at `path`, of the same type."""
    found = copy.deepcopy(data)
    target: Any = found
    for key in path[:-1]:
        target = target[key]
    value = target[path[-1]]
    target[path[-1]] = (
        not value if isinstance(value, bool) else value + ("x" if isinstance(value, str) else 1)
    )
    return found


@cache
def to_change() -> dict[tuple[str, str], list[Path_]]:
    """Return the paths to change for each release and profile.

    A path with the same value and the same default is changed in the first release that has it.
    """
    seen = set()
    found: dict[tuple[str, str], list[Path_]] = {case: [] for case in CASES}
    for case in CASES:
        default = dict(leaves(defaults_of(case[0])))
        for path, value in leaves(rendered(*case)[1]):
            fact = (path, repr(value), repr(default.get(path, MISSING)))
            if path not in IGNORED and fact not in seen:
                seen.add(fact)
                found[case].append(path)
    return found


@pytest.mark.parametrize(("minor", "profile"), CASES)
@pytest.mark.parametrize("shell", SHELLS)
def test_every_changed_value_is_a_change(tmp_path: Path, shell: str, minor: str, profile: str) -> None:
    text, data = rendered(minor, profile)
    node = prepared(tmp_path, shell, minor, text)
    # Each shell gets every second path, to save time.
    for path in to_change()[minor, profile][SHELLS.index(shell) :: 2]:
        node.wants(changed(data, path))
        run = node.run(kill_at=1)
        assert run.code == (1 if path == ("kind",) else -9), (path, run)


def test_every_kind_of_value_is_changed() -> None:
    paths = [path for found in to_change().values() for path in found]
    assert len(paths) > 200
    assert (*ENDPOINT, "serviceAccountIssuers", 0) in paths
    kinds = {
        type(dict(leaves(rendered(*case)[1]))[path]) for case, found in to_change().items() for path in found
    }
    assert kinds == {bool, int, float, str}
